import type { TypeRef } from '../KubernetesCluster';

const core = (kind: string): TypeRef => ({ apiVersion: 'v1', kind });
const apps = (kind: string): TypeRef => ({ apiVersion: 'apps/v1', kind });
const batch = (kind: string): TypeRef => ({ apiVersion: 'batch/v1', kind });

/** @internal */
export const CONFIG_MAP = core('ConfigMap');
/** @internal */
export const ENDPOINTS = core('Endpoints');
/** @internal */
export const LIMIT_RANGE = core('LimitRange');
/** @internal */
export const NAMESPACE = core('Namespace');
/** @internal */
export const NODE = core('Node');
/** @internal */
export const PERSISTENT_VOLUME = core('PersistentVolume');
/** @internal */
export const PERSISTENT_VOLUME_CLAIM = core('PersistentVolumeClaim');
/** @internal */
export const POD = core('Pod');
/** @internal */
export const RESOURCE_QUOTA = core('ResourceQuota');
/** @internal */
export const SECRET = core('Secret');
/** @internal */
export const SERVICE = core('Service');
/** @internal */
export const SERVICE_ACCOUNT = core('ServiceAccount');
/** @internal */
export const DAEMON_SET = apps('DaemonSet');
/** @internal */
export const DEPLOYMENT = apps('Deployment');
/** @internal */
export const REPLICA_SET = apps('ReplicaSet');
/** @internal */
export const STATEFUL_SET = apps('StatefulSet');
/** @internal */
export const CRON_JOB = batch('CronJob');
/** @internal */
export const JOB = batch('Job');
/** @internal */
export const ENDPOINT_SLICE: TypeRef = {
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
};
/** @internal */
export const HORIZONTAL_POD_AUTOSCALER: TypeRef = {
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
};
/** @internal */
export const INGRESS: TypeRef = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
};
/** @internal */
export const LEASE: TypeRef = {
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
};
/** @internal */
export const POD_DISRUPTION_BUDGET: TypeRef = {
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
};
/** @internal */
export const STORAGE_CLASS: TypeRef = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
};
/** @internal */
export const ROLLOUT: TypeRef = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Rollout',
};
