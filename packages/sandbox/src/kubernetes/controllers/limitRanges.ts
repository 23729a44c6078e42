import type { KubernetesObject } from '../KubernetesCluster';
import type { ContainerResources } from './quantities';
import { parseQuantity } from './quantities';

type Quantities = Readonly<Record<string, string | number>>;

interface Limits {
  readonly type: string;
  readonly default?: Quantities;
  readonly defaultRequest?: Quantities;
  readonly min?: Quantities;
  readonly max?: Quantities;
}

function limitsOf(
  ranges: readonly KubernetesObject[],
  type: string,
): readonly Limits[] {
  return ranges
    .flatMap(range => (range.spec?.limits ?? []) as Limits[])
    .filter(limits => limits.type === type);
}

/** A pod's spec with requests and limits set where a LimitRange has a default. @internal */
export function applyLimitRanges<T extends Readonly<Record<string, unknown>>>(
  spec: T,
  ranges: readonly KubernetesObject[],
): T {
  const limits = limitsOf(ranges, 'Container');
  if (limits.length === 0) {
    return spec;
  }
  const complete = (containers: unknown) =>
    (containers as ContainerResources[] | undefined)?.map(container => {
      let resources = container.resources ?? {};
      for (const range of limits) {
        const own = { ...range.default, ...resources.limits };
        resources = {
          ...resources,
          ...(Object.keys(own).length > 0 && { limits: own }),
          requests: {
            ...(range.defaultRequest ?? range.default),
            // A limit without a request is the request too.
            ...resources.limits,
            ...resources.requests,
          },
        };
      }
      return { ...container, resources };
    });
  return {
    ...spec,
    containers: complete(spec.containers),
    ...(spec.initContainers !== undefined && {
      initContainers: complete(spec.initContainers),
    }),
  };
}

/**
 * What of a pod is outside its namespace's LimitRanges, in the words of the API server.
 *
 * @internal
 */
export function checkLimitRanges(
  containers: readonly (ContainerResources & { readonly name: string })[],
  ranges: readonly KubernetesObject[],
): string[] {
  const problems: string[] = [];
  for (const { min, max } of limitsOf(ranges, 'Container')) {
    for (const { resources } of containers) {
      for (const [resource, limit] of Object.entries(max ?? {})) {
        const value = resources?.limits?.[resource];
        if (value === undefined) {
          problems.push(
            `maximum ${resource} usage per Container is ${limit}.  No limit is specified`,
          );
        } else if (parseQuantity(value) > parseQuantity(limit)) {
          problems.push(
            `maximum ${resource} usage per Container is ${limit}, but limit is ${value}`,
          );
        }
      }
      for (const [resource, limit] of Object.entries(min ?? {})) {
        const value = resources?.requests?.[resource];
        if (value === undefined) {
          problems.push(
            `minimum ${resource} usage per Container is ${limit}.  No request is specified`,
          );
        } else if (parseQuantity(value) < parseQuantity(limit)) {
          problems.push(
            `minimum ${resource} usage per Container is ${limit}, but request is ${value}`,
          );
        }
      }
    }
  }
  return problems;
}
