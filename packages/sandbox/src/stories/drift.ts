import type { ObjectRef } from '../kubernetes/KubernetesCluster';
import { namespaceOf } from '../seed/environments';
import type { Story } from './Story';

const CONFIG: ObjectRef = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  namespace: namespaceOf('ordering', 'production'),
  name: 'payment-service',
};

/** Somebody changes a cluster by hand. */
export const drift: Story = {
  name: 'drift',
  title: 'Drift',
  summary:
    'Somebody raises a timeout of payment-service in production with kubectl, and Git knows nothing of it.',
  look: 'Argo CD says that payment-service-production is out of sync in one field.',
  async start({ clusters }) {
    clusters
      .get('prod')!
      .patch(
        CONFIG,
        { data: { REQUEST_TIMEOUT_MS: '15000' } },
        { fieldManager: 'kubectl-edit' },
      );
  },
  async undo({ clusters }) {
    clusters
      .get('prod')!
      .patch(
        CONFIG,
        { data: { REQUEST_TIMEOUT_MS: '3000' } },
        { fieldManager: 'argocd-controller' },
      );
  },
};
