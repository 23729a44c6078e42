import type {
  Alert,
  EnvironmentHealth,
  HealthState,
  Objective,
  Slo,
  SloState,
  Trend,
} from '@waystone/plugin-observability-common';
import { sloStateSchema } from '@waystone/plugin-observability-common';
import {
  RequestSignals,
  TREND_STEP,
  TREND_STEPS,
  WINDOW_STEP,
} from '../fleet/WorkloadSignals';
import { describeHealth } from './describeHealth';
import type { ServiceMetricsPlace } from './HealthModel';
import { burnsNow, measureSlo } from './measureSlo';
import type { LastSteps } from './measureSlo';

const NOTHING = new RequestSignals(1);

/** The health of a service in an environment. */
export function measureEnvironment(options: {
  readonly place: ServiceMetricsPlace;
  readonly objectives: readonly Objective[];
  /** Those of the service there, the worst first. */
  readonly alerts: readonly Alert[];
}): EnvironmentHealth {
  const { alerts, objectives, place } = options;
  const { environment, fleet, recipe, workload } = place;
  const signals = (recipe && workload.signals.get(recipe.id)) ?? NOTHING;
  const last = {
    trend: fleet.trend.last(fleet.now()),
    window: fleet.window.last(fleet.now()),
  };
  const slos = recipe
    ? objectives
        .map(objective => measureSlo(objective, signals, last))
        .sort((a, b) => rankOf(a.state) - rankOf(b.state))
    : [];
  const firing = alerts.filter(({ state }) => state === 'firing');
  const requests = signals.rate('5m', 'requests') ?? null;
  const errors = signals.rate('5m', 'errors');
  const values = {
    requests,
    errors:
      requests !== null && requests > 0 && errors !== undefined
        ? errors / requests
        : null,
    p95Seconds: signals.p95Seconds ?? null,
  };
  const state = judge(slos, firing, recipe !== undefined);
  return {
    environment,
    cluster: workload.cluster,
    namespace: workload.namespace,
    service: workload.service,
    recipe: recipe && { id: recipe.id, title: recipe.title },
    state,
    sentence: describeHealth({
      state,
      signals: values,
      slos,
      recipe,
      firing: firing.map(({ name }) => name),
      knownDays: (knownSteps(signals, last) * WINDOW_STEP) / 86_400,
    }),
    signals: values,
    trend: recipe && toTrend(signals, last),
    slos,
    alerts: {
      firing: firing.length,
      pending: alerts.filter(alert => alert.state === 'pending').length,
    },
    since: firing
      .flatMap(({ since }) => since ?? [])
      .sort()
      .at(0),
    source: workload.source,
  };
}

function judge(
  slos: readonly Slo[],
  firing: readonly Alert[],
  hasMetrics: boolean,
): HealthState {
  if (
    firing.some(({ severity }) => severity === 'critical') ||
    slos.some(burnsNow)
  ) {
    return 'critical';
  }
  if (
    firing.some(({ severity }) => severity === 'warning') ||
    slos.some(({ state }) =>
      ['exhausted', 'burning', 'at-risk'].includes(state),
    )
  ) {
    return 'attention';
  }
  return hasMetrics && slos.some(({ state }) => state === 'met')
    ? 'healthy'
    : 'unknown';
}

/** Since how many steps there have been requests, as far as it is known. */
function knownSteps({ window }: RequestSignals, last: LastSteps): number {
  for (let steps = window.length; steps > 0; steps--) {
    if (window.get('requests', last.window - steps + 1) !== undefined) {
      return steps;
    }
  }
  return 0;
}

function rankOf(state: SloState): number {
  return sloStateSchema.options.indexOf(state);
}

function toTrend({ trend }: RequestSignals, last: LastSteps): Trend {
  const first = last.trend - TREND_STEPS + 1;
  const steps = Array.from({ length: TREND_STEPS }, (_, step) => first + step);
  const requests = steps.map(step => trend.get('requests', step));
  return {
    start: first * TREND_STEP,
    step: TREND_STEP,
    requests: requests.map(count =>
      count === undefined ? null : round(count / TREND_STEP),
    ),
    errors: steps.map((step, index) => {
      const count = requests[index];
      return count ? round((trend.get('errors', step) ?? 0) / count) : null;
    }),
  };
}

/** As many digits as a sparkline shows. */
function round(value: number): number {
  return Number(value.toPrecision(4));
}
