import type {
  Controller,
  ControllerQueue,
  ControllerTools,
} from '../../kubernetes/controllers/Controller';
import {
  findCondition,
  setCondition,
} from '../../kubernetes/controllers/conditions';
import type { Condition } from '../../kubernetes/controllers/conditions';
import {
  controllerOf,
  controllerReference,
} from '../../kubernetes/controllers/ownerReferences';
import { refTo } from '../../kubernetes/controllers/objectKey';
import { writeStatus } from '../../kubernetes/controllers/writeStatus';
import type { KubernetesObject } from '../../kubernetes/KubernetesCluster';
import {
  COMPOSITE_DEFINITION,
  COMPOSITE_LABEL,
  CUSTOM_RESOURCE_DEFINITION,
  isPaused,
  SIMULATED_ANNOTATION,
} from '../crossplaneTypes';
import { typedKey, typedRef, TypeWatches } from '../TypedKeys';
import { Pauses } from '../Pauses';
import {
  simulatedConnection,
  simulatedSecretName,
} from './simulatedConnection';

const NAME = 'sandbox-simulated-resource';
const SHORTEST_MILLISECONDS = 8000;
const LONGEST_MILLISECONDS = 30_000;
const MESSAGE =
  'Simulated by the sandbox: it looks as if it were there, and nothing was created';

/** Groups of which the sandbox has something real, or of which nothing becomes ready. */
const OTHER_GROUPS = new Set([
  'postgresql.cnpg.io',
  'argoproj.io',
  'apiextensions.crossplane.io',
  'monitoring.coreos.com',
]);

/**
 * Makes composed resources of kinds that nobody else looks after ready, after a while, and says so in them.
 *
 * @remarks
 * Such as buckets, caches and queues of providers and operators that the sandbox does not have.
 */
export function createSimulatedController({
  cluster,
  context,
  timers,
}: ControllerTools): Controller {
  const watches = new TypeWatches(cluster);
  const pauses = new Pauses(timers);
  let queue: ControllerQueue | undefined;

  const watchKind = ({ metadata, spec }: KubernetesObject) => {
    const isComposite =
      metadata.ownerReferences?.some(
        owner => owner.kind === COMPOSITE_DEFINITION.kind,
      ) ?? false;
    if (isComposite || OTHER_GROUPS.has(spec.group)) {
      return;
    }
    const version = spec.versions.find((item: any) => item.storage);
    watches.add(
      { apiVersion: `${spec.group}/${version.name}`, kind: spec.names.kind },
      ({ object }) => {
        if (object.metadata.labels?.[COMPOSITE_LABEL]) {
          queue?.add(typedKey(object));
        }
      },
    );
  };

  return {
    name: NAME,
    watches: [
      {
        type: CUSTOM_RESOURCE_DEFINITION,
        keys: ({ type, object }) => {
          if (type !== 'DELETED') {
            watchKind(object);
          }
          return [];
        },
      },
    ],
    start(ownQueue) {
      queue = ownQueue;
    },
    stop() {
      watches.stop();
    },
    reconcile(key, ownQueue) {
      const object = cluster.get(typedRef(key));
      if (!object || !controllerOf(object) || isPaused(object)) {
        return;
      }
      const conditions: Condition[] | undefined = object.status?.conditions;
      if (findCondition(conditions, 'Ready')?.status === 'True') {
        return;
      }
      const synced = setCondition(conditions, {
        type: 'Synced',
        status: 'True',
        reason: 'ReconcileSuccess',
        observedGeneration: object.metadata.generation,
      });
      const share = context.random(`simulated ${key}`)();
      const isOver = pauses.isOver(
        `simulated ${key} ${object.metadata.uid}`,
        SHORTEST_MILLISECONDS +
          share * (LONGEST_MILLISECONDS - SHORTEST_MILLISECONDS),
        () => ownQueue.add(key),
      );
      if (!isOver) {
        writeStatus(
          cluster,
          object,
          {
            ...object.status,
            conditions: setCondition(synced, {
              type: 'Ready',
              status: 'False',
              reason: 'Creating',
              message: MESSAGE,
            }),
          },
          NAME,
        );
        return;
      }
      const marked = cluster.patch(
        refTo(object),
        { metadata: { annotations: { [SIMULATED_ANNOTATION]: 'true' } } },
        { fieldManager: NAME },
      );
      const { namespace } = object.metadata;
      const secret = simulatedSecretName(object);
      if (namespace && secret) {
        cluster.apply(
          {
            apiVersion: 'v1',
            kind: 'Secret',
            type: 'connection.crossplane.io/v1alpha1',
            metadata: {
              name: secret,
              namespace,
              annotations: { [SIMULATED_ANNOTATION]: 'true' },
              ownerReferences: [controllerReference(object)],
            },
            data: simulatedConnection(context, object),
          },
          { fieldManager: NAME, force: true },
        );
      }
      writeStatus(
        cluster,
        marked,
        {
          ...marked.status,
          // In the words of Percona's operator, which has no condition of this name.
          ...(marked.kind === 'PerconaServerMongoDB' && { state: 'ready' }),
          conditions: setCondition(synced, {
            type: 'Ready',
            status: 'True',
            reason: 'Available',
            message: MESSAGE,
            observedGeneration: marked.metadata.generation,
          }),
        },
        NAME,
      );
    },
  };
}
