/**
 * What of a ReplicaSet a rolling update looks at.
 *
 * @internal
 */
export interface ReplicaSetSize {
  readonly name: string;
  /** What it was asked to have. */
  readonly replicas: number;
  readonly available: number;
}

/** Bounds of a rolling update in pods. @internal */
export interface RollingBounds {
  readonly maxSurge: number;
  readonly maxUnavailable: number;
}

/**
 * `maxSurge` and `maxUnavailable` of a strategy as numbers of pods.
 *
 * @internal
 */
export function resolveBounds(
  strategy:
    | {
        readonly type?: string;
        readonly rollingUpdate?: {
          readonly maxSurge?: number | string;
          readonly maxUnavailable?: number | string;
        };
      }
    | undefined,
  desired: number,
): RollingBounds {
  if (strategy?.type === 'Recreate') {
    return { maxSurge: 0, maxUnavailable: 0 };
  }
  const surge = resolveShare(
    strategy?.rollingUpdate?.maxSurge ?? '25%',
    desired,
    Math.ceil,
  );
  const unavailable = resolveShare(
    strategy?.rollingUpdate?.maxUnavailable ?? '25%',
    desired,
    Math.floor,
  );
  // With neither there could be no progress.
  return {
    maxSurge: surge,
    maxUnavailable:
      surge === 0 && unavailable === 0 ? 1 : Math.min(unavailable, desired),
  };
}

/** A number of pods, or a share of all. */
export function resolveShare(
  value: number | string,
  total: number,
  round: (value: number) => number,
): number {
  return typeof value === 'string' && value.endsWith('%')
    ? round((Number(value.slice(0, -1)) * total) / 100)
    : Number(value);
}

/**
 * The next sizes in a rolling update: first more of the new, within the surge; then fewer of the old, those that are
 * not available first, as far as enough stay available.
 *
 * @returns The sizes that change, by name.
 *
 * @internal
 */
export function planRollingUpdate(options: {
  readonly desired: number;
  readonly bounds: RollingBounds;
  readonly current: ReplicaSetSize;
  /** Oldest first. */
  readonly old: readonly ReplicaSetSize[];
}): Readonly<Record<string, number>> {
  const { desired, bounds, current, old } = options;
  const total =
    current.replicas + old.reduce((sum, { replicas }) => sum + replicas, 0);

  if (current.replicas > desired) {
    return { [current.name]: desired };
  }
  if (current.replicas < desired) {
    const room = desired + bounds.maxSurge - total;
    if (room > 0) {
      return {
        [current.name]:
          current.replicas + Math.min(room, desired - current.replicas),
      };
    }
  }

  const sizes = new Map(old.map(size => [size.name, size.replicas]));
  const least = desired - bounds.maxUnavailable;
  let removable =
    total - least - Math.max(0, current.replicas - current.available);
  for (const { name, replicas, available } of old) {
    const broken = Math.min(Math.max(0, replicas - available), removable);
    if (broken > 0) {
      sizes.set(name, replicas - broken);
      removable -= broken;
    }
  }
  let spare =
    current.available +
    old.reduce((sum, { available }) => sum + available, 0) -
    least;
  for (const { name } of old) {
    const size = sizes.get(name)!;
    const fewer = Math.min(size, Math.max(0, spare));
    if (fewer > 0) {
      sizes.set(name, size - fewer);
      spare -= fewer;
    }
  }
  return Object.fromEntries(
    old
      .filter(({ name, replicas }) => sizes.get(name) !== replicas)
      .map(({ name }) => [name, sizes.get(name)!]),
  );
}

/** Sizes after the desired number changed in the middle of a rollout: shares in proportion. @internal */
export function scaleInProportion(
  sizes: readonly ReplicaSetSize[],
  allowed: number,
): Readonly<Record<string, number>> {
  const total = sizes.reduce((sum, { replicas }) => sum + replicas, 0);
  if (total === 0 || total === allowed) {
    return {};
  }
  // The biggest first: what rounding leaves over goes to it.
  const ordered = [...sizes].sort((a, b) => b.replicas - a.replicas);
  const next = new Map(
    ordered.map(({ name, replicas }) => [
      name,
      Math.round((replicas * allowed) / total),
    ]),
  );
  const sum = [...next.values()].reduce((all, size) => all + size, 0);
  const [{ name: biggest }] = ordered;
  next.set(biggest, Math.max(0, next.get(biggest)! + allowed - sum));
  return Object.fromEntries(next);
}
