import type {
  KubernetesObject,
  TypeRef,
} from '../kubernetes/KubernetesCluster';

const APIEXTENSIONS = 'apiextensions.crossplane.io';

export const CUSTOM_RESOURCE_DEFINITION: TypeRef = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
};
/** In the version that is stored: only it takes the scope of the first API's definitions. */
export const COMPOSITE_DEFINITION: TypeRef = {
  apiVersion: `${APIEXTENSIONS}/v1`,
  kind: 'CompositeResourceDefinition',
};
export const COMPOSITION: TypeRef = {
  apiVersion: `${APIEXTENSIONS}/v1`,
  kind: 'Composition',
};
export const COMPOSITION_REVISION: TypeRef = {
  apiVersion: `${APIEXTENSIONS}/v1`,
  kind: 'CompositionRevision',
};
export const PACKAGES: readonly TypeRef[] = [
  'Function',
  'Provider',
  'Configuration',
].map(kind => ({ apiVersion: 'pkg.crossplane.io/v1', kind }));

/** On what a composite resource is made of: the composite's name. */
export const COMPOSITE_LABEL = 'crossplane.io/composite';
export const CLAIM_NAME_LABEL = 'crossplane.io/claim-name';
export const CLAIM_NAMESPACE_LABEL = 'crossplane.io/claim-namespace';
/** On what a composite resource is made of: its name in the Composition. */
export const RESOURCE_NAME_ANNOTATION =
  'crossplane.io/composition-resource-name';
export const PAUSED_ANNOTATION = 'crossplane.io/paused';
/** On everything that only looks as if it were there. */
export const SIMULATED_ANNOTATION = 'sandbox.waystone.dev/simulated';

/** The kind that a definition defines, in the version that Compositions name. */
export function compositeTypeOf(definition: KubernetesObject): TypeRef {
  const { group, names, versions } = definition.spec;
  const version =
    versions.find((item: any) => item.referenceable) ?? versions[0];
  return { apiVersion: `${group}/${version.name}`, kind: names.kind };
}

/** The kind of the claims that a definition offers, if it does. */
export function claimTypeOf(definition: KubernetesObject): TypeRef | undefined {
  const { claimNames } = definition.spec;
  return (
    claimNames && {
      ...compositeTypeOf(definition),
      kind: claimNames.kind as string,
    }
  );
}

export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

export function isPaused(object: KubernetesObject): boolean {
  return object.metadata.annotations?.[PAUSED_ANNOTATION] === 'true';
}
