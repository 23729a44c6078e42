import { Labels } from '../promql/Labels';
import type { Span, PodRecord, WorkloadRecord } from './WorkloadRecord';
import { GeneratedSeries } from './GeneratedSeries';
import type { GeneratedSeriesOptions, ScrapeSchedule } from './GeneratedSeries';
import { hashText } from './hashText';
import type { WorkloadModel } from './WorkloadModel';

/** How often everything is scraped, in milliseconds. */
export const SCRAPE_INTERVAL = 30_000;

/**
 * A metric and how its series come about.
 *
 * @internal
 */
export interface MetricFamily {
  /** Of the series: for a histogram with `_bucket`, `_sum` or `_count`. */
  readonly name: string;
  /** What the metadata of the API says; for a histogram of the metric without its endings. */
  readonly metadata: MetricMetadata;
  /** Whether the workload has it at all. @defaultValue always */
  applies?(workload: SimulatedWorkload): boolean;
  /** All series of one workload. */
  create(workload: SimulatedWorkload): SeriesDraft[];
}

/** @internal */
export interface MetricMetadata {
  readonly metric: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly unit: string;
}

/** A series before it has its metric's name and its schedule. */
export interface SeriesDraft
  extends Pick<GeneratedSeriesOptions, 'valueAt' | 'counter' | 'spans'> {
  readonly labels: Readonly<Record<string, string>>;
  /** What scrapes it; what has the same text is scraped at the same time. */
  readonly target: string;
}

/**
 * A workload with the model of its load.
 *
 * @internal
 */
export interface SimulatedWorkload {
  readonly record: WorkloadRecord;
  readonly model: WorkloadModel;
  /** Since when there is a history, in milliseconds. */
  readonly historyStart: number;
  /** Whether there are many of its kind, so that each has few series. */
  readonly small: boolean;
}

/** Makes the series of one metric of one workload. */
export function createSeries(
  family: MetricFamily,
  workload: SimulatedWorkload,
): GeneratedSeries[] {
  if (family.applies && !family.applies(workload)) {
    return [];
  }
  const schedules = new Map<string, ScrapeSchedule>();
  return family.create(workload).map(({ labels, target, ...draft }) => {
    let schedule = schedules.get(target);
    if (!schedule) {
      schedule = scheduleOf(target);
      schedules.set(target, schedule);
    }
    return new GeneratedSeries({
      ...draft,
      labels: createLabels(family.name, labels),
      schedule,
    });
  });
}

/** Sorted names by the names as a family writes them, so that all its series share them. */
const sortedNames = new Map<string, readonly string[]>();

function createLabels(
  metric: string,
  labels: Readonly<Record<string, string>>,
): Labels {
  const record: Record<string, string> = { __name__: metric, ...labels };
  const key = Object.keys(labels).join();
  let names = sortedNames.get(key);
  if (!names) {
    names = Object.keys(record).sort();
    sortedNames.set(key, names);
  }
  const values = names.map(name => record[name]);
  return values.includes('')
    ? Labels.of(record)
    : Labels.ofSorted(names, values);
}

function scheduleOf(target: string): ScrapeSchedule {
  return {
    offset: Math.floor(hashText(target) * SCRAPE_INTERVAL),
    interval: SCRAPE_INTERVAL,
  };
}

/** The labels that the scrape of a pod itself adds. */
export function applicationLabels(
  { cluster, namespace, service }: WorkloadRecord,
  pod: PodRecord,
): Record<string, string> {
  return {
    cluster,
    namespace,
    service,
    job: service,
    endpoint: 'http',
    container: pod.container,
    pod: pod.name,
    instance: `${pod.address}:8080`,
  };
}

/** The labels that the scrape of kube-state-metrics adds. */
export function stateLabels({ cluster }: WorkloadRecord) {
  return { cluster, job: 'kube-state-metrics' };
}

/** What scrapes a pod itself. */
export function applicationTarget(pod: PodRecord): string {
  return `pod ${pod.uid}`;
}

/** What scrapes the state of a cluster's objects. */
export function stateTarget({ cluster }: WorkloadRecord): string {
  return `kube-state-metrics ${cluster}`;
}

/** From the first to the last pod, and as long as there is one. */
export function lifeOf({ pods }: WorkloadRecord): Span[] {
  if (pods.length === 0) {
    return [];
  }
  const from = Math.min(...pods.map(pod => pod.from));
  return pods.some(pod => pod.to === undefined)
    ? [{ from }]
    : [{ from, to: Math.max(...pods.map(pod => pod.to!)) }];
}
