import { HEALTH_STATES } from '@waystone/plugin-observability-common';
import type {
  HealthState,
  ServiceHealth,
  ServiceRow,
  ServicesQuery,
  ServicesResponse,
} from '@waystone/plugin-observability-common';

/** What {@link listServices} makes; the rest of the answer is the same for every query. */
export type ServiceList = Omit<
  ServicesResponse,
  'environments' | 'environment' | 'freshness'
>;

const collator = new Intl.Collator('en', { numeric: true });

/**
 * Filters, counts, sorts and pages what the caller may see.
 *
 * @param environment - the one that is shown
 */
export function listServices(
  services: readonly ServiceHealth[],
  query: ServicesQuery,
  environment: string | undefined,
): ServiceList {
  const found = services
    .map(service => toRow(service, environment))
    .filter(row => matches(row, query));
  const sorted = found.sort(compareBy(query));
  const start = query.cursor ? Number(query.cursor) : 0;
  const end = start + query.limit;
  return {
    items: sorted.slice(start, end),
    totalItems: found.length,
    pageInfo: { nextCursor: end < found.length ? String(end) : undefined },
    summary: {
      states: countStates(found),
      exhausted: found.filter(({ health }) =>
        health?.slos.some(({ state }) => state === 'exhausted'),
      ).length,
      firing: found.reduce(
        (sum, { health }) => sum + (health?.alerts.firing ?? 0),
        0,
      ),
    },
    facets: {
      owners: count(services, ({ owner }) => owner),
      systems: count(services, ({ system }) => system),
    },
  };
}

function toRow(
  service: ServiceHealth,
  environment: string | undefined,
): ServiceRow {
  const { environments, sentence, ...rest } = service;
  const health =
    environment === undefined
      ? environments.at(-1)
      : environments.find(each => each.environment === environment);
  return { ...rest, state: health?.state ?? 'unknown', health };
}

function matches(row: ServiceRow, query: ServicesQuery): boolean {
  const { owner, q, state, system } = query;
  return (
    (!owner || owner.includes(row.owner ?? '')) &&
    (!system || system.includes(row.system ?? '')) &&
    (!state || state.includes(row.state)) &&
    (!q || textOf(row).includes(q.toLocaleLowerCase('en-US')))
  );
}

function textOf({ entityRef, owner, title }: ServiceRow): string {
  return [
    entityRef.slice(entityRef.indexOf('/') + 1),
    title,
    owner?.slice(owner.indexOf('/') + 1),
  ]
    .join('\n')
    .toLocaleLowerCase('en-US');
}

function compareBy({ order, sort }: ServicesQuery) {
  const sign = order === 'desc' ? -1 : 1;
  const byTitle = (a: ServiceRow, b: ServiceRow) =>
    collator.compare(a.title, b.title) ||
    collator.compare(a.entityRef, b.entityRef);
  // The most of what is bad first; what is not known comes last either way.
  const byMost =
    (valueOf: (row: ServiceRow) => number | null | undefined) =>
    (a: ServiceRow, b: ServiceRow) => {
      const [left, right] = [valueOf(a), valueOf(b)].map(value => value ?? NaN);
      if (Number.isNaN(left) || Number.isNaN(right)) {
        return (
          sign * (Number(Number.isNaN(left)) - Number(Number.isNaN(right)))
        );
      }
      return right - left;
    };
  const budgetOf = ({ health }: ServiceRow) => {
    const left = health?.slos.flatMap(({ budgetLeft }) => budgetLeft ?? []);
    return left && left.length > 0 ? -Math.min(...left) : undefined;
  };
  const by = {
    name: byTitle,
    owner: (a: ServiceRow, b: ServiceRow) =>
      collator.compare(a.owner ?? '', b.owner ?? ''),
    state: (a: ServiceRow, b: ServiceRow) =>
      rank(a.state) - rank(b.state) || byMost(budgetOf)(a, b),
    requests: byMost(({ health }) => health?.signals.requests),
    errors: byMost(({ health }) => health?.signals.errors),
    latency: byMost(({ health }) => health?.signals.p95Seconds),
    budget: byMost(budgetOf),
  }[sort];
  return (a: ServiceRow, b: ServiceRow) => sign * by(a, b) || byTitle(a, b);
}

function rank(state: HealthState): number {
  return HEALTH_STATES.indexOf(state);
}

function countStates(rows: readonly ServiceRow[]): Record<HealthState, number> {
  const counts = { critical: 0, attention: 0, unknown: 0, healthy: 0 };
  rows.forEach(({ state }) => {
    counts[state] += 1;
  });
  return counts;
}

/** How often each value is there, the most frequent first. */
export function count<T>(
  items: readonly T[],
  valueOf: (item: T) => string | undefined,
) {
  const counts = new Map<string, number>();
  for (const item of items) {
    const value = valueOf(item);
    if (value !== undefined) {
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
  }
  return [...counts]
    .map(([value, number]) => ({ value, count: number }))
    .sort((a, b) => b.count - a.count || collator.compare(a.value, b.value));
}
