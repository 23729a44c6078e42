import type { Controller, ControllerTools } from './Controller';
import { LEASE, NODE } from './resourceTypes';
import { createSimulatedNodes } from './simulatedNodes';
import { writeStatus } from './writeStatus';

/** How often a node renews its lease. Real ones do each 10 seconds, for which nobody here is waiting. */
const RENEWAL = 60_000;
const LEASE_NAMESPACE = 'kube-node-lease';

/** Registers the simulated nodes and renews their leases. @internal */
export function createNodeController(
  tools: ControllerTools,
  options: { readonly count?: number },
): Controller {
  const { cluster, context } = tools;
  return {
    name: 'node-lifecycle-controller',
    start() {
      for (const node of createSimulatedNodes(
        context,
        cluster.name,
        options.count,
      )) {
        if (!cluster.get({ ...NODE, name: node.metadata.name! })) {
          const { status, ...object } = node;
          writeStatus(cluster, cluster.create(object), status, 'kubelet');
        }
      }
    },
    watches: [
      {
        type: NODE,
        keys: ({ type, object }) =>
          type === 'MODIFIED' ? [] : [object.metadata.name!],
      },
    ],
    reconcile(name, queue) {
      const node = cluster.get({ ...NODE, name });
      const lease = { ...LEASE, namespace: LEASE_NAMESPACE, name };
      if (!node || !cluster.serves(LEASE)) {
        return;
      }
      const renewTime = `${new Date().toISOString().slice(0, -1)}000Z`;
      if (cluster.get(lease)) {
        cluster.patch(
          lease,
          { spec: { renewTime } },
          { fieldManager: 'kubelet' },
        );
      } else {
        cluster.create({
          ...LEASE,
          metadata: {
            name,
            namespace: LEASE_NAMESPACE,
            ownerReferences: [
              {
                apiVersion: 'v1',
                kind: 'Node',
                name,
                uid: node.metadata.uid!,
              },
            ],
          },
          spec: {
            holderIdentity: name,
            leaseDurationSeconds: 40,
            renewTime,
          },
        });
      }
      queue.addAfter(name, RENEWAL);
    },
  };
}
