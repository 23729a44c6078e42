import { z } from 'zod';

/** A span of time in milliseconds; without an end it still lasts. */
const span = z.object({ from: z.number(), to: z.number().optional() });

const podState = z.object({
  time: z.number(),
  phase: z.enum(['Pending', 'Running', 'Succeeded', 'Failed', 'Unknown']),
  ready: z.boolean(),
  restarts: z.number(),
  /** Why the container waits, such as `CrashLoopBackOff`. */
  waiting: z.string().optional(),
});

const pod = z.object({
  name: z.string(),
  uid: z.string(),
  node: z.string(),
  address: z.string(),
  container: z.string(),
  image: z.string(),
  ...span.shape,
  /** When its process ran; each run counts from zero. */
  runs: z.array(span),
  states: z.array(podState),
});

const replicas = z.object({
  time: z.number(),
  desired: z.number(),
  current: z.number(),
  updated: z.number(),
  available: z.number(),
});

/** What is kept of a workload and its pods, also of pods that are gone. @internal */
export const workloadRecord = z.object({
  cluster: z.string(),
  namespace: z.string(),
  name: z.string(),
  /** The service that it runs, as the catalog calls it. */
  service: z.string(),
  /** The team, as its labels say. */
  owner: z.string().optional(),
  /** Whether nobody made it show any metrics of its own. */
  unscraped: z.boolean().optional(),
  limits: z.object({ cpu: z.number(), memory: z.number() }).optional(),
  requests: z.object({ cpu: z.number(), memory: z.number() }).optional(),
  pods: z.array(pod),
  replicas: z.array(replicas),
});

/** @internal */
export type Span = z.infer<typeof span>;
/** @internal */
export type PodState = z.infer<typeof podState>;
/** @internal */
export type PodRecord = z.infer<typeof pod>;
/** @internal */
export type ReplicaState = z.infer<typeof replicas>;
/** @internal */
export type WorkloadRecord = z.infer<typeof workloadRecord>;

/** What of a list was the case at a time: the last one that had begun. */
export function findAt<T extends { readonly time: number }>(
  list: readonly T[],
  time: number,
): T | undefined {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (list[middle].time <= time) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return list[low - 1];
}

/** Whether a span covers a time. */
export function covers({ from, to }: Span, time: number): boolean {
  return from <= time && (to === undefined || time < to);
}
