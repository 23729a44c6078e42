import type {
  KubernetesObject,
  ObjectRef,
} from '../../kubernetes/KubernetesCluster';

/** Which object, whatever the version of its kind. @internal */
export interface ResourceKey {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** The key of an object. @internal */
export function keyOf(object: {
  apiVersion?: unknown;
  kind?: unknown;
  metadata?: unknown;
}): ResourceKey {
  const metadata = object.metadata as
    | { name?: string; namespace?: string }
    | undefined;
  return {
    group: groupOf(String(object.apiVersion ?? '')),
    kind: String(object.kind ?? ''),
    namespace: metadata?.namespace ?? '',
    name: metadata?.name ?? '',
  };
}

/** `apps/Deployment/shop/web`. @internal */
export function keyText(key: ResourceKey): string {
  return `${key.group}/${key.kind}/${key.namespace}/${key.name}`;
}

/** The group of `apps/v1`, empty for `v1`. @internal */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

/** The version of `apps/v1`. @internal */
export function versionOf(apiVersion: string): string {
  return apiVersion.slice(apiVersion.indexOf('/') + 1);
}

/** The address of an object in its cluster. @internal */
export function refOf(object: {
  apiVersion?: unknown;
  kind?: unknown;
  metadata?: unknown;
}): ObjectRef {
  const { kind, namespace, name } = keyOf(object);
  return {
    apiVersion: String(object.apiVersion),
    kind,
    name,
    ...(namespace && { namespace }),
  };
}

const TRACKING_ANNOTATION = 'argocd.argoproj.io/tracking-id';

/** Marks an object as one of an Application: annotation tracking, the default since Argo CD 3. @internal */
export function trackingAnnotation(
  instance: string,
  key: ResourceKey,
  defaultNamespace: string,
): Record<string, string> {
  const namespace = key.namespace || defaultNamespace;
  return {
    [TRACKING_ANNOTATION]: `${instance}:${key.group}/${key.kind}:${namespace}/${key.name}`,
  };
}

/**
 * The Application that an object says it belongs to; undefined if it says none, or if the mark was copied from
 * another object.
 *
 * @internal
 */
export function trackedBy(object: KubernetesObject): string | undefined {
  const id = object.metadata.annotations?.[TRACKING_ANNOTATION];
  const [, instance, group, kind, namespace, name] =
    /^([^:]+):([^/]*)\/([^:]*):([^/]*)\/(.+)$/.exec(id ?? '') ?? [];
  const key = keyOf(object);
  return group === key.group &&
    kind === key.kind &&
    name === key.name &&
    (key.namespace === '' || namespace === key.namespace)
    ? instance
    : undefined;
}
