import type { KubernetesObject } from '../KubernetesCluster';
import type { Condition } from './conditions';
import { setCondition, timestamp } from './conditions';
import type { Controller, ControllerTools } from './Controller';
import type { LabelSelector } from './labelSelector';
import { matchesSelector } from './labelSelector';
import { objectKey, refOf, refTo } from './objectKey';
import type { PodUsageSource } from './PodUsage';
import { isActive, isReady } from './podState';
import { formatQuantity, parseQuantity, podRequests } from './quantities';
import { HORIZONTAL_POD_AUTOSCALER, POD } from './resourceTypes';
import { writeStatus } from './writeStatus';

const NAME = 'horizontal-pod-autoscaler';
const PERIOD = 15_000;
const TOLERANCE = 0.1;
/** How long lower numbers are held back, in milliseconds. */
const DOWN_WINDOW = 60_000;

interface Metric {
  readonly type: string;
  readonly resource?: {
    readonly name: 'cpu' | 'memory';
    readonly target: {
      readonly type: string;
      readonly averageUtilization?: number;
      readonly averageValue?: string;
    };
  };
}

/**
 * Scales workloads by the use of their pods' CPU and memory. Other metrics count as not available, as they do without
 * an adapter.
 *
 * @internal
 */
export function createAutoscalerController(
  tools: ControllerTools,
  options: { readonly usage: PodUsageSource },
): Controller {
  const { cluster } = tools;
  const recent = new Map<string, readonly Recommendation[]>();
  return {
    name: NAME,
    watches: [
      {
        type: HORIZONTAL_POD_AUTOSCALER,
        keys: ({ object, previous }) =>
          previous &&
          previous.metadata.generation === object.metadata.generation
            ? []
            : [objectKey(object)],
      },
    ],
    reconcile(key, queue) {
      const autoscaler = cluster.get(refOf(HORIZONTAL_POD_AUTOSCALER, key));
      if (!autoscaler || autoscaler.metadata.deletionTimestamp) {
        recent.delete(key);
        return;
      }
      queue.addAfter(key, PERIOD);
      const { scaleTargetRef } = autoscaler.spec;
      const target = cluster.get({
        apiVersion: scaleTargetRef.apiVersion,
        kind: scaleTargetRef.kind,
        namespace: autoscaler.metadata.namespace,
        name: scaleTargetRef.name,
      });
      if (!target) {
        writeStatus(cluster, autoscaler, {
          currentMetrics: null,
          desiredReplicas: 0,
          conditions: setCondition(autoscaler.status?.conditions, {
            type: 'AbleToScale',
            status: 'False',
            reason: 'FailedGetScale',
            message: `the HPA controller was unable to get the target's current scale: ${scaleTargetRef.kind.toLowerCase()}s "${
              scaleTargetRef.name
            }" not found`,
          }),
        });
        return;
      }
      const current: number = target.spec.replicas ?? 1;
      const pods = podsOf(tools, target);
      const measures = ((autoscaler.spec.metrics ?? []) as Metric[]).flatMap(
        metric => measure(metric, pods, options.usage) ?? [],
      );
      const least: number = autoscaler.spec.minReplicas ?? 1;
      const most: number = autoscaler.spec.maxReplicas;
      const wanted = current === 0 ? 0 : desiredOf(measures, pods, current);
      const bounded = Math.min(most, Math.max(least, wanted));
      const desired =
        current === 0 ? 0 : stabilize(recent, key, current, bounded);
      const conditions = conditionsOf(autoscaler, {
        measured: measures.length > 0,
        current,
        wanted,
        least,
        most,
      });
      if (desired !== current) {
        cluster.patch(
          refTo(target),
          { spec: { replicas: desired } },
          { fieldManager: 'kube-controller-manager' },
        );
        cluster.recordEvent({
          regarding: autoscaler,
          type: 'Normal',
          reason: 'SuccessfulRescale',
          message: `New size: ${desired}; reason: ${
            desired > current
              ? `${
                  measures[0]?.name ?? 'cpu'
                } resource utilization (percentage of request) above target`
              : 'All metrics below target'
          }`,
          component: NAME,
        });
      }
      writeStatus(cluster, autoscaler, {
        observedGeneration: autoscaler.metadata.generation,
        currentReplicas: current,
        desiredReplicas: desired,
        ...(measures.length > 0 && {
          currentMetrics: measures.map(({ name, utilization, average }) => ({
            type: 'Resource',
            resource: {
              name,
              current: {
                ...(utilization !== undefined && {
                  averageUtilization: utilization,
                }),
                averageValue: formatQuantity(name, average),
              },
            },
          })),
        }),
        ...(desired !== current
          ? { lastScaleTime: timestamp() }
          : autoscaler.status?.lastScaleTime && {
              lastScaleTime: autoscaler.status.lastScaleTime,
            }),
        conditions,
      });
    },
  };
}

interface Recommendation {
  readonly time: number;
  readonly replicas: number;
}

interface Measure {
  readonly name: 'cpu' | 'memory';
  readonly ratio: number;
  readonly average: number;
  readonly utilization?: number;
}

function podsOf(
  { cluster }: ControllerTools,
  target: KubernetesObject,
): KubernetesObject[] {
  const selector = target.spec.selector as LabelSelector;
  return cluster
    .list(POD, { namespace: target.metadata.namespace })
    .filter(
      pod => isActive(pod) && matchesSelector(selector, pod.metadata.labels),
    );
}

function measure(
  { type, resource }: Metric,
  pods: readonly KubernetesObject[],
  usage: PodUsageSource,
): Measure | undefined {
  if (type !== 'Resource' || !resource) {
    return undefined;
  }
  const { name, target } = resource;
  const samples = pods.filter(isReady).flatMap(pod => {
    const used = usage(pod);
    return used
      ? [{ used: used[name], requested: podRequests(pod.spec)[name] }]
      : [];
  });
  if (samples.length === 0) {
    return undefined;
  }
  const used = samples.reduce((sum, sample) => sum + sample.used, 0);
  const requested = samples.reduce((sum, sample) => sum + sample.requested, 0);
  // In steps, so that small movements are not a change of status every time.
  const average = roundTo(
    used / samples.length,
    name === 'cpu' ? 0.005 : 2 ** 22,
  );
  if (target.averageUtilization !== undefined) {
    if (requested === 0) {
      return undefined;
    }
    const utilization = Math.round(
      (average * samples.length * 100) / requested,
    );
    return {
      name,
      average,
      utilization,
      ratio: utilization / target.averageUtilization,
    };
  }
  return {
    name,
    average,
    ratio: average / (parseQuantity(target.averageValue) || average),
  };
}

function desiredOf(
  measures: readonly Measure[],
  pods: readonly KubernetesObject[],
  current: number,
): number {
  if (measures.length === 0) {
    return current;
  }
  const ratio = Math.max(...measures.map(measured => measured.ratio));
  return Math.abs(ratio - 1) <= TOLERANCE
    ? current
    : Math.ceil(ratio * Math.max(1, pods.filter(isReady).length));
}

/** Goes up at once, and down only to the highest number that was wanted within the window. */
function stabilize(
  recent: Map<string, readonly Recommendation[]>,
  key: string,
  current: number,
  wanted: number,
): number {
  const now = Date.now();
  const known = recent.get(key) ?? [{ time: now, replicas: current }];
  const window = [
    ...known.filter(({ time }) => time > now - DOWN_WINDOW),
    { time: now, replicas: wanted },
  ];
  recent.set(key, window);
  return wanted >= current
    ? wanted
    : Math.min(current, Math.max(...window.map(({ replicas }) => replicas)));
}

function roundTo(value: number, step: number): number {
  return Math.round(value / step) * step;
}

interface ScalingState {
  readonly measured: boolean;
  readonly current: number;
  readonly wanted: number;
  readonly least: number;
  readonly most: number;
}

function conditionsOf(
  autoscaler: KubernetesObject,
  state: ScalingState,
): Condition[] {
  const conditions = setCondition(autoscaler.status?.conditions, {
    type: 'AbleToScale',
    status: 'True',
    reason: 'ReadyForNewScale',
    message: 'recommended size matches current size',
  });
  return setCondition(
    setCondition(conditions, activity(state)),
    limitation(state),
  );
}

function activity({ current, measured }: ScalingState): Condition {
  const type = 'ScalingActive';
  if (current === 0) {
    return {
      type,
      status: 'False',
      reason: 'ScalingDisabled',
      message:
        'scaling is disabled since the replica count of the target is zero',
    };
  }
  return measured
    ? {
        type,
        status: 'True',
        reason: 'ValidMetricFound',
        message:
          'the HPA was able to successfully calculate a replica count from cpu resource utilization (percentage of request)',
      }
    : {
        type,
        status: 'False',
        reason: 'FailedGetResourceMetric',
        message:
          'the HPA was unable to compute the replica count: failed to get cpu utilization: unable to get metrics for resource cpu: no metrics returned from resource metrics API',
      };
}

function limitation({ wanted, least, most }: ScalingState): Condition {
  const type = 'ScalingLimited';
  if (wanted > most) {
    return {
      type,
      status: 'True',
      reason: 'TooManyReplicas',
      message:
        'the desired replica count is more than the maximum replica count',
    };
  }
  return wanted < least
    ? {
        type,
        status: 'True',
        reason: 'TooFewReplicas',
        message:
          'the desired replica count is less than the minimum replica count',
      }
    : {
        type,
        status: 'False',
        reason: 'DesiredWithinRange',
        message: 'the desired count is within the acceptable range',
      };
}
