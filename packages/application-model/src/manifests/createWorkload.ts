import type { ResolvedApplication } from '../resolve/ResolvedApplication';
import { Sourced } from '../resolve/Sourced';
import { createPodTemplate } from './createPodTemplate';
import { metadataOf } from './Draft';
import type { Draft } from './Draft';

/** What runs: a Deployment, or a CronJob for what has a schedule. */
export function createWorkload(resolved: ResolvedApplication): Draft {
  return resolved.application.spec.schedule === undefined
    ? createDeployment(resolved)
    : createCronJob(resolved, resolved.application.spec.schedule);
}

function createDeployment(resolved: ResolvedApplication): Draft {
  const { application, scaling, selector } = resolved;
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: metadataOf(resolved, application.metadata.annotations),
    spec: {
      // The autoscaler's own where there is one; two owners of one field would fight
      ...(scaling.kind === 'fixed' && { replicas: scaling.replicas }),
      revisionHistoryLimit: 5,
      progressDeadlineSeconds: 600,
      strategy: {
        type: 'RollingUpdate',
        rollingUpdate: { maxSurge: 1, maxUnavailable: 0 },
      },
      selector: { matchLabels: selector },
      template: createPodTemplate(resolved),
    },
  };
}

function createCronJob(resolved: ResolvedApplication, schedule: string): Draft {
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: metadataOf(resolved, resolved.application.metadata.annotations),
    spec: {
      schedule: new Sourced(schedule, 'spec.schedule'),
      concurrencyPolicy: 'Forbid',
      startingDeadlineSeconds: 300,
      successfulJobsHistoryLimit: 2,
      failedJobsHistoryLimit: 2,
      jobTemplate: {
        spec: {
          backoffLimit: 2,
          ttlSecondsAfterFinished: 86400,
          template: createPodTemplate(resolved),
        },
      },
    },
  };
}

/** The account of the pods, which may do nothing. */
export function createServiceAccount(resolved: ResolvedApplication): Draft {
  return {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: metadataOf(resolved),
    automountServiceAccountToken: false,
  };
}

/** Follows the load, where the number of replicas is left to the platform. */
export function createAutoscaler(
  resolved: ResolvedApplication,
): Draft | undefined {
  const { name, scaling } = resolved;
  if (scaling.kind === 'fixed' || resolved.application.spec.schedule) {
    return undefined;
  }
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: metadataOf(resolved),
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
      minReplicas: scaling.min,
      maxReplicas: scaling.max,
      metrics: [
        {
          type: 'Resource',
          resource: {
            name: scaling.metric,
            target: { type: 'Utilization', averageUtilization: scaling.target },
          },
        },
      ],
      behavior: {
        scaleDown: { stabilizationWindowSeconds: 300 },
      },
    },
  };
}

/** Keeps nodes from being drained all at once, where there is more than one replica. */
export function createDisruptionBudget(
  resolved: ResolvedApplication,
): Draft | undefined {
  const { scaling, selector } = resolved;
  const fewest = scaling.kind === 'fixed' ? scaling.replicas : scaling.min;
  if (fewest.value < 2 || resolved.application.spec.schedule) {
    return undefined;
  }
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: metadataOf(resolved),
    spec: {
      maxUnavailable: 1,
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
      selector: { matchLabels: selector },
    },
  };
}
