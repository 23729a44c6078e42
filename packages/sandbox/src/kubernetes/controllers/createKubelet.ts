import type { ClusterEvent, KubernetesObject } from '../KubernetesCluster';
import type { Controller, ControllerTools } from './Controller';
import { NodeState } from './NodeState';
import { objectKey, refOf } from './objectKey';
import type { PodBehaviour, PodBehaviours } from './PodBehaviours';
import type { KubeletTools } from './PodWorker';
import { PodWorker } from './PodWorker';
import { hasEnded } from './podState';
import { ReferenceWaiters } from './ReferenceWaiters';
import { CONFIG_MAP, POD, SECRET } from './resourceTypes';

interface Entry {
  readonly worker: PodWorker;
  /** How its containers behaved when the worker last looked. */
  behaviours: readonly PodBehaviour[];
}

/** Plays the nodes' part for all pods that have a node. @internal */
export function createKubelet(
  tools: ControllerTools,
  behaviours: PodBehaviours,
): Controller {
  const { cluster } = tools;
  const nodes = new NodeState(cluster);
  const entries = new Map<string, Entry>();
  const references = new ReferenceWaiters();
  let stopped = false;
  const kubelet: KubeletTools = {
    ...tools,
    behaviours,
    nodes,
    isQuick: tools.isQuick ?? (() => false),
    waitForReferences: (namespace, signal) =>
      references.wait(namespace, signal),
  };
  const behavioursOf = (pod: KubernetesObject) =>
    (pod.spec.containers as Parameters<PodBehaviours['of']>[1][]).map(
      container => behaviours.of(pod, container),
    );
  const wake = ({ object }: ClusterEvent): readonly string[] => {
    references.wake(object.metadata.namespace!);
    return [];
  };

  behaviours.subscribe(() => {
    if (stopped) {
      return;
    }
    for (const [key, entry] of entries) {
      const pod = cluster.get(refOf(POD, key));
      if (pod && !pod.metadata.deletionTimestamp && !hasEnded(pod)) {
        const now = behavioursOf(pod);
        if (now.join() !== entry.behaviours.join()) {
          entry.behaviours = now;
          entry.worker.run();
        }
      }
    }
  });

  return {
    name: 'kubelet',
    watches: [
      {
        type: POD,
        keys: event => {
          nodes.follow(event);
          const { object, type, previous } = event;
          // A pod's own status is the worker's doing and no news.
          return type === 'MODIFIED' &&
            previous?.spec.nodeName === object.spec.nodeName &&
            previous?.metadata.deletionTimestamp ===
              object.metadata.deletionTimestamp
            ? []
            : [objectKey(object)];
        },
      },
      { type: SECRET, keys: wake },
      { type: CONFIG_MAP, keys: wake },
    ],
    stop() {
      stopped = true;
      for (const { worker } of entries.values()) {
        worker.stop();
      }
      entries.clear();
    },
    reconcile(key) {
      const pod = cluster.get(refOf(POD, key));
      const known = entries.get(key);
      if (known && known.worker.uid !== pod?.metadata.uid) {
        known.worker.stop();
        entries.delete(key);
      }
      if (!pod?.spec.nodeName) {
        if (pod?.metadata.deletionTimestamp) {
          nodes.removePod(pod);
        }
        return;
      }
      const entry = entries.get(key) ?? {
        worker: new PodWorker(kubelet, pod, key),
        behaviours: behavioursOf(pod),
      };
      if (!entries.has(key)) {
        entries.set(key, entry);
        if (!pod.metadata.deletionTimestamp) {
          entry.worker.run();
        }
      }
      if (pod.metadata.deletionTimestamp) {
        entry.worker.terminate();
      }
    },
  };
}
