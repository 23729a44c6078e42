import type { KubernetesObject } from '../KubernetesCluster';
import { findCondition, setCondition } from './conditions';
import type { Controller, ControllerTools } from './Controller';
import { matchesLabels } from './labelSelector';
import { NodeAllocations } from './NodeAllocations';
import { namespaceOfKey, objectKey, refOf, refTo } from './objectKey';
import { parseQuantity, podRequests } from './quantities';
import { NODE, PERSISTENT_VOLUME_CLAIM, POD } from './resourceTypes';
import { writeStatus } from './writeStatus';

const NAME = 'default-scheduler';

/**
 * Gives pods a node that has room, is not cordoned, has the labels asked for and no taint against them: of those,
 * the one with the fewest pods.
 *
 * @internal
 */
export function createScheduler(tools: ControllerTools): Controller {
  const { cluster } = tools;
  const allocations = new NodeAllocations();
  const waiting = new Set<string>();
  let endWatch: (() => void) | undefined;

  return {
    name: NAME,
    start(queue) {
      endWatch = allocations.watch(cluster, () => {
        waiting.forEach(key => queue.add(key));
      });
    },
    stop() {
      endWatch?.();
    },
    watches: [
      {
        type: POD,
        keys: ({ type, object }) =>
          type !== 'DELETED' && !object.spec.nodeName
            ? [objectKey(object)]
            : [],
      },
      { type: NODE, keys: () => [...waiting] },
      {
        type: PERSISTENT_VOLUME_CLAIM,
        keys: ({ object }) =>
          [...waiting].filter(
            key => namespaceOfKey(key) === object.metadata.namespace,
          ),
      },
    ],
    reconcile(key) {
      waiting.delete(key);
      const pod = cluster.get(refOf(POD, key));
      if (!pod || pod.spec.nodeName || pod.metadata.deletionTimestamp) {
        return;
      }
      const nodes = cluster.list(NODE);
      const { node, problem } = choose(pod, nodes, allocations);
      const claim = findUnboundClaim(tools, pod);
      if (node && !claim) {
        allocations.add(pod, node.metadata.name!);
        bind(tools, pod, node.metadata.name!);
        return;
      }
      waiting.add(key);
      const count = `0/${nodes.length} nodes are available: `;
      reject(
        tools,
        pod,
        claim ??
          `${count}${problem}. preemption: ${count}${nodes.length} No preemption victims found for incoming pod.`,
      );
    },
  };
}

function choose(
  pod: KubernetesObject,
  nodes: readonly KubernetesObject[],
  allocations: NodeAllocations,
): { node?: KubernetesObject; problem: string } {
  const problems = new Map<string, number>();
  let best: { node: KubernetesObject; pods: number } | undefined;
  for (const node of nodes) {
    const reasons = refusals(pod, node, allocations);
    for (const reason of reasons) {
      problems.set(reason, (problems.get(reason) ?? 0) + 1);
    }
    const { pods } = allocations.on(node.metadata.name!);
    if (reasons.length === 0 && (!best || pods < best.pods)) {
      best = { node, pods };
    }
  }
  return {
    node: best?.node,
    problem: [...problems]
      .map(([reason, count]) => `${count} ${reason}`)
      .sort()
      .join(', '),
  };
}

function refusals(
  pod: KubernetesObject,
  node: KubernetesObject,
  allocations: NodeAllocations,
): string[] {
  if (node.spec?.unschedulable) {
    return ['node(s) were unschedulable'];
  }
  if (findTaint(pod, node)) {
    return ['node(s) had untolerated taint(s)'];
  }
  if (!matchesLabels(pod.spec.nodeSelector, node.metadata.labels)) {
    return ["node(s) didn't match Pod's node affinity/selector"];
  }
  const { allocatable } = node.status;
  const used = allocations.on(node.metadata.name!);
  const asked = podRequests(pod.spec);
  return [
    ...(used.cpu + asked.cpu > parseQuantity(allocatable.cpu)
      ? ['Insufficient cpu']
      : []),
    ...(used.memory + asked.memory > parseQuantity(allocatable.memory)
      ? ['Insufficient memory']
      : []),
    ...(used.pods + 1 > parseQuantity(allocatable.pods)
      ? ['Too many pods']
      : []),
  ];
}

interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
}

function findTaint(
  pod: KubernetesObject,
  node: KubernetesObject,
): Taint | undefined {
  const tolerations = (pod.spec.tolerations ?? []) as {
    key?: string;
    operator?: string;
    value?: string;
    effect?: string;
  }[];
  return ((node.spec?.taints ?? []) as Taint[]).find(
    taint =>
      taint.effect !== 'PreferNoSchedule' &&
      !tolerations.some(
        ({ key, operator, value, effect }) =>
          (!effect || effect === taint.effect) &&
          (!key || key === taint.key) &&
          (operator === 'Exists' || (value ?? '') === (taint.value ?? '')),
      ),
  );
}

function findUnboundClaim(
  { cluster }: ControllerTools,
  pod: KubernetesObject,
): string | undefined {
  for (const volume of (pod.spec.volumes ?? []) as {
    persistentVolumeClaim?: { claimName: string };
  }[]) {
    const name = volume.persistentVolumeClaim?.claimName;
    if (name) {
      const claim = cluster.get({
        ...PERSISTENT_VOLUME_CLAIM,
        namespace: pod.metadata.namespace,
        name,
      });
      if (!claim) {
        return `persistentvolumeclaim "${name}" not found`;
      }
      if (claim.status?.phase !== 'Bound') {
        return 'pod has unbound immediate PersistentVolumeClaims';
      }
    }
  }
  return undefined;
}

function bind(
  { cluster, isQuick }: ControllerTools,
  pod: KubernetesObject,
  node: string,
) {
  const bound = cluster.patch(
    refTo(pod),
    { spec: { nodeName: node } },
    { fieldManager: 'kube-scheduler' },
  );
  // The node writes the condition too, at once when it is quick.
  if (!isQuick?.()) {
    writeStatus(
      cluster,
      bound,
      {
        ...bound.status,
        phase: 'Pending',
        conditions: setCondition(bound.status?.conditions, {
          type: 'PodScheduled',
          status: 'True',
          lastProbeTime: null,
        }),
      },
      'kube-scheduler',
    );
  }
  cluster.recordEvent({
    regarding: pod,
    type: 'Normal',
    reason: 'Scheduled',
    message: `Successfully assigned ${objectKey(pod)} to ${node}`,
    component: NAME,
  });
}

function reject(
  { cluster }: ControllerTools,
  pod: KubernetesObject,
  message: string,
) {
  writeStatus(
    cluster,
    pod,
    {
      ...pod.status,
      phase: 'Pending',
      conditions: setCondition(pod.status?.conditions, {
        type: 'PodScheduled',
        status: 'False',
        reason: 'Unschedulable',
        message,
        lastProbeTime: null,
      }),
    },
    'kube-scheduler',
  );
  const previous = findCondition(pod.status?.conditions, 'PodScheduled');
  if (previous?.message !== message) {
    cluster.recordEvent({
      regarding: pod,
      type: 'Warning',
      reason: 'FailedScheduling',
      message,
      component: NAME,
    });
  }
}
