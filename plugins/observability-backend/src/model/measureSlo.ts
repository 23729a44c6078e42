import type {
  Objective,
  Slo,
  SloState,
} from '@waystone/plugin-observability-common';
import {
  fastKind,
  TREND_STEP,
  TREND_STEPS,
  WINDOW_STEP,
} from '../fleet/WorkloadSignals';
import type { RequestSignals, ShortWindow } from '../fleet/WorkloadSignals';

/** Below it, a promise is in danger. */
const LITTLE_BUDGET = 0.25;

const HOUR = 3600;
const DAY = 24 * HOUR;

/** What was counted in a window. */
interface Counted {
  readonly requests: number;
  readonly bad: number;
}

/** Up to which steps the past is known. */
export interface LastSteps {
  readonly trend: number;
  readonly window: number;
}

/** How a promise is kept. */
export function measureSlo(
  objective: Objective,
  signals: RequestSignals,
  last: LastSteps,
): Slo {
  const allowed = 1 - objective.target;
  const badShare = (counted: Counted | undefined) =>
    counted && counted.requests > 0
      ? Math.max(0, counted.bad / counted.requests)
      : undefined;
  const burn = (counted: Counted | undefined) => {
    const share = badShare(counted);
    return share === undefined ? null : share / allowed;
  };
  const whole = countWindow(objective, signals, last);
  const share = badShare(whole);
  const rates = {
    '5m': burn(countNow(objective, signals, '5m')),
    '1h': burn(countNow(objective, signals, '1h')),
    '6h': burn(countTrend(objective, signals, last.trend, 6 * HOUR)),
    '1d': burn(countTrend(objective, signals, last.trend, DAY)),
    '3d': burn(countSteps(objective, signals, last.window, 3 * DAY)),
  };
  const budgetLeft = share === undefined ? null : 1 - share / allowed;
  return {
    ...objective,
    state: judge(rates, budgetLeft, objective.windowDays),
    good: share === undefined ? null : 1 - share,
    requests: whole?.requests ?? null,
    budgetLeft,
    burnRates: Object.entries(rates).map(([window, rate]) => ({
      window,
      rate,
    })),
  };
}

/**
 * The thresholds are those of the rules: a pace that spends 2 % of the budget in an hour, 5 % in six, 10 % in a day or
 * in three. From Google's SRE workbook, chapter 5.
 */
function judge(
  rates: Readonly<Record<'5m' | '1h' | '6h' | '1d' | '3d', number | null>>,
  budgetLeft: number | null,
  windowDays: number,
): SloState {
  const faster = (
    long: keyof typeof rates,
    short: keyof typeof rates,
    spent: number,
    hours: number,
  ) => {
    const factor = Math.max(1, (spent * windowDays * 24) / hours);
    return (rates[long] ?? 0) > factor && (rates[short] ?? 0) > factor;
  };
  if (budgetLeft !== null && budgetLeft <= 0) {
    return 'exhausted';
  }
  if (faster('1h', '5m', 0.02, 1) || faster('6h', '1h', 0.05, 6)) {
    return 'burning';
  }
  if (
    (budgetLeft !== null && budgetLeft < LITTLE_BUDGET) ||
    faster('1d', '1h', 0.1, 24) ||
    faster('3d', '6h', 0.1, 72)
  ) {
    return 'at-risk';
  }
  return budgetLeft === null ? 'unknown' : 'met';
}

/** Whether it fails now much faster than it may, whatever was before. */
export function burnsNow({ burnRates, windowDays }: Slo): boolean {
  const rate = (window: string) =>
    burnRates.find(each => each.window === window)?.rate ?? 0;
  const factor = (0.02 * windowDays * 24) / 1;
  return rate('5m') > factor && rate('1h') > 1;
}

function toCounted(
  objective: Objective,
  valueOf: (kind: string) => number | undefined,
): Counted | undefined {
  const requests = valueOf('requests');
  if (requests === undefined) {
    return undefined;
  }
  if (objective.name === 'availability') {
    return { requests, bad: valueOf('errors') ?? 0 };
  }
  const fast = valueOf(fastKind(objective.thresholdSeconds ?? 0));
  // Without a bucket that ends at the threshold nobody knows.
  return fast === undefined ? undefined : { requests, bad: requests - fast };
}

function countNow(
  objective: Objective,
  signals: RequestSignals,
  window: ShortWindow,
) {
  return toCounted(objective, kind => signals.rate(window, kind));
}

function countTrend(
  objective: Objective,
  signals: RequestSignals,
  last: number,
  seconds: number,
) {
  const steps = Math.min(seconds / TREND_STEP, TREND_STEPS);
  return toCounted(objective, kind =>
    signals.trend.sum(kind, last - steps + 1, last),
  );
}

function countSteps(
  objective: Objective,
  signals: RequestSignals,
  last: number,
  seconds: number,
) {
  return toCounted(objective, kind =>
    signals.window.sum(kind, last - seconds / WINDOW_STEP + 1, last),
  );
}

/** The whole window, with what happened since its last step. */
function countWindow(
  objective: Objective,
  signals: RequestSignals,
  last: LastSteps,
): Counted | undefined {
  const steps = (objective.windowDays * DAY) / WINDOW_STEP;
  const since = ((last.window + 1) * WINDOW_STEP) / TREND_STEP;
  return toCounted(objective, kind => {
    const past = signals.window.sum(kind, last.window - steps + 1, last.window);
    const recent = signals.trend.sum(kind, since, last.trend);
    return past === undefined && recent === undefined
      ? undefined
      : (past ?? 0) + (recent ?? 0);
  });
}
