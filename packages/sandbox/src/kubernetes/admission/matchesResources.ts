import type { AdmissionRequest, KubernetesObject } from '../KubernetesCluster';
import { matchesLabelSelector } from '../resources/selectors';
import type { ResourceType } from '../resources/ResourceType';
import type { MatchResources, ResourceRule } from './AdmissionPolicy';

/** One write, with what rules look at. @internal */
export interface AdmissionTarget {
  readonly request: AdmissionRequest;
  readonly type: ResourceType;
  /** The namespace of the object, or the object if it is one. */
  readonly namespaceObject: KubernetesObject | undefined;
}

/** Whether a policy or a binding is about a write. @internal */
export function matchesResources(
  match: MatchResources | undefined,
  target: AdmissionTarget,
): boolean {
  if (!match) {
    return true;
  }
  const { namespaceObject, request } = target;
  const { excludeResourceRules = [], resourceRules } = match;
  return (
    (!resourceRules || resourceRules.some(rule => matchesRule(rule, target))) &&
    !excludeResourceRules.some(rule => matchesRule(rule, target)) &&
    (!match.namespaceSelector ||
      !namespaceObject ||
      matchesLabelSelector(
        match.namespaceSelector,
        namespaceObject.metadata.labels,
      )) &&
    (!match.objectSelector ||
      [request.object, request.oldObject].some(
        object =>
          object &&
          matchesLabelSelector(match.objectSelector!, object.metadata.labels),
      ))
  );
}

function matchesRule(
  rule: ResourceRule,
  { request, type }: AdmissionTarget,
): boolean {
  const { resourceNames = [], scope = '*' } = rule;
  const { name } = (request.object ?? request.oldObject)!.metadata;
  return (
    includes(rule.operations, request.operation) &&
    includes(rule.apiGroups, type.group) &&
    includes(rule.apiVersions, type.version) &&
    (rule.resources ?? []).some(pattern =>
      matchesResource(pattern, type.plural, request.subresource),
    ) &&
    (resourceNames.length === 0 || resourceNames.includes(name ?? '')) &&
    (scope === '*' || (scope === 'Namespaced') === type.namespaced)
  );
}

/** Patterns are `pods`, `pods/log`, `pods/*`, `*` for all without their subresources, and `*` with `/*` for both. */
function matchesResource(
  pattern: string,
  plural: string,
  subresource: string | undefined,
): boolean {
  const [resource, part] = pattern.split('/');
  if (resource !== '*' && resource !== plural) {
    return false;
  }
  if (part === '*') {
    return resource === '*' || subresource !== undefined;
  }
  return part === subresource;
}

function includes(
  values: readonly string[] | undefined,
  value: string,
): boolean {
  return Boolean(values?.includes('*') || values?.includes(value));
}
