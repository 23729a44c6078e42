import type {
  ResolvedApplication,
  ResolvedMonitoring,
  ResolvedObjectives,
} from '../resolve/ResolvedApplication';
import { Sourced } from '../resolve/Sourced';
import type { DraftValue } from './Draft';

/**
 * When to alert on how fast the error budget is spent: the share of it that is gone after the long window, which the
 * short one confirms. From Google's SRE workbook, chapter 5.
 */
const BURN_RATES = [
  { long: '1h', hours: 1, short: '5m', share: 0.02, severity: 'page' },
  { long: '6h', hours: 6, short: '30m', share: 0.05, severity: 'page' },
  { long: '1d', hours: 24, short: '2h', share: 0.1, severity: 'ticket' },
  { long: '3d', hours: 72, short: '6h', share: 0.1, severity: 'ticket' },
] as const;

const WINDOWS = ['5m', '30m', '1h', '2h', '6h', '1d', '3d'];

/** What the sandbox and real clusters add to every series of a Service. */
function selectorOf({ name, namespace }: ResolvedApplication): string {
  return `namespace="${namespace}",service="${name}"`;
}

interface Objective {
  /** As in the names of the records. */
  readonly slo: 'errors' | 'slow';
  readonly name: 'availability' | 'latency';
  readonly objective: Sourced<number>;
  /** In seconds. */
  readonly threshold?: number;
  /** What breaks the promise, in a few words. */
  readonly what: string;
}

/** Rules that record rate, errors and duration, and alerts for the objectives. */
export function createRuleGroups(
  resolved: ResolvedApplication,
  monitoring: ResolvedMonitoring,
  objectives: ResolvedObjectives,
): DraftValue[] {
  const { environment, name } = resolved;
  const promised = listObjectives(objectives);
  return [
    {
      name: `${name}.${environment.name}.red`,
      rules: createRecords(resolved, monitoring, objectives),
    },
    {
      name: `${name}.${environment.name}.slo`,
      rules: [
        ...promised.map(objective =>
          createObjectiveRecord(resolved, objectives, objective),
        ),
        createMissingAlert(resolved),
        ...promised.flatMap(objective =>
          createBurnAlerts(resolved, objectives, objective),
        ),
      ],
    },
  ];
}

function listObjectives({
  availability,
  latency,
}: ResolvedObjectives): Objective[] {
  return [
    ...(availability
      ? [
          {
            slo: 'errors',
            name: 'availability',
            objective: availability,
            what: 'requests that fail',
          } as const,
        ]
      : []),
    ...(latency
      ? [
          {
            slo: 'slow',
            name: 'latency',
            objective: latency.objective,
            threshold: latency.threshold.value,
            what: `requests that take longer than ${latency.threshold.value} s`,
          } as const,
        ]
      : []),
  ];
}

function labelsOf({
  environment,
  name,
  namespace,
  owner,
}: ResolvedApplication) {
  return {
    environment: environment.name,
    namespace,
    service: name,
    team: owner,
  };
}

function createRecords(
  resolved: ResolvedApplication,
  { duration, status }: ResolvedMonitoring,
  { availability, latency }: ResolvedObjectives,
): DraftValue[] {
  const selector = selectorOf(resolved);
  const labels = labelsOf(resolved);
  const count = (window: string, more = '') =>
    `sum(rate(${duration}_count{${selector}${more}}[${window}]))`;
  const fast = (window: string) =>
    `sum(rate(${duration}_bucket{${selector},le=~"${boundaryOf(
      latency!.threshold.value,
    )}"}[${window}]))`;
  const record = (name: string, expr: string): DraftValue => ({
    record: name,
    expr,
    labels,
  });
  return [
    record('application:requests:rate5m', count('5m')),
    ...[0.5, 0.95, 0.99].map(quantile =>
      record(
        `application:duration_seconds:p${quantile * 100}_rate5m`,
        `histogram_quantile(${quantile}, sum by (le) (rate(${duration}_bucket{${selector}}[5m])))`,
      ),
    ),
    ...(availability
      ? WINDOWS.map(window =>
          record(
            `application:errors:ratio_rate${window}`,
            // Without a failure so far there is no series of failures
            `(${count(window, `,${status}=~"5.."`)} or vector(0)) / ${count(
              window,
            )}`,
          ),
        )
      : []),
    ...(latency
      ? WINDOWS.map(window =>
          record(
            `application:slow:ratio_rate${window}`,
            `1 - ${fast(window)} / ${count(window)}`,
          ),
        )
      : []),
  ];
}

/** What is promised, as a series: for the portal, and for dashboards that compare with it. */
function createObjectiveRecord(
  resolved: ResolvedApplication,
  { window }: ResolvedObjectives,
  { name, objective, threshold }: Objective,
): DraftValue {
  return {
    record: 'application:objective:ratio',
    expr: objective.map(share => `vector(${share})`),
    labels: {
      ...labelsOf(resolved),
      slo: name,
      window,
      ...(threshold !== undefined && { threshold: String(threshold) }),
    },
  };
}

/** A boundary as Prometheus writes it: `0.5`, and `1` or, since version 3, `1.0`. */
function boundaryOf(seconds: number): string {
  return Number.isInteger(seconds)
    ? `${seconds}([.]0)?`
    : String(seconds).replace('.', '[.]');
}

function createBurnAlerts(
  resolved: ResolvedApplication,
  { window, windowHours }: ResolvedObjectives,
  { slo, name, objective, what }: Objective,
): DraftValue[] {
  const budget = Number((1 - objective.value).toFixed(6));
  const series = (over: string) =>
    `application:${slo}:ratio_rate${over}{${selectorOf(resolved)}}`;
  return BURN_RATES.flatMap(({ long, hours, short, share, severity }) => {
    const factor = Number(((share * windowHours) / hours).toFixed(3));
    const threshold = Number((factor * budget).toFixed(8));
    // Slower than the budget grows again, or more than all requests
    if (factor < 1 || threshold >= 1) {
      return [];
    }
    return [
      {
        alert: 'ErrorBudgetBurn',
        expr: `${series(long)} > ${threshold} and ${series(
          short,
        )} > ${threshold}`,
        ...(severity === 'page' ? { for: '1m' } : { for: '15m' }),
        labels: {
          ...labelsOf(resolved),
          severity: severityOf(resolved, severity),
          slo: name,
          window: long,
        },
        annotations: {
          summary: `${resolved.name} in ${resolved.environment.name} spends its error budget of ${name} ${factor} times too fast`,
          description: new Sourced(
            `{{ $value | humanizePercentage }} ${what} over ${long}. ${toPercent(
              objective.value,
            )} within ${window} were promised.`,
            objective.origin,
          ),
          runbook_url: runbookOf(resolved),
        },
      },
    ];
  });
}

function createMissingAlert(resolved: ResolvedApplication): DraftValue {
  return {
    alert: 'MetricsMissing',
    expr: `absent_over_time(up{${selectorOf(resolved)}}[10m])`,
    for: '5m',
    labels: {
      ...labelsOf(resolved),
      severity: severityOf(resolved, 'ticket'),
    },
    annotations: {
      summary: `${resolved.name} in ${resolved.environment.name} has no metrics`,
      description:
        'Prometheus has found no pod of it for ten minutes, so that no other alert can fire.',
      runbook_url: runbookOf(resolved),
    },
  };
}

/** Nobody is woken for what no customer depends on. */
function severityOf(
  { environment }: ResolvedApplication,
  severity: 'page' | 'ticket',
): string {
  if (environment.protected) {
    return severity === 'page' ? 'critical' : 'warning';
  }
  return severity === 'page' ? 'warning' : 'info';
}

function runbookOf({ name, platform, system }: ResolvedApplication): string {
  return platform.runbook
    .replaceAll('{name}', name)
    .replaceAll('{system}', system);
}

function toPercent(share: number): string {
  return `${Number((share * 100).toFixed(4))} %`;
}
