import type { KubernetesObject } from '@waystone/integrations';
import type { Health } from '@waystone/plugin-delivery-common';
import type { ObservedDeployment } from '@waystone/plugin-delivery-node';
import { z } from 'zod';

/** How Argo CD marks what it deploys: its Applications are known already. */
const TRACKING = 'argocd.argoproj.io/tracking-id';
const MANAGER = 'app.kubernetes.io/managed-by';

const count = z
  .number()
  .nullish()
  .transform(value => value ?? 0);

const workloadSchema = z.object({
  metadata: z.object({
    generation: count,
    creationTimestamp: z.string().nullish(),
  }),
  spec: z.object({
    replicas: z.number().nullish(),
    paused: z.boolean().nullish(),
    selector: z
      .object({ matchLabels: z.record(z.string(), z.string()).nullish() })
      .nullish(),
    template: z
      .object({
        spec: z.object({
          containers: z.array(z.object({ image: z.string().optional() })),
        }),
      })
      .nullish(),
  }),
  status: z
    .object({
      // Argo Rollouts writes a text.
      observedGeneration: z.coerce.number().nullish().catch(undefined),
      replicas: count,
      readyReplicas: count,
      updatedReplicas: count,
      availableReplicas: count,
      desiredNumberScheduled: z.number().nullish(),
      updatedNumberScheduled: z.number().nullish(),
      numberAvailable: z.number().nullish(),
      phase: z.string().nullish(),
      message: z.string().nullish(),
      abort: z.boolean().nullish(),
      controllerPause: z.boolean().nullish(),
      pauseConditions: z.array(z.unknown()).nullish(),
      conditions: z
        .array(
          z.object({
            type: z.string(),
            status: z.string(),
            reason: z.string().nullish(),
            message: z.string().nullish(),
            lastUpdateTime: z.string().nullish(),
            lastTransitionTime: z.string().nullish(),
          }),
        )
        .nullish(),
    })
    .nullish(),
});

type Parsed = z.output<typeof workloadSchema>;

/** A workload that nothing but Kubernetes knows of, and how to find its pods. */
export interface ObservedWorkload extends ObservedDeployment {
  readonly kind: string;
  readonly selector: Readonly<Record<string, string>>;
}

/**
 * Makes of a workload what the pillar knows of it.
 *
 * @param kind - which the objects of a list do not repeat
 * @returns Undefined for what Argo CD deploys, and for what belongs to another object.
 */
export function toObservedWorkload(
  kind: string,
  object: KubernetesObject,
): Omit<ObservedWorkload, 'cluster'> | undefined {
  const {
    annotations,
    name,
    namespace = '',
    ownerReferences,
  } = object.metadata;
  const labels = object.metadata.labels ?? {};
  const parsed = workloadSchema.safeParse(object);
  if (
    !parsed.success ||
    annotations?.[TRACKING] ||
    /^argo-?cd/.test(labels[MANAGER] ?? '') ||
    (ownerReferences ?? []).length > 0
  ) {
    return undefined;
  }
  const { spec, status } = parsed.data;
  const { health, reason } = judgeWorkload(kind, parsed.data);
  const images = (spec.template?.spec.containers ?? []).flatMap(
    ({ image }) => image ?? [],
  );
  const done = status?.conditions?.find(
    ({ reason: why, type }) =>
      type === 'Progressing' && why === 'NewReplicaSetAvailable',
  );
  const deployedAt = toTime(done?.lastUpdateTime);
  return {
    id: `${namespace}/${kind}/${name}`,
    kind,
    name,
    namespace,
    labels,
    selector: spec.selector?.matchLabels ?? {},
    sync: 'unknown',
    unmanaged: true,
    health,
    reason,
    failed: false,
    images,
    drifted: 0,
    past: deployedAt
      ? [
          {
            startedAt: deployedAt,
            finishedAt: deployedAt,
            outcome: 'succeeded',
            images,
          },
        ]
      : [],
  };
}

interface Judgement {
  readonly health: Health;
  readonly reason?: string;
}

/** @see https://github.com/kubernetes/kubectl/blob/master/pkg/polymorphichelpers/rollout_status.go */
function judgeWorkload(kind: string, workload: Parsed): Judgement {
  const { metadata, status } = workload;
  if (!status || (status.observedGeneration ?? 0) < metadata.generation) {
    return {
      health: 'progressing',
      reason: 'The cluster has not looked at its change yet.',
    };
  }
  if (kind === 'Rollout') {
    return judgeRollout(status);
  }
  const failed = status.conditions?.find(
    ({ reason, status: value, type }) =>
      (type === 'Progressing' && reason === 'ProgressDeadlineExceeded') ||
      (type === 'ReplicaFailure' && value === 'True'),
  );
  if (failed) {
    return {
      health: 'degraded',
      reason: failed.message ?? 'Its pods do not get to run.',
    };
  }
  const wanted = status.desiredNumberScheduled ?? workload.spec.replicas ?? 1;
  const updated = status.updatedNumberScheduled ?? status.updatedReplicas;
  const available = status.numberAvailable ?? status.availableReplicas;
  if (updated < wanted || available < wanted) {
    return {
      health: 'progressing',
      reason: `${available} of ${wanted} pods are available.`,
    };
  }
  return workload.spec.paused
    ? { health: 'suspended', reason: 'Its rollout is paused.' }
    : { health: 'healthy' };
}

/** @see https://argo-rollouts.readthedocs.io/en/stable/features/specification/ */
function judgeRollout(status: NonNullable<Parsed['status']>): Judgement {
  const reason = status.message ?? undefined;
  if (status.abort) {
    return {
      health: 'degraded',
      reason: `The rollout was aborted; the version before serves. ${
        reason ?? ''
      }`.trim(),
    };
  }
  // The controller has paused it, and has not said why yet.
  if (status.controllerPause && !status.pauseConditions?.length) {
    return { health: 'progressing', reason };
  }
  switch (status.phase) {
    case 'Healthy':
      return { health: 'healthy' };
    case 'Degraded':
      return { health: 'degraded', reason: reason ?? 'The rollout failed.' };
    case 'Paused':
      return {
        health: 'suspended',
        reason: 'The rollout waits until somebody promotes it.',
      };
    default:
      return { health: 'progressing', reason };
  }
}

function toTime(value: string | null | undefined): string | undefined {
  const time = new Date(value ?? '');
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}
