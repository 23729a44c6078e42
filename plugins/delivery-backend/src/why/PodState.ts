import type { KubernetesObject } from '@waystone/integrations';
import { z } from 'zod';
import { KUBERNETES_ID } from '../model/hints';

/** Longer messages are cut: they are held for every pod. */
const MOST_CHARACTERS = 600;

const text = z
  .string()
  .nullish()
  .transform(value => value?.slice(0, MOST_CHARACTERS) || undefined);

const terminatedSchema = z.object({
  reason: text,
  exitCode: z.number().default(0),
  message: text,
  finishedAt: text,
});

const stateSchema = z.object({
  waiting: z.object({ reason: text, message: text }).nullish(),
  running: z.object({ startedAt: text }).nullish(),
  terminated: terminatedSchema.nullish(),
});

const statusSchema = z.object({
  name: z.string(),
  image: z.string().default(''),
  ready: z.boolean().default(false),
  restartCount: z.number().default(0),
  state: stateSchema.nullish(),
  lastState: stateSchema.nullish(),
});

function list<S extends z.ZodType>(item: S) {
  return z
    .array(item)
    .nullish()
    .transform(value => value ?? []);
}

const containerSpecSchema = z.object({
  name: z.string(),
  image: z.string().default(''),
});

const podSchema = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: z.string().default(''),
    uid: z.string().default(''),
    creationTimestamp: text,
    deletionTimestamp: text,
    labels: z.record(z.string(), z.string()).nullish(),
    ownerReferences: list(
      z.object({
        uid: z.string(),
        controller: z.boolean().nullish(),
      }),
    ),
  }),
  spec: z
    .object({
      nodeName: text,
      restartPolicy: text,
      containers: list(containerSpecSchema),
      initContainers: list(containerSpecSchema),
      volumes: list(
        z.object({
          persistentVolumeClaim: z.object({ claimName: z.string() }).nullish(),
        }),
      ),
    })
    .nullish(),
  status: z
    .object({
      phase: text,
      reason: text,
      message: text,
      conditions: list(
        z.object({
          type: z.string(),
          status: z.string(),
          reason: text,
          message: text,
        }),
      ),
      initContainerStatuses: list(statusSchema),
      containerStatuses: list(statusSchema),
    })
    .nullish(),
});

type Terminated = z.output<typeof terminatedSchema>;

/** A container of a pod, as the kubelet last said. */
export interface ContainerState {
  readonly name: string;
  readonly image: string;
  readonly init: boolean;
  readonly ready: boolean;
  readonly restarts: number;
  readonly waiting?: { readonly reason?: string; readonly message?: string };
  /** Since when it runs; an empty text if that is not known. */
  readonly runningSince?: string;
  readonly ended?: Terminated;
  /** How the run before the present one ended. */
  readonly endedBefore?: Terminated;
}

/** What is held of a pod: enough to say why it doesn't run, and nothing of its environment. */
export interface PodState {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly owner?: string;
  /** Whose it is, by its label. */
  readonly kubernetesId?: string;
  readonly createdAt?: string;
  readonly deleting: boolean;
  readonly phase?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly node?: string;
  readonly ready: boolean;
  /** Why it has no node. */
  readonly unschedulable?: string;
  readonly claims: readonly string[];
  /** Those that run first, first. */
  readonly containers: readonly ContainerState[];
}

/** Keeps of a pod what is read; undefined if it is not one. */
export function toPodState(object: KubernetesObject): PodState | undefined {
  const parsed = podSchema.safeParse(object);
  if (!parsed.success) {
    return undefined;
  }
  const { metadata, spec, status } = parsed.data;
  const conditionOf = (type: string) =>
    status?.conditions.find(condition => condition.type === type);
  const scheduled = conditionOf('PodScheduled');
  const toContainers = (
    specs: readonly z.output<typeof containerSpecSchema>[],
    statuses: readonly z.output<typeof statusSchema>[],
    init: boolean,
  ) =>
    specs.map(container =>
      toContainer(
        container,
        statuses.find(({ name }) => name === container.name),
        init,
      ),
    );
  return {
    name: metadata.name,
    namespace: metadata.namespace,
    uid: metadata.uid,
    owner: (
      metadata.ownerReferences.find(({ controller }) => controller) ??
      metadata.ownerReferences.at(0)
    )?.uid,
    kubernetesId: metadata.labels?.[KUBERNETES_ID],
    createdAt: metadata.creationTimestamp,
    deleting: metadata.deletionTimestamp !== undefined,
    phase: status?.phase,
    reason: status?.reason,
    message: status?.message,
    node: spec?.nodeName,
    ready: conditionOf('Ready')?.status === 'True',
    unschedulable:
      scheduled?.status === 'False'
        ? scheduled.message ?? scheduled.reason
        : undefined,
    claims: (spec?.volumes ?? []).flatMap(
      ({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? [],
    ),
    containers: [
      ...toContainers(
        spec?.initContainers ?? [],
        status?.initContainerStatuses ?? [],
        true,
      ),
      ...toContainers(
        spec?.containers ?? [],
        status?.containerStatuses ?? [],
        false,
      ),
    ],
  };
}

function toContainer(
  { image, name }: z.output<typeof containerSpecSchema>,
  status: z.output<typeof statusSchema> | undefined,
  init: boolean,
): ContainerState {
  const { lastState, state } = status ?? {};
  return {
    name,
    // What was asked for: the status may have a digest only.
    image,
    init,
    ready: status?.ready ?? false,
    restarts: status?.restartCount ?? 0,
    waiting: state?.waiting ?? undefined,
    runningSince: state?.running ? state.running.startedAt ?? '' : undefined,
    ended: state?.terminated ?? undefined,
    endedBefore: lastState?.terminated ?? undefined,
  };
}
