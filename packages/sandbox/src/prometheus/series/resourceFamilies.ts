import { hashText } from './hashText';
import { LoadCurve } from './LoadCurve';
import { applicationLabels, applicationTarget } from './MetricFamily';
import type {
  MetricFamily,
  SeriesDraft,
  SimulatedWorkload,
} from './MetricFamily';
import type { Outcome } from './WorkloadModel';
import { findAt } from './WorkloadRecord';
import type { PodRecord } from './WorkloadRecord';

const MEGABYTE = 1024 * 1024;
const OUTCOMES: readonly Outcome[] = ['success', 'refused', 'failed'];

/**
 * What the processes and their containers use, and whether the pods answer the scrape.
 *
 * @internal
 */
export const RESOURCE_FAMILIES: readonly MetricFamily[] = [
  application('up', 'gauge', '', '', (_workload, pod) => ({
    // A pod that does not run is still asked.
    spans: [pod],
    valueAt: time => (isRunning(pod, time) ? 1 : 0),
  })),
  application(
    'process_cpu_seconds_total',
    'counter',
    'Total user and system CPU time spent in seconds.',
    'seconds',
    (workload, pod) => ({
      spans: pod.runs,
      counter: 'fractions',
      valueAt: time => 0.9 * cpuSecondsAt(workload, time),
    }),
  ),
  application(
    'process_resident_memory_bytes',
    'gauge',
    'Resident memory size in bytes.',
    'bytes',
    (workload, pod) => ({
      spans: pod.runs,
      valueAt: memoryOf(workload, pod, 0.86),
    }),
  ),
  application(
    'process_start_time_seconds',
    'gauge',
    'Start time of the process since unix epoch in seconds.',
    'seconds',
    (_workload, pod) => ({
      spans: pod.runs,
      valueAt: time => {
        const run = [...pod.runs].reverse().find(({ from }) => from <= time);
        return (run?.from ?? pod.from) / 1000;
      },
    }),
  ),
  application(
    'process_open_fds',
    'gauge',
    'Number of open file descriptors.',
    '',
    (workload, pod) => ({
      spans: pod.runs,
      valueAt: time => Math.round(24 + 14 * workload.model.loadAt(time)),
    }),
  ),
  application(
    'nodejs_eventloop_lag_p99_seconds',
    'gauge',
    'The 99th percentile of the recorded event loop delays.',
    'seconds',
    (workload, pod) => ({
      spans: pod.runs,
      valueAt: time => 0.009 + 0.006 * workload.model.loadAt(time) ** 2,
    }),
  ),
  application(
    'nodejs_heap_size_used_bytes',
    'gauge',
    'Process heap size used from Node.js in bytes.',
    'bytes',
    (workload, pod) => ({
      spans: pod.runs,
      valueAt: memoryOf(workload, pod, 0.55),
    }),
  ),
  container(
    'container_cpu_usage_seconds_total',
    'counter',
    'Cumulative cpu time consumed in seconds.',
    (workload, pod) => ({
      labels: { cpu: 'total' },
      spans: pod.runs,
      counter: 'fractions',
      valueAt: time => cpuSecondsAt(workload, time),
    }),
  ),
  container(
    'container_memory_working_set_bytes',
    'gauge',
    'Current working set in bytes.',
    (workload, pod) => ({
      labels: {},
      spans: pod.runs,
      valueAt: memoryOf(workload, pod, 1),
    }),
  ),
];

type Draft = Pick<SeriesDraft, 'spans' | 'valueAt' | 'counter'>;

function application(
  name: string,
  type: 'counter' | 'gauge',
  help: string,
  unit: string,
  draft: (workload: SimulatedWorkload, pod: PodRecord) => Draft,
): MetricFamily {
  return {
    name,
    metadata: { metric: name, type, help, unit },
    applies: ({ record }) => !record.unscraped,
    create: workload =>
      workload.record.pods.map(pod => ({
        ...draft(workload, pod),
        labels: applicationLabels(workload.record, pod),
        target: applicationTarget(pod),
      })),
  };
}

function container(
  name: string,
  type: 'counter' | 'gauge',
  help: string,
  draft: (
    workload: SimulatedWorkload,
    pod: PodRecord,
  ) => Draft & { labels: Record<string, string> },
): MetricFamily {
  return {
    name,
    metadata: { metric: name, type, help, unit: '' },
    create: workload =>
      workload.record.pods.map(pod => {
        const { labels, ...rest } = draft(workload, pod);
        const { cluster, namespace } = workload.record;
        return {
          ...rest,
          labels: {
            ...labels,
            cluster,
            namespace,
            container: pod.container,
            image: pod.image,
            instance: pod.node,
            node: pod.node,
            job: 'kubelet',
            metrics_path: '/metrics/cadvisor',
            pod: pod.name,
          },
          target: `kubelet ${cluster} ${pod.node}`,
        };
      }),
  };
}

function isRunning({ runs, states }: PodRecord, time: number): boolean {
  return (
    runs.some(
      ({ from, to }) => from <= time && (to === undefined || time < to),
    ) && findAt(states, time)?.phase !== 'Failed'
  );
}

/** A little for being there, and some for every request. */
function cpuSecondsAt({ model, record }: SimulatedWorkload, time: number) {
  const perRequest = 0.0035 + 0.006 * hashText(`${record.name} cpu`);
  const requests = OUTCOMES.reduce(
    (sum, outcome) => sum + model.countAt(time, outcome, Infinity),
    0,
  );
  return 0.006 * (time / 1000) + perRequest * requests;
}

function memoryOf(
  { model, record }: SimulatedWorkload,
  pod: PodRecord,
  share: number,
): (time: number) => number {
  const unrest = new LoadCurve(`${pod.uid} memory`, 0.4);
  const size = (70 + 90 * hashText(`${record.name} memory`)) * MEGABYTE;
  return time =>
    Math.round(
      share *
        size *
        (0.8 + 0.12 * unrest.at(time / 1000) + 0.08 * model.loadAt(time)),
    );
}
