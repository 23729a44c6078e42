/**
 * A condition as most kinds carry it in their status.
 *
 * @internal
 */
export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
  readonly lastUpdateTime?: string;
  readonly lastProbeTime?: string | null;
  readonly observedGeneration?: number;
}

/** The time as objects carry it, to the second. */
export function timestamp(time = new Date()): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}

/** One condition of a status. */
export function findCondition(
  conditions: readonly Condition[] | undefined,
  type: string,
): Condition | undefined {
  return conditions?.find(condition => condition.type === type);
}

/**
 * The conditions with this one set. The transition time changes with the status only, and the update time (where
 * the kind has one) with status, reason or message.
 */
export function setCondition(
  conditions: readonly Condition[] | undefined,
  condition: Condition,
  options: { readonly updateTime?: boolean } = {},
): Condition[] {
  const previous = findCondition(conditions, condition.type);
  const now = timestamp();
  const same =
    previous?.status === condition.status &&
    previous.reason === condition.reason &&
    previous.message === condition.message;
  const next: Condition = {
    ...condition,
    ...(options.updateTime && {
      lastUpdateTime: same ? previous.lastUpdateTime : now,
    }),
    lastTransitionTime:
      previous?.status === condition.status ? previous.lastTransitionTime : now,
  };
  return previous
    ? conditions!.map(other => (other.type === condition.type ? next : other))
    : [...(conditions ?? []), next];
}

/** The conditions without one. */
export function removeCondition(
  conditions: readonly Condition[] | undefined,
  type: string,
): Condition[] {
  return (conditions ?? []).filter(condition => condition.type !== type);
}
