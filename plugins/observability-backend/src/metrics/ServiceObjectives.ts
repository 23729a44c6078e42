import { promql, StaleWhileRevalidateCache } from '@waystone/integrations';
import type { SlosResponse } from '@waystone/plugin-observability-common';
import type { EnvironmentHealth } from '@waystone/plugin-observability-common';
import { WINDOW_STEP } from '../fleet/WorkloadSignals';
import type { ServiceMetricsPlace } from '../model/HealthModel';
import { countExpression, labelList } from '../recipes/expressions';
import { ownConditions } from './chartQueries';

/** How many kinds of requests are listed. */
const MOST = 8;

const DAY = 86_400;

/** How the promises of a service are kept, and what broke them. One query, kept for a minute. */
export class ServiceObjectives {
  readonly #caches = new Map<
    string,
    StaleWhileRevalidateCache<SlosResponse['burned']>
  >();

  static create(): ServiceObjectives {
    return new ServiceObjectives();
  }

  private constructor() {}

  async read(
    place: ServiceMetricsPlace,
    health: EnvironmentHealth,
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<SlosResponse> {
    const problems: string[] = [];
    let burned: SlosResponse['burned'] = [];
    let freshness = place.fleet.freshness;
    try {
      const read = await this.#burned(place, health, options.signal);
      burned = read.value;
      freshness = read.freshness.stale ? read.freshness : freshness;
    } catch (error) {
      problems.push(
        `What failed most could not be found out: ${
          error instanceof Error ? error.message : String(error)
        }`,
      );
    }
    return {
      environment: place.environment,
      slos: health.slos,
      burned,
      days: daysOf(place, health),
      problems,
      freshness: [{ ...freshness }],
    };
  }

  #burned(
    place: ServiceMetricsPlace,
    { slos }: EnvironmentHealth,
    signal: AbortSignal | undefined,
  ) {
    const { fleet, workload } = place;
    const days = Math.max(1, ...slos.map(({ windowDays }) => windowDays));
    let cache = this.#caches.get(fleet.source);
    if (!cache) {
      cache = new StaleWhileRevalidateCache({
        name: 'failures',
        source: fleet.source,
        maxEntries: 300,
        freshMs: 60_000,
        staleWhileRevalidateMs: 300_000,
      });
      this.#caches.set(fleet.source, cache);
    }
    const key = [
      workload.cluster ?? '',
      workload.namespace,
      workload.service,
      place.recipe?.id ?? '',
      days,
    ].join('\n');
    return cache.get(
      { resource: key },
      async () => ({ value: await readBurned(place, days) }),
      { signal },
    );
  }
}

async function readBurned(
  place: ServiceMetricsPlace,
  days: number,
): Promise<SlosResponse['burned']> {
  const { recipe } = place;
  const conditions = ownConditions(place);
  if (!recipe || !conditions) {
    return [];
  }
  const { method, route, status } = recipe.breakdown;
  const count = countExpression(recipe, {
    counted: 'errors',
    by: labelList(method, route, status),
    seconds: days * DAY,
    conditions,
    kind: 'increase',
  });
  if (!count) {
    return [];
  }
  const answer = await place.fleet.client.query(
    promql`topk(${MOST}, ${count}) > 0`,
  );
  if (answer.type !== 'vector') {
    return [];
  }
  const found = answer.series
    .flatMap(({ metric, value }) =>
      value && Number.isFinite(value.value)
        ? [{ metric, failed: value.value }]
        : [],
    )
    .sort((a, b) => b.failed - a.failed);
  const sum = found.reduce((all, { failed }) => all + failed, 0);
  const label = (
    metric: Readonly<Record<string, string>>,
    name: string | undefined,
  ) => (name ? metric[name]?.slice(0, 300) || undefined : undefined);
  return found.map(({ failed, metric }) => ({
    method: label(metric, method),
    route: label(metric, route),
    status: label(metric, status),
    failed: Math.round(failed),
    share: failed / sum,
  }));
}

/** How much of the budget each day took, from what is known anyway. */
function daysOf(
  { fleet, recipe, workload }: ServiceMetricsPlace,
  { slos }: EnvironmentHealth,
): SlosResponse['days'] {
  const slo = slos.find(({ name }) => name === 'availability');
  const signals = recipe && workload.signals.get(recipe.id);
  if (!slo || !signals) {
    return [];
  }
  const steps = DAY / WINDOW_STEP;
  const last = fleet.window.last(fleet.now());
  const allowed = (slo.requests ?? 0) * (1 - slo.target);
  return Array.from({ length: slo.windowDays }, (_, index) => {
    const to = last - (slo.windowDays - 1 - index) * steps;
    const from = to - steps + 1;
    const requests = signals.window.sum('requests', from, to);
    const failed =
      requests === undefined
        ? null
        : signals.window.sum('errors', from, to) ?? 0;
    return {
      end: (to + 1) * WINDOW_STEP,
      failed: failed === null ? null : Math.round(failed),
      budget: failed === null || allowed === 0 ? null : failed / allowed,
    };
  });
}
