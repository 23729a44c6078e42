import type {
  EnvironmentHealth,
  HealthState,
  Slo,
} from '@waystone/plugin-observability-common';
import { burnsNow } from './measureSlo';

const WORDS: Readonly<Record<HealthState, string>> = {
  critical: 'Failing',
  attention: 'At risk',
  unknown: 'Unknown',
  healthy: 'Healthy',
};

/** What {@link describeHealth} needs to know. */
export type Described = Pick<
  EnvironmentHealth,
  'state' | 'signals' | 'slos' | 'recipe'
> & {
  /** The names of firing alerts, the worst first. */
  readonly firing: readonly string[];
  /** How many days of the window are known. */
  readonly knownDays: number;
};

/** The state in one sentence, such as `Healthy. 99.97 % of 1.2 M requests in 30 days; p95 182 ms; 71 % of the error budget left.` */
export function describeHealth(described: Described): string {
  const { recipe, state } = described;
  const reasons = [
    ...described.slos.flatMap(slo =>
      burnsNow(slo) ? [describeBurn(slo)] : [],
    ),
    ...describeAlerts(described.firing),
  ];
  const figures = recipe ? describeFigures(described) : [];
  if (!recipe) {
    figures.push('there are no metrics of requests');
  }
  return [
    WORDS[state],
    ...reasons.map(capitalize),
    ...(figures.length > 0 ? [capitalize(figures.join('; '))] : []),
  ]
    .join('. ')
    .concat('.');
}

function describeBurn({ burnRates, name, target, thresholdSeconds }: Slo) {
  const rate = burnRates.find(({ window }) => window === '5m')?.rate ?? 0;
  const share = formatPercent(Math.min(1, rate * (1 - target)));
  return name === 'availability'
    ? `${share} of requests fail now, ${formatTimes(rate)} what was promised`
    : `${share} of requests take longer than ${formatSeconds(
        thresholdSeconds ?? 0,
      )} now, ${formatTimes(rate)} what was promised`;
}

function describeAlerts(firing: readonly string[]): string[] {
  const [first, ...rest] = firing;
  if (!first) {
    return [];
  }
  return [
    rest.length === 0
      ? `the alert ${first} fires`
      : `${firing.length} alerts fire, such as ${first}`,
  ];
}

function describeFigures({ knownDays, signals, slos }: Described): string[] {
  const slo = slos.find(({ name }) => name === 'availability') ?? slos[0];
  const figures: string[] = [];
  if (slo?.good !== null && slo?.good !== undefined && slo.requests !== null) {
    const what = slo.name === 'availability' ? '' : ' fast';
    figures.push(
      `${formatPercent(slo.good)}${what} of ${formatCount(
        slo.requests,
      )} requests in ${formatDays(Math.min(knownDays, slo.windowDays))}`,
    );
  } else {
    figures.push('no requests');
  }
  if (signals.p95Seconds !== null) {
    figures.push(`p95 ${formatSeconds(signals.p95Seconds)}`);
  }
  if (slo?.budgetLeft !== null && slo?.budgetLeft !== undefined) {
    figures.push(
      slo.budgetLeft > 0
        ? `${formatPercent(slo.budgetLeft, 0)} of the error budget left`
        : 'the error budget is spent',
    );
  }
  return figures;
}

/** `99.97 %`: as many digits as tell it from all. */
export function formatPercent(share: number, digits?: number): string {
  const percent = share * 100;
  let wanted = digits;
  if (wanted === undefined) {
    if (percent >= 99.9 && percent < 100) {
      wanted = 3;
    } else {
      wanted = percent >= 99 || percent < 1 ? 2 : 1;
    }
  }
  // A failure among a million is not nothing.
  const floored =
    share < 1 && share > 0.9
      ? Math.floor(percent * 10 ** wanted) / 10 ** wanted
      : percent;
  return `${Number(floored.toFixed(wanted))} %`;
}

/** `1.2 M` */
export function formatCount(count: number): string {
  for (const [unit, size] of [
    ['G', 1e9],
    ['M', 1e6],
    ['k', 1e3],
  ] as const) {
    if (count >= size) {
      return `${Number(
        (count / size).toPrecision(count / size >= 100 ? 3 : 2),
      )} ${unit}`;
    }
  }
  return String(Math.round(count));
}

/** `182 ms` */
export function formatSeconds(seconds: number): string {
  return seconds < 1
    ? `${Number((seconds * 1000).toPrecision(3))} ms`
    : `${Number(seconds.toPrecision(3))} s`;
}

function formatTimes(rate: number): string {
  return `${Math.round(rate)} times`;
}

function formatDays(days: number): string {
  if (days >= 1) {
    const whole = Math.round(days);
    return whole === 1 ? '1 day' : `${whole} days`;
  }
  const hours = Math.max(1, Math.round(days * 24));
  return hours === 1 ? '1 hour' : `${hours} hours`;
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
