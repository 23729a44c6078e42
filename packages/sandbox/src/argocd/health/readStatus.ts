import type { KubernetesObject } from '../../kubernetes/KubernetesCluster';
import type { HealthStatus } from '../ApplicationTypes';

/** Says how one object is; undefined if its kind has no health. @internal */
export type HealthRule = (object: KubernetesObject) => HealthStatus | undefined;

/** A condition of a status. @internal */
export interface StatusCondition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

/** The number in a field, 0 if there is none. @internal */
export function numberAt(value: any, field: string): number {
  return typeof value?.[field] === 'number' ? value[field] : 0;
}

/** The text in a field, empty if there is none. @internal */
export function textAt(value: any, field: string): string {
  return typeof value?.[field] === 'string' ? value[field] : '';
}

/** The value if it is a list, otherwise an empty one. @internal */
export function asList(value: unknown): Record<string, any>[] {
  return Array.isArray(value) ? value : [];
}

/** The condition of a type. @internal */
export function conditionOf(
  status: any,
  type: string,
): StatusCondition | undefined {
  return asList(status?.conditions).find(item => item.type === type) as
    | StatusCondition
    | undefined;
}
