export { createKubernetes } from './createKubernetes';
export type { Kubernetes, KubernetesOptions } from './createKubernetes';
export { createKubernetesCluster } from './createKubernetesCluster';
export type { RunningKubernetesCluster } from './createKubernetesCluster';
export type { KubernetesClusterOptions } from './ClusterServer';
export { StatusError } from './StatusError';
export type { StatusDetails } from './StatusError';
export { writeKubeconfig } from './writeKubeconfig';
export type { KubeconfigOptions } from './writeKubeconfig';
