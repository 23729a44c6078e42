import { formatNumber } from '../promql/formatNumber';
import { hashText } from './hashText';
import { applicationLabels, applicationTarget } from './MetricFamily';
import type {
  MetricFamily,
  MetricMetadata,
  SeriesDraft,
  SimulatedWorkload,
} from './MetricFamily';
import type { Outcome } from './WorkloadModel';
import type { PodRecord } from './WorkloadRecord';

/** The boundaries that OpenTelemetry advises for durations of requests, in seconds. */
const BOUNDS = [
  0.005,
  0.01,
  0.025,
  0.05,
  0.075,
  0.1,
  0.25,
  0.5,
  0.75,
  1,
  2.5,
  5,
  7.5,
  10,
  Infinity,
];

interface Route {
  readonly method: string;
  readonly path: string;
  /** The share of all requests. */
  readonly share: number;
}

const OUTCOMES: readonly Outcome[] = ['success', 'refused', 'failed'];

const DURATION: MetricMetadata = {
  metric: 'http_server_request_duration_seconds',
  type: 'histogram',
  help: 'Duration of HTTP server requests.',
  unit: 'seconds',
};

const TOTAL: MetricMetadata = {
  metric: 'http_requests_total',
  type: 'counter',
  help: 'Total number of HTTP requests.',
  unit: '',
};

/**
 * The requests to the services: their number, outcome and duration by OpenTelemetry's conventions, and the number
 * once more by the older ones where a service still has them.
 *
 * @internal
 */
export const REQUEST_FAMILIES: readonly MetricFamily[] = [
  {
    name: `${DURATION.metric}_bucket`,
    metadata: DURATION,
    applies: isScraped,
    create: workload =>
      forEachKind(workload, ({ labels, share, outcome, pod }) =>
        BOUNDS.map(bound => ({
          labels: { ...labels, le: formatNumber(bound) },
          target: applicationTarget(pod),
          spans: pod.runs,
          counter: 'whole',
          valueAt: time => share * workload.model.countAt(time, outcome, bound),
        })),
      ),
  },
  {
    name: `${DURATION.metric}_count`,
    metadata: DURATION,
    applies: isScraped,
    create: workload =>
      forEachKind(workload, ({ labels, share, outcome, pod }) => [
        {
          labels,
          target: applicationTarget(pod),
          spans: pod.runs,
          counter: 'whole',
          valueAt: time =>
            share * workload.model.countAt(time, outcome, Infinity),
        },
      ]),
  },
  {
    name: `${DURATION.metric}_sum`,
    metadata: DURATION,
    applies: isScraped,
    create: workload =>
      forEachKind(workload, ({ labels, share, outcome, pod }) => [
        {
          labels,
          target: applicationTarget(pod),
          spans: pod.runs,
          counter: 'fractions',
          valueAt: time => share * workload.model.secondsAt(time, outcome),
        },
      ]),
  },
  {
    name: TOTAL.metric,
    metadata: TOTAL,
    applies: hasOlderMetrics,
    create: workload =>
      forEachKind(workload, kind => [
        {
          labels: {
            ...applicationLabels(workload.record, kind.pod),
            code: kind.labels.http_response_status_code,
            method: kind.labels.http_request_method.toLowerCase(),
            handler: kind.labels.http_route,
          },
          target: applicationTarget(kind.pod),
          spans: kind.pod.runs,
          counter: 'whole',
          valueAt: time =>
            kind.share * workload.model.countAt(time, kind.outcome, Infinity),
        },
      ]),
  },
];

function isScraped({ record }: SimulatedWorkload): boolean {
  return !record.unscraped;
}

/** Every fourth service. */
function hasOlderMetrics(workload: SimulatedWorkload): boolean {
  const { record, small } = workload;
  return (
    !small && isScraped(workload) && hashText(`${record.name} older`) < 0.25
  );
}

interface Kind {
  readonly labels: Record<string, string>;
  readonly share: number;
  readonly outcome: Outcome;
  readonly pod: PodRecord;
}

function forEachKind(
  workload: SimulatedWorkload,
  create: (kind: Kind) => SeriesDraft[],
): SeriesDraft[] {
  const routes = routesOf(workload);
  const outcomes = workload.small
    ? OUTCOMES.filter(outcome => outcome !== 'refused')
    : OUTCOMES;
  return workload.record.pods.flatMap(pod =>
    routes.flatMap(({ method, path, share }) =>
      outcomes.flatMap(outcome =>
        create({
          labels: {
            ...applicationLabels(workload.record, pod),
            http_request_method: method,
            http_route: path,
            http_response_status_code: statusOf(method, outcome),
            url_scheme: 'http',
          },
          share,
          outcome,
          pod,
        }),
      ),
    ),
  );
}

function routesOf({ record, small }: SimulatedWorkload): readonly Route[] {
  const noun = `${record.name.replace(/-(?:service|api|web)$/, '')}s`;
  if (small) {
    return [{ method: 'GET', path: `/${noun}`, share: 1 }];
  }
  const reading = 0.45 + 0.2 * hashText(`${record.name} reading`);
  return [
    { method: 'GET', path: `/${noun}`, share: reading },
    { method: 'GET', path: `/${noun}/{id}`, share: 0.85 - reading },
    { method: 'POST', path: `/${noun}`, share: 0.15 },
  ];
}

function statusOf(method: string, outcome: Outcome): string {
  switch (outcome) {
    case 'success':
      return method === 'POST' ? '201' : '200';
    case 'refused':
      return method === 'POST' ? '400' : '404';
    default:
      return '500';
  }
}
