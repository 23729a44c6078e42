import type { HealthCode, HealthStatus } from '../ApplicationTypes';
import { asList, conditionOf, numberAt, textAt } from './readStatus';
import type { HealthRule } from './readStatus';

/** Rollouts: what the controller says, and Suspended for Paused. @internal */
export const rolloutHealth: HealthRule = ({ metadata, spec, status }) => {
  const observed = Number(status?.observedGeneration ?? Number.NaN);
  const generation = metadata.generation ?? 0;
  const current =
    status !== undefined &&
    (Number.isNaN(observed) || observed >= generation) &&
    (!spec?.workloadRef ||
      metadata.annotations?.['rollout.argoproj.io/workload-generation'] ===
        status.workloadObservedGeneration);
  if (!current) {
    return {
      status: 'Progressing',
      message: 'Waiting for rollout spec update to be observed',
    };
  }
  if (status.phase) {
    return {
      status: status.phase === 'Paused' ? 'Suspended' : status.phase,
      ...(status.message && { message: status.message }),
    };
  }
  const failed = asList(status.conditions).find(
    ({ type, reason }) =>
      type === 'InvalidSpec' ||
      (type === 'Progressing' &&
        (reason === 'RolloutAborted' || reason === 'ProgressDeadlineExceeded')),
  );
  if (failed) {
    return { status: 'Degraded', message: failed.message };
  }
  if (asList(status.pauseConditions).length > 0 || spec?.paused) {
    return { status: 'Suspended', message: 'Rollout is paused' };
  }
  return rolloutProgress(spec, status) ?? { status: 'Healthy' };
};

/** For controllers before 1.0, which record no phase. */
function rolloutProgress(spec: any, status: any): HealthStatus | undefined {
  const waiting = (message: string): HealthStatus => ({
    status: 'Progressing',
    message,
  });
  if (status.currentPodHash === undefined) {
    return waiting(
      'Waiting for rollout to finish: status has not been reconciled.',
    );
  }
  const updated = numberAt(status, 'updatedReplicas');
  if (updated < (spec?.replicas ?? 1)) {
    return waiting(
      'Waiting for roll out to finish: More replicas need to be updated',
    );
  }
  if (numberAt(status, 'availableReplicas') < updated) {
    return waiting(
      'Waiting for roll out to finish: updated replicas are still becoming available',
    );
  }
  const stable = status.stableRS ?? status.canary?.stableRS ?? '';
  if (spec?.strategy?.blueGreen) {
    if (status.blueGreen?.activeSelector !== status.currentPodHash) {
      return waiting('active service cutover pending');
    }
    return stable !== '' && stable !== status.currentPodHash
      ? waiting('waiting for analysis to complete')
      : undefined;
  }
  if (spec?.strategy?.canary) {
    if (numberAt(status, 'replicas') > updated) {
      return waiting(
        'Waiting for roll out to finish: old replicas are pending termination',
      );
    }
    return stable !== status.currentPodHash
      ? waiting('Waiting for rollout to finish steps')
      : undefined;
  }
  return undefined;
}

/** Providers of Crossplane. @internal */
export const providerHealth: HealthRule = ({ status }) => {
  if (!status?.conditions) {
    return {
      status: 'Progressing',
      message: 'Waiting for provider to be installed',
    };
  }
  const installed = conditionOf(status, 'Installed');
  const healthy = conditionOf(status, 'Healthy');
  return {
    status:
      installed?.status === 'True' && healthy?.status === 'True'
        ? 'Healthy'
        : 'Degraded',
    message: `${installed?.reason} ${healthy?.reason}`,
  };
};

const ANALYSIS: Record<string, HealthStatus> = {
  Pending: { status: 'Progressing', message: 'Analysis run is running' },
  Running: { status: 'Progressing', message: 'Analysis run is running' },
  Successful: {
    status: 'Healthy',
    message: 'Analysis run completed successfully',
  },
  Failed: { status: 'Degraded', message: 'Analysis run failed' },
  Error: { status: 'Degraded', message: 'Analysis run had an error' },
  Inconclusive: {
    status: 'Unknown',
    message: 'Analysis run was inconclusive',
  },
};

/** @internal */
export const analysisRunHealth: HealthRule = ({ status }) => {
  const rule = ANALYSIS[textAt(status, 'phase')];
  return rule
    ? { ...rule, ...(status.message && { message: status.message }) }
    : {
        status: 'Progressing',
        message:
          'Waiting for analysis run to finish: status has not been reconciled.',
      };
};

const POSTGRES_PHASES: Record<string, HealthCode> = {
  'Cluster in healthy state': 'Healthy',
  'Setting up primary': 'Progressing',
  'Creating a new replica': 'Progressing',
  'Upgrading cluster': 'Progressing',
  'Waiting for the instances to become active': 'Progressing',
  'Promoting to primary cluster': 'Progressing',
  'Switchover in progress': 'Degraded',
  'Failing over': 'Degraded',
  'Upgrading Postgres major version': 'Degraded',
  'Cluster upgrade delayed': 'Degraded',
  'Waiting for user action': 'Degraded',
  'Primary instance is being restarted in-place': 'Degraded',
  'Primary instance is being restarted without a switchover': 'Degraded',
  'Online upgrade in progress': 'Degraded',
  'Applying configuration': 'Degraded',
  'Unable to create required cluster objects': 'Suspended',
  'Cluster cannot proceed to reconciliation due to an unknown plugin being required':
    'Suspended',
  'Cluster has incomplete or invalid image catalog': 'Suspended',
  'Cluster is unrecoverable and needs manual intervention': 'Suspended',
};

/** Clusters of CloudNativePG. @internal */
export const postgresClusterHealth: HealthRule = ({ metadata, status }) => {
  if (metadata.annotations?.['cnpg.io/reconciliationLoop'] === 'disabled') {
    return {
      status: 'Suspended',
      message: 'Cluster reconciliation is suspended',
    };
  }
  const reason = textAt(status, 'phaseReason');
  const message = reason === '' ? {} : { message: reason };
  if (!status?.conditions) {
    return { status: 'Progressing', ...message };
  }
  const hibernation = conditionOf(status, 'cnpg.io/hibernation');
  if (hibernation) {
    return {
      status: hibernation.status === 'True' ? 'Suspended' : 'Degraded',
      message: hibernation.message,
    };
  }
  return {
    status: POSTGRES_PHASES[textAt(status, 'phase')] ?? 'Unknown',
    ...message,
  };
};

const READY_TYPES = [
  'Ready',
  'Healthy',
  'Offered',
  'Established',
  'ValidPipeline',
  'RevisionHealthy',
];

const WITHOUT_STATUS = [
  'Composition',
  'CompositionRevision',
  'DeploymentRuntimeConfig',
  'ClusterProviderConfig',
  'ProviderConfig',
  'ProviderConfigUsage',
  'ControllerConfig',
];

/** Crossplane's kinds and the composite resources of a platform: by their conditions. @internal */
export const crossplaneHealth: HealthRule = ({ kind, status }) => {
  const empty = !status || Object.keys(status).length === 0;
  if (empty && WITHOUT_STATUS.includes(kind)) {
    return { status: 'Healthy', message: 'Resource is up-to-date.' };
  }
  if (!status?.conditions) {
    return /^(Cluster)?ProviderConfig$/.test(kind) &&
      status?.users !== undefined
      ? { status: 'Healthy', message: 'Resource is in use.' }
      : { status: 'Progressing', message: 'Provisioning ...' };
  }
  const conditions = asList(status.conditions);
  const broken = conditions.find(
    ({ type, status: state }) =>
      (type === 'LastAsyncOperation' || type === 'Synced') && state === 'False',
  );
  if (broken) {
    return { status: 'Degraded', message: broken.message };
  }
  return conditions.some(
    ({ type, status: state }) => READY_TYPES.includes(type) && state === 'True',
  )
    ? { status: 'Healthy', message: 'Resource is up-to-date.' }
    : { status: 'Progressing', message: 'Provisioning ...' };
};

/** Kinds whose one condition `Ready` says it: External Secrets, cert-manager. @internal */
export function readyConditionHealth(waiting: string): HealthRule {
  return ({ status }) => {
    const issuing = conditionOf(status, 'Issuing');
    if (issuing?.status === 'True') {
      return { status: 'Progressing', message: issuing.message };
    }
    const ready = conditionOf(status, 'Ready');
    switch (ready?.status) {
      case 'True':
        return { status: 'Healthy', message: ready.message };
      case 'False':
        return { status: 'Degraded', message: ready.message };
      default:
        return { status: 'Progressing', message: waiting };
    }
  };
}

/** @internal */
export const applicationSetHealth: HealthRule = ({ status }) => {
  const is = (type: string, state: string) => {
    const condition = conditionOf(status, type);
    return condition?.status === state ? condition : undefined;
  };
  const rules: [StatusOf, HealthCode][] = [
    [is('ErrorOccurred', 'True'), 'Degraded'],
    [is('ResourcesUpToDate', 'False'), 'Degraded'],
    [is('RolloutProgressing', 'True'), 'Progressing'],
    [is('ResourcesUpToDate', 'True'), 'Healthy'],
  ];
  const [condition, code] = rules.find(([found]) => found) ?? [];
  return condition && code
    ? { status: code, message: condition.message }
    : {
        status: 'Progressing',
        message: 'Waiting for the status to be reported',
      };
};

type StatusOf = ReturnType<typeof conditionOf>;
