import { DELIVERY_STATES } from '@waystone/plugin-delivery-common';
import type {
  DeliveryState,
  Deployment,
  Service,
  ServicesQuery,
  ServicesResponse,
} from '@waystone/plugin-delivery-common';

/** What {@link listServices} makes; the rest of the answer is the same for every query. */
export type ServiceList = Omit<ServicesResponse, 'environments' | 'freshness'>;

/** What is worked out of a service once, however often it is compared: the model makes a new one when it changes. */
interface Facts {
  /** What is searched, in lower case. */
  readonly text: string;
  /** When something of it was last deployed, in milliseconds; 0 if never. */
  readonly deployedAt: number;
}

const known = new WeakMap<Service, Facts>();

const collator = new Intl.Collator('en', { numeric: true });

/** Filters, counts, sorts and pages what the caller may see. */
export function listServices(
  services: readonly Service[],
  query: ServicesQuery,
): ServiceList {
  const found = services.filter(service => matches(service, query));
  const sorted = found.sort(compareBy(query));
  const start = query.cursor ? Number(query.cursor) : 0;
  const end = start + query.limit;
  return {
    items: sorted.slice(start, end),
    totalItems: found.length,
    pageInfo: { nextCursor: end < found.length ? String(end) : undefined },
    summary: {
      states: countStates(found),
      drifted: found.filter(has(({ drifted }) => drifted > 0)).length,
      behind: found.filter(has(({ behind }) => behind)).length,
    },
    facets: {
      owners: count(services, ({ owner }) => owner),
      systems: count(services, ({ system }) => system),
    },
  };
}

function has(predicate: (deployment: Deployment) => boolean) {
  return (service: Service) => service.deployments.some(predicate);
}

/** One deployment must fit all that is asked of a deployment. */
function matches(service: Service, query: ServicesQuery): boolean {
  const { behind, environment, health, owner, q, state, sync, system } = query;
  if (owner && !owner.includes(service.owner ?? '')) {
    return false;
  }
  if (system && !system.includes(service.system ?? '')) {
    return false;
  }
  const asked = environment ?? health ?? state ?? sync ?? behind;
  if (
    asked !== undefined &&
    !service.deployments.some(
      each =>
        (!environment || environment.includes(each.environment ?? '')) &&
        (!health || health.includes(each.health)) &&
        (!state || state.includes(each.state)) &&
        (!sync || sync.includes(each.sync)) &&
        (behind === undefined || each.behind === behind),
    )
  ) {
    return false;
  }
  return !q || factsOf(service).text.includes(q.toLocaleLowerCase('en-US'));
}

function factsOf(service: Service): Facts {
  let facts = known.get(service);
  if (!facts) {
    const { deployments, entityRef, owner, title } = service;
    facts = {
      text: [
        entityRef.slice(entityRef.indexOf('/') + 1),
        title,
        owner?.slice(owner.indexOf('/') + 1),
        ...deployments.map(({ version }) => version),
      ]
        .join('\n')
        .toLocaleLowerCase('en-US'),
      deployedAt: Math.max(
        0,
        ...deployments.map(
          ({ deployedAt }) => Date.parse(deployedAt ?? '') || 0,
        ),
      ),
    };
    known.set(service, facts);
  }
  return facts;
}

function compareBy({ order, sort }: ServicesQuery) {
  const sign = order === 'desc' ? -1 : 1;
  const byTitle = (a: Service, b: Service) =>
    collator.compare(a.title, b.title) ||
    collator.compare(a.entityRef, b.entityRef);
  const by = {
    name: byTitle,
    owner: (a: Service, b: Service) =>
      collator.compare(a.owner ?? '', b.owner ?? ''),
    state: (a: Service, b: Service) => rank(a.state) - rank(b.state),
    // The newest first, as who sorts by it wants to see what just happened.
    deployed: (a: Service, b: Service) =>
      factsOf(b).deployedAt - factsOf(a).deployedAt,
  }[sort];
  return (a: Service, b: Service) => sign * by(a, b) || byTitle(a, b);
}

function rank(state: DeliveryState): number {
  return DELIVERY_STATES.indexOf(state);
}

function countStates(
  services: readonly Service[],
): Record<DeliveryState, number> {
  const counts = {
    critical: 0,
    attention: 0,
    progressing: 0,
    unknown: 0,
    healthy: 0,
  };
  services.forEach(({ state }) => {
    counts[state] += 1;
  });
  return counts;
}

function count(
  services: readonly Service[],
  valueOf: (service: Service) => string | undefined,
) {
  const counts = new Map<string, number>();
  for (const service of services) {
    const value = valueOf(service);
    if (value !== undefined) {
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
  }
  return [...counts]
    .map(([value, number]) => ({ value, count: number }))
    .sort((a, b) => b.count - a.count || collator.compare(a.value, b.value));
}
