import type { JsonSchema } from '../schema/JsonSchema';

/** The storage kind of CustomResourceDefinitions. */
export const CUSTOM_RESOURCE_DEFINITION =
  'apiextensions.k8s.io/CustomResourceDefinition';

/** Keeps a definition that is deleted until its objects are gone. */
export const DEFINITION_CLEANUP = 'customresourcecleanup.apiextensions.k8s.io';

/**
 * A kind in one version, as discovery tells of it.
 *
 * @internal
 */
export interface ResourceType {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly listKind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  readonly subresources: readonly Subresource[];
  /** Under which name all versions of the kind are stored. */
  readonly storageKind: string;
  /** The apiVersion in which objects are stored. */
  readonly storageApiVersion: string;
  /** Whether the server counts changes of the desired state in `metadata.generation`. */
  readonly hasGeneration: boolean;
  /** Whether `status` can be written through its subresource only. */
  readonly hasStatus: boolean;
  /** Where the scale subresource finds its fields. */
  readonly scale?: ScalePaths;
  /** Undefined for built-in kinds. */
  readonly custom?: CustomResourceVersion;
}

/** @internal */
export interface Subresource {
  readonly name: string;
  readonly verbs: readonly string[];
  /** What is sent and answered, if that is another kind than the resource's own. */
  readonly group?: string;
  readonly version?: string;
  readonly kind?: string;
}

/** Dotted paths below the object. @internal */
export interface ScalePaths {
  readonly specReplicasPath: string;
  readonly statusReplicasPath: string;
  readonly labelSelectorPath?: string;
}

/** What a CustomResourceDefinition says of one version. @internal */
export interface CustomResourceVersion {
  readonly definitionName: string;
  readonly printerColumns: readonly PrinterColumn[];
  readonly deprecationWarning?: string;
  readonly selectableFields: readonly string[];
  /** Read on first use. */
  readonly schema: JsonSchema;
}

/** @internal */
export interface PrinterColumn {
  readonly name: string;
  readonly type: string;
  readonly format?: string;
  readonly description?: string;
  readonly priority?: number;
  readonly jsonPath: string;
}

/** `apps/v1`, or `v1` for the core group. */
export function formatApiVersion(type: {
  readonly group: string;
  readonly version: string;
}): string {
  return type.group === '' ? type.version : `${type.group}/${type.version}`;
}

/** `deployments.apps`, or `pods` for the core group. */
export function formatGroupResource(type: {
  readonly group: string;
  readonly plural: string;
}): string {
  return type.group === '' ? type.plural : `${type.plural}.${type.group}`;
}

/** `Deployment.apps`, or `Pod` for the core group. */
export function formatGroupKind(type: {
  readonly group: string;
  readonly kind: string;
}): string {
  return type.group === '' ? type.kind : `${type.kind}.${type.group}`;
}

/** Splits `apps/v1` into group and version. */
export function parseApiVersion(apiVersion: string): {
  readonly group: string;
  readonly version: string;
} {
  const slash = apiVersion.indexOf('/');
  return slash < 0
    ? { group: '', version: apiVersion }
    : {
        group: apiVersion.slice(0, slash),
        version: apiVersion.slice(slash + 1),
      };
}
