import type { KubernetesObject } from '../../kubernetes/KubernetesCluster';
import type { LabelSelector } from '../../kubernetes/controllers/labelSelector';
import { matchesSelector } from '../../kubernetes/controllers/labelSelector';

/** `spec.match` of a constraint. @internal */
export interface ConstraintMatch {
  readonly kinds?: readonly {
    readonly apiGroups?: readonly string[];
    readonly kinds?: readonly string[];
  }[];
  readonly scope?: '*' | 'Cluster' | 'Namespaced';
  readonly name?: string;
  readonly namespaces?: readonly string[];
  readonly excludedNamespaces?: readonly string[];
  readonly labelSelector?: LabelSelector;
  readonly namespaceSelector?: LabelSelector;
}

/** Whether a kind is one that a constraint is about. @internal */
export function matchesKind(
  match: ConstraintMatch,
  group: string,
  kind: string,
): boolean {
  const has = (wanted: readonly string[] | undefined, value: string) =>
    !wanted ||
    wanted.length === 0 ||
    wanted.some(w => w === '*' || w === value);
  return (
    !match.kinds ||
    match.kinds.length === 0 ||
    match.kinds.some(
      ({ apiGroups, kinds }) => has(apiGroups, group) && has(kinds, kind),
    )
  );
}

/**
 * Whether a constraint is about an object.
 *
 * @param namespace - the object's namespace, if it has one
 *
 * @internal
 */
export function matchesConstraint(
  match: ConstraintMatch,
  object: KubernetesObject,
  namespace: KubernetesObject | undefined,
): boolean {
  const { metadata, kind } = object;
  // A Namespace counts as being in itself.
  const namespaceName =
    metadata.namespace ?? (kind === 'Namespace' ? metadata.name : undefined);
  const namespaceLabels = (kind === 'Namespace' ? object : namespace)?.metadata
    .labels;
  const inNamespace = (patterns: readonly string[]) =>
    namespaceName !== undefined &&
    patterns.some(pattern => matchesGlob(pattern, namespaceName));

  return (
    matchesKind(match, groupOf(object), kind) &&
    (!match.scope ||
      match.scope === '*' ||
      (match.scope === 'Namespaced') === (metadata.namespace !== undefined)) &&
    (!match.name || matchesGlob(match.name, metadata.name ?? '')) &&
    // What has no namespace is not left out by namespaces.
    (!match.namespaces ||
      namespaceName === undefined ||
      inNamespace(match.namespaces)) &&
    !(match.excludedNamespaces && inNamespace(match.excludedNamespaces)) &&
    (!match.labelSelector ||
      matchesSelector(match.labelSelector, metadata.labels)) &&
    (!match.namespaceSelector ||
      namespaceName === undefined ||
      matchesSelector(match.namespaceSelector, namespaceLabels))
  );
}

/** The API group of an object; empty for the core group. @internal */
export function groupOf({
  apiVersion,
}: {
  readonly apiVersion: string;
}): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

/** Globs with a star at the start or the end. */
function matchesGlob(pattern: string, value: string): boolean {
  const start = pattern.startsWith('*');
  const end = pattern.endsWith('*');
  const text = pattern.slice(start ? 1 : 0, end ? -1 : undefined);
  if (start && end) {
    return value.includes(text);
  }
  if (start) {
    return value.endsWith(text);
  }
  return end ? value.startsWith(text) : value === text;
}
