import type { KubernetesObject } from '../KubernetesCluster';
import type { Controller, ControllerTools } from './Controller';
import { createPod } from './createPod';
import { matchesLabels } from './labelSelector';
import { objectKey, refOf, refTo } from './objectKey';
import { controllerKeys, listControlled } from './ownerReferences';
import { isActive, isReady } from './podState';
import { DAEMON_SET, NODE, POD } from './resourceTypes';
import { templateHash } from './templateHash';
import { writeStatus } from './writeStatus';

const NAME = 'daemonset-controller';
const REVISION_LABEL = 'controller-revision-hash';
const TOLERATIONS = [
  {
    effect: 'NoSchedule',
    key: 'node.kubernetes.io/unschedulable',
    operator: 'Exists',
  },
];

/** Keeps one pod on each node; after a change of the template replaces them one after another. @internal */
export function createDaemonSetController(tools: ControllerTools): Controller {
  const { cluster } = tools;
  return {
    name: NAME,
    watches: [
      { type: DAEMON_SET, keys: ({ object }) => [objectKey(object)] },
      { type: POD, keys: ({ object }) => controllerKeys(object, 'DaemonSet') },
      {
        type: NODE,
        keys: ({ type }) =>
          type === 'MODIFIED' ? [] : cluster.list(DAEMON_SET).map(objectKey),
      },
    ],
    reconcile(key) {
      const set = cluster.get(refOf(DAEMON_SET, key));
      if (!set || set.metadata.deletionTimestamp) {
        return;
      }
      const nodes = cluster
        .list(NODE)
        .filter(({ metadata }) =>
          matchesLabels(set.spec.template.spec.nodeSelector, metadata.labels),
        )
        .map(({ metadata }) => metadata.name!);
      const revision = templateHash(set.spec.template);
      const isCurrent = ({ metadata }: KubernetesObject) =>
        metadata.labels?.[REVISION_LABEL] === revision;
      const all = listControlled(cluster, POD, set);
      for (const node of nodes) {
        if (!all.some(pod => pod.spec.nodeName === node)) {
          addPod(tools, set, node, revision);
        }
      }
      const surplus = all.filter(
        pod => isActive(pod) && !nodes.includes(pod.spec.nodeName),
      );
      const pods = listControlled(cluster, POD, set).filter(isActive);
      const outdated = pods.filter(pod => !isCurrent(pod));
      const steady = pods.length === nodes.length && pods.every(isReady);
      const broken = outdated.filter(pod => !isReady(pod));
      const next =
        set.spec.updateStrategy?.type === 'OnDelete'
          ? []
          : [...broken, ...(steady ? outdated : [])].slice(0, 1);
      for (const pod of [...surplus, ...next]) {
        cluster.delete(refTo(pod));
        record(
          tools,
          set,
          'SuccessfulDelete',
          `Deleted pod: ${pod.metadata.name}`,
        );
      }
      const ready = pods.filter(isReady).length;
      writeStatus(cluster, set, {
        currentNumberScheduled: pods.length,
        desiredNumberScheduled: nodes.length,
        numberAvailable: ready,
        numberMisscheduled: 0,
        numberReady: ready,
        ...(ready < nodes.length && {
          numberUnavailable: nodes.length - ready,
        }),
        observedGeneration: set.metadata.generation,
        updatedNumberScheduled: pods.filter(isCurrent).length,
      });
    },
  };
}

function addPod(
  tools: ControllerTools,
  set: KubernetesObject,
  node: string,
  revision: string,
) {
  const pod = createPod(tools.cluster, set, {
    template: set.spec.template,
    labels: { [REVISION_LABEL]: revision },
    spec: {
      nodeName: node,
      tolerations: [
        ...(set.spec.template.spec.tolerations ?? []),
        ...TOLERATIONS,
      ],
    },
  });
  record(tools, set, 'SuccessfulCreate', `Created pod: ${pod.metadata.name}`);
}

function record(
  { cluster }: ControllerTools,
  regarding: KubernetesObject,
  reason: string,
  message: string,
) {
  cluster.recordEvent({
    regarding,
    type: 'Normal',
    reason,
    message,
    component: NAME,
  });
}
