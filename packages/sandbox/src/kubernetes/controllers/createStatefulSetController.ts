import type { KubernetesObject } from '../KubernetesCluster';
import { StatusError } from '../StatusError';
import { Availability } from './Availability';
import type { Controller, ControllerTools } from './Controller';
import { createPod } from './createPod';
import { objectKey, refOf, refTo } from './objectKey';
import { controllerKeys, listControlled } from './ownerReferences';
import { hasEnded, isReady } from './podState';
import { PERSISTENT_VOLUME_CLAIM, POD, STATEFUL_SET } from './resourceTypes';
import { templateHash } from './templateHash';
import { writeStatus } from './writeStatus';

const NAME = 'statefulset-controller';
const REVISION_LABEL = 'controller-revision-hash';

/** Keeps pods with an identity: in order, each with its claims, updated from the last to the first. @internal */
export function createStatefulSetController(
  tools: ControllerTools,
): Controller {
  const { cluster } = tools;
  const availability = new Availability(tools.timers);
  return {
    name: NAME,
    watches: [
      { type: STATEFUL_SET, keys: ({ object }) => [objectKey(object)] },
      {
        type: POD,
        keys: ({ object }) => controllerKeys(object, 'StatefulSet'),
      },
    ],
    reconcile(key, queue) {
      const set = cluster.get(refOf(STATEFUL_SET, key));
      if (!set || set.metadata.deletionTimestamp) {
        return;
      }
      const revision = `${set.metadata.name}-${templateHash(
        set.spec.template,
      )}`;
      const wanted: number = set.spec.replicas ?? 1;
      try {
        advance(tools, set, revision, wanted);
      } catch (error) {
        if (!(error instanceof StatusError)) {
          throw error;
        }
        record(tools, set, 'Warning', 'FailedCreate', error.message);
        queue.addAfter(key, 5000);
      }
      const pods = listControlled(cluster, POD, set);
      const updated = pods.filter(
        ({ metadata }) => metadata.labels?.[REVISION_LABEL] === revision,
      );
      const minReady: number = set.spec.minReadySeconds ?? 0;
      const complete = updated.length === wanted && pods.length === wanted;
      const current = complete
        ? revision
        : set.status?.currentRevision ?? revision;
      writeStatus(cluster, set, {
        observedGeneration: set.metadata.generation,
        replicas: pods.length,
        readyReplicas: pods.filter(isReady).length,
        availableReplicas: pods.filter(pod =>
          availability.isAvailable(pod, minReady, () => queue.add(key)),
        ).length,
        currentReplicas: pods.filter(
          ({ metadata }) => metadata.labels?.[REVISION_LABEL] === current,
        ).length,
        updatedReplicas: updated.length,
        currentRevision: current,
        updateRevision: revision,
        collisionCount: 0,
      });
    },
  };
}

/** Does the next step, one pod at a time unless the pods are managed in parallel. */
function advance(
  tools: ControllerTools,
  set: KubernetesObject,
  revision: string,
  wanted: number,
) {
  const { cluster } = tools;
  const parallel = set.spec.podManagementPolicy === 'Parallel';
  const first: number = set.spec.ordinals?.start ?? 0;
  const byName = new Map(
    listControlled(cluster, POD, set).map(pod => [pod.metadata.name!, pod]),
  );
  const nameOf = (index: number) => `${set.metadata.name}-${first + index}`;

  for (let index = 0; index < wanted; index++) {
    const pod = byName.get(nameOf(index));
    if (!pod) {
      createMember(tools, set, nameOf(index), first + index, revision);
    } else if (hasEnded(pod)) {
      removeMember(tools, set, pod);
    }
    if (!parallel && (!pod || !isReady(pod))) {
      return;
    }
  }
  const surplus = [...byName.values()]
    .filter(({ metadata }) => ordinalOf(metadata.name!) >= first + wanted)
    .sort((a, b) => ordinalOf(b.metadata.name!) - ordinalOf(a.metadata.name!));
  for (const pod of surplus) {
    if (!pod.metadata.deletionTimestamp) {
      removeMember(tools, set, pod);
    }
    if (!parallel) {
      return;
    }
  }
  if (set.spec.updateStrategy?.type === 'OnDelete') {
    return;
  }
  const partition: number =
    set.spec.updateStrategy?.rollingUpdate?.partition ?? 0;
  for (let index = wanted - 1; index >= partition; index--) {
    const pod = byName.get(nameOf(index));
    if (!pod || pod.metadata.deletionTimestamp) {
      return;
    }
    if (pod.metadata.labels?.[REVISION_LABEL] !== revision) {
      removeMember(tools, set, pod);
      return;
    }
    if (!isReady(pod)) {
      return;
    }
  }
}

function createMember(
  tools: ControllerTools,
  set: KubernetesObject,
  name: string,
  ordinal: number,
  revision: string,
) {
  const { cluster } = tools;
  const claims = (set.spec.volumeClaimTemplates ?? []) as KubernetesObject[];
  for (const claim of claims) {
    const ref = {
      ...PERSISTENT_VOLUME_CLAIM,
      namespace: set.metadata.namespace,
      name: `${claim.metadata.name}-${name}`,
    };
    if (!cluster.get(ref)) {
      cluster.create(
        {
          ...PERSISTENT_VOLUME_CLAIM,
          metadata: {
            name: ref.name,
            namespace: ref.namespace,
            labels: {
              ...claim.metadata.labels,
              ...set.spec.selector.matchLabels,
            },
          },
          spec: claim.spec,
        },
        { fieldManager: 'kube-controller-manager' },
      );
      record(
        tools,
        set,
        'Normal',
        'SuccessfulCreate',
        `create Claim ${ref.name} Pod ${name} in StatefulSet ${set.metadata.name} success`,
      );
    }
  }
  createPod(cluster, set, {
    template: set.spec.template,
    name,
    labels: {
      'apps.kubernetes.io/pod-index': String(ordinal),
      [REVISION_LABEL]: revision,
      'statefulset.kubernetes.io/pod-name': name,
    },
    spec: {
      hostname: name,
      subdomain: set.spec.serviceName,
      ...(claims.length > 0 && {
        volumes: [
          ...claims.map(({ metadata }) => ({
            name: metadata.name,
            persistentVolumeClaim: { claimName: `${metadata.name}-${name}` },
          })),
          ...(set.spec.template.spec.volumes ?? []),
        ],
      }),
    },
  });
  record(
    tools,
    set,
    'Normal',
    'SuccessfulCreate',
    `create Pod ${name} in StatefulSet ${set.metadata.name} successful`,
  );
}

function removeMember(
  tools: ControllerTools,
  set: KubernetesObject,
  pod: KubernetesObject,
) {
  tools.cluster.delete(refTo(pod));
  record(
    tools,
    set,
    'Normal',
    'SuccessfulDelete',
    `delete Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name} successful`,
  );
}

function record(
  { cluster }: ControllerTools,
  regarding: KubernetesObject,
  type: 'Normal' | 'Warning',
  reason: string,
  message: string,
) {
  cluster.recordEvent({ regarding, type, reason, message, component: NAME });
}

function ordinalOf(name: string): number {
  return Number(name.slice(name.lastIndexOf('-') + 1));
}
