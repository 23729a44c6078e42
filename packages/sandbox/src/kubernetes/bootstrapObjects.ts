import { createBootstrapRoles } from './access/bootstrapRoles';
import type { KubernetesObject } from './KubernetesCluster';

/** What every cluster has from the start, and gets again if it was deleted. */
export function createBootstrapObjects(): readonly KubernetesObject[] {
  return [
    ...['default', 'kube-node-lease', 'kube-public', 'kube-system'].map(
      name => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }),
    ),
    ...createBootstrapRoles(),
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {
        name: 'kubernetes',
        namespace: 'default',
        labels: { component: 'apiserver', provider: 'kubernetes' },
      },
      spec: {
        type: 'ClusterIP',
        clusterIP: '10.96.0.1',
        ports: [
          { name: 'https', port: 443, protocol: 'TCP', targetPort: 6443 },
        ],
      },
    },
  ];
}
