import type { KubernetesObject } from './KubernetesCluster';

/** What every cluster has from the start, and gets again if it was deleted. */
export function createBootstrapObjects(): readonly KubernetesObject[] {
  return ['default', 'kube-node-lease', 'kube-public', 'kube-system'].map(
    name => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }),
  );
}
