import type { HealthStatus } from '../ApplicationTypes';
import { asList, conditionOf, numberAt, textAt } from './readStatus';
import type { HealthRule } from './readStatus';

const progressing = (message?: string): HealthStatus => ({
  status: 'Progressing',
  ...(message && { message }),
});
const healthy = (message?: string): HealthStatus => ({
  status: 'Healthy',
  ...(message && { message }),
});
const degraded = (message?: string): HealthStatus => ({
  status: 'Degraded',
  ...(message && { message }),
});
const suspended = (message?: string): HealthStatus => ({
  status: 'Suspended',
  ...(message && { message }),
});

/** @internal */
export const deploymentHealth: HealthRule = ({ metadata, spec, status }) => {
  if (spec?.paused) {
    return suspended('Deployment is paused');
  }
  if (
    numberAt(metadata, 'generation') > numberAt(status, 'observedGeneration')
  ) {
    return progressing(
      'Waiting for rollout to finish: observed deployment generation less than desired generation',
    );
  }
  if (
    conditionOf(status, 'Progressing')?.reason === 'ProgressDeadlineExceeded'
  ) {
    return degraded(
      `Deployment "${metadata.name}" exceeded its progress deadline`,
    );
  }
  const updated = numberAt(status, 'updatedReplicas');
  const total = numberAt(status, 'replicas');
  const available = numberAt(status, 'availableReplicas');
  if (typeof spec?.replicas === 'number' && updated < spec.replicas) {
    return progressing(
      `Waiting for rollout to finish: ${updated} out of ${spec.replicas} new replicas have been updated...`,
    );
  }
  if (total > updated) {
    return progressing(
      `Waiting for rollout to finish: ${
        total - updated
      } old replicas are pending termination...`,
    );
  }
  if (available < updated) {
    return progressing(
      `Waiting for rollout to finish: ${available} of ${updated} updated replicas are available...`,
    );
  }
  return healthy();
};

/** @internal */
export const statefulSetHealth: HealthRule = ({ metadata, spec, status }) => {
  const observed = numberAt(status, 'observedGeneration');
  if (observed === 0 || numberAt(metadata, 'generation') > observed) {
    return progressing('Waiting for statefulset spec update to be observed...');
  }
  const replicas = spec?.replicas;
  const ready = numberAt(status, 'readyReplicas');
  const updated = numberAt(status, 'updatedReplicas');
  if (typeof replicas === 'number' && ready < replicas) {
    return progressing(`Waiting for ${replicas - ready} pods to be ready...`);
  }
  const strategy = spec?.updateStrategy;
  if (strategy?.type === 'RollingUpdate' && strategy.rollingUpdate) {
    const { partition } = strategy.rollingUpdate;
    if (
      typeof replicas === 'number' &&
      typeof partition === 'number' &&
      updated < replicas - partition
    ) {
      return progressing(
        `Waiting for partitioned roll out to finish: ${updated} out of ${
          replicas - partition
        } new pods have been updated...`,
      );
    }
    return healthy(
      `partitioned roll out complete: ${updated} new pods have been updated...`,
    );
  }
  if (strategy?.type === 'OnDelete') {
    return healthy(`statefulset has ${ready} ready pods`);
  }
  if (status?.updateRevision !== status?.currentRevision) {
    return progressing(
      `waiting for statefulset rolling update to complete ${updated} pods at revision ${status?.updateRevision}...`,
    );
  }
  return healthy(
    `statefulset rolling update complete ${numberAt(
      status,
      'currentReplicas',
    )} pods at revision ${status?.currentRevision ?? ''}...`,
  );
};

/** @internal */
export const replicaSetHealth: HealthRule = ({ metadata, spec, status }) => {
  if (
    numberAt(metadata, 'generation') > numberAt(status, 'observedGeneration')
  ) {
    return progressing(
      'Waiting for rollout to finish: observed replica set generation less than desired generation',
    );
  }
  const failure = conditionOf(status, 'ReplicaFailure');
  if (failure?.status === 'True') {
    return degraded(failure.message);
  }
  const available = numberAt(status, 'availableReplicas');
  return typeof spec?.replicas === 'number' && available < spec.replicas
    ? progressing(
        `Waiting for rollout to finish: ${available} out of ${spec.replicas} new replicas are available...`,
      )
    : healthy();
};

/** @internal */
export const daemonSetHealth: HealthRule = ({ metadata, spec, status }) => {
  if (
    numberAt(metadata, 'generation') > numberAt(status, 'observedGeneration')
  ) {
    return progressing(
      'Waiting for rollout to finish: observed daemon set generation less than desired generation',
    );
  }
  const updated = numberAt(status, 'updatedNumberScheduled');
  const desired = numberAt(status, 'desiredNumberScheduled');
  const available = numberAt(status, 'numberAvailable');
  if (spec?.updateStrategy?.type === 'OnDelete') {
    return healthy(
      `daemon set ${updated} out of ${desired} new pods have been updated`,
    );
  }
  if (updated < desired) {
    return progressing(
      `Waiting for daemon set "${metadata.name}" rollout to finish: ${updated} out of ${desired} new pods have been updated...`,
    );
  }
  return available < desired
    ? progressing(
        `Waiting for daemon set "${metadata.name}" rollout to finish: ${available} of ${desired} updated pods are available...`,
      )
    : healthy();
};

/** @internal */
export const podHealth: HealthRule = ({ spec, status }) => {
  const containers = asList(status?.containerStatuses);
  const restarts = spec?.restartPolicy ?? 'Always';
  if (restarts === 'Always') {
    const failing = containers
      .map(container => container.state?.waiting)
      .filter(waiting =>
        /^Err|Error$|BackOff$/.test(textAt(waiting, 'reason')),
      );
    if (failing.length > 0) {
      return degraded(
        failing.map(waiting => textAt(waiting, 'message')).join(', '),
      );
    }
  }
  const message = textAt(status, 'message');
  switch (status?.phase) {
    case 'Pending':
      return progressing(message);
    case 'Succeeded':
      return healthy(message);
    case 'Failed':
      return degraded(
        message ||
          [...asList(status.initContainerStatuses), ...containers]
            .map(whyFailed)
            .find(reason => reason !== ''),
      );
    case 'Running':
      if (restarts !== 'Always') {
        return progressing(message);
      }
      if (conditionOf(status, 'Ready')?.status === 'True') {
        return healthy(message);
      }
      return containers.some(container => container.lastState?.terminated)
        ? degraded(message)
        : progressing(message);
    default:
      return { status: 'Unknown', ...(message && { message }) };
  }
};

function whyFailed(container: Record<string, any>): string {
  const terminated = container.state?.terminated;
  if (!terminated) {
    return '';
  }
  if (terminated.message) {
    return String(terminated.message);
  }
  if (terminated.reason === 'OOMKilled') {
    return 'OOMKilled';
  }
  return terminated.exitCode
    ? `container "${container.name}" failed with exit code ${terminated.exitCode}`
    : '';
}

/** @internal */
export const jobHealth: HealthRule = ({ status }) => {
  const failed = conditionOf(status, 'Failed');
  const complete = conditionOf(status, 'Complete');
  const stopped = conditionOf(status, 'Suspended');
  if (failed) {
    return degraded(failed.message);
  }
  if (stopped?.status === 'True') {
    return suspended();
  }
  if (complete || stopped) {
    return healthy((complete ?? stopped)?.message);
  }
  return progressing();
};

const FAILING_SCALERS: Record<string, readonly string[]> = {
  AbleToScale: ['FailedGetScale', 'FailedUpdateScale'],
  ScalingActive: [
    'FailedGetResourceMetric',
    'FailedGetObjectMetric',
    'FailedGetPodsMetric',
    'FailedGetExternalMetric',
    'FailedComputeMetricsReplicas',
    'InvalidSelector',
  ],
};

/** @internal */
export const horizontalPodAutoscalerHealth: HealthRule = object => {
  const annotation =
    object.metadata.annotations?.['autoscaling.alpha.kubernetes.io/conditions'];
  const conditions = object.apiVersion.endsWith('/v1')
    ? parseConditions(annotation)
    : asList(object.status?.conditions);
  const failing = conditions.find(({ type, reason }) =>
    FAILING_SCALERS[type]?.includes(reason),
  );
  if (failing) {
    return degraded(failing.message);
  }
  const working = conditions.find(
    ({ type, status }) =>
      (type === 'AbleToScale' || type === 'ScalingLimited') &&
      status === 'True',
  );
  return working
    ? healthy(working.message)
    : progressing('Waiting to Autoscale');
};

function parseConditions(annotation: string | undefined) {
  try {
    return asList(JSON.parse(annotation ?? '[]'));
  } catch {
    return []; // not written by Kubernetes: as if there were none
  }
}

/** @internal */
export const persistentVolumeClaimHealth: HealthRule = ({ status }) => {
  switch (status?.phase) {
    case 'Lost':
      return degraded();
    case 'Pending':
      return progressing();
    case 'Bound':
      return healthy();
    default:
      return { status: 'Unknown' };
  }
};

/** @internal */
export const serviceHealth: HealthRule = ({ spec, status }) =>
  spec?.type === 'LoadBalancer' &&
  asList(status?.loadBalancer?.ingress).length === 0
    ? progressing()
    : healthy();

/** @internal */
export const ingressHealth: HealthRule = ({ status }) =>
  asList(status?.loadBalancer?.ingress).length > 0 ? healthy() : progressing();
