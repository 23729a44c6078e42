import type {
  Controller,
  ControllerQueue,
  ControllerTools,
} from '../../kubernetes/controllers/Controller';
import { controllerOf } from '../../kubernetes/controllers/ownerReferences';
import type { KubernetesObject } from '../../kubernetes/KubernetesCluster';
import {
  COMPOSITE_DEFINITION,
  compositeTypeOf,
  COMPOSITION_REVISION,
  groupOf,
} from '../crossplaneTypes';
import { typedKey, typedRef, TypeWatches } from '../TypedKeys';
import { ComposedObjects } from './ComposedObjects';
import { CompositeReconcile } from './CompositeReconcile';

const RETRY_MILLISECONDS = 30_000;

/** Makes what composite resources are composed of, and tells how they are. */
export function createCompositeController(tools: ControllerTools): Controller {
  const { cluster } = tools;
  const watches = new TypeWatches(cluster);
  const composed = new ComposedObjects(cluster);
  let queue: ControllerQueue | undefined;

  const findDefinition = ({ apiVersion, kind }: KubernetesObject) =>
    cluster
      .list(COMPOSITE_DEFINITION)
      .find(
        ({ spec }) =>
          spec.group === groupOf(apiVersion) && spec.names.kind === kind,
      );

  /** What belongs to a composite resource wakes it up. */
  const watchComposed = (object: KubernetesObject) =>
    watches.add(object, event => {
      const owner = controllerOf(event.object);
      if (owner && event.object.metadata.labels?.['crossplane.io/composite']) {
        const type = { apiVersion: owner.apiVersion, kind: owner.kind };
        const { namespace } = event.object.metadata;
        const parent = [namespace, undefined]
          .map(where =>
            cluster.serves(type)
              ? cluster.get({ ...type, namespace: where, name: owner.name })
              : undefined,
          )
          .find(item => item?.metadata.uid === owner.uid);
        if (parent) {
          queue?.add(typedKey(parent));
        }
      }
    });

  const reconcileAll = (definition: KubernetesObject) => {
    const type = compositeTypeOf(definition);
    if (cluster.serves(type)) {
      watches.add(type, event => queue?.add(typedKey(event.object)));
      cluster.list(type).forEach(item => queue?.add(typedKey(item)));
    }
  };

  return {
    name: 'composite',
    watches: [
      {
        type: COMPOSITE_DEFINITION,
        keys: ({ object, type }) => {
          if (type !== 'DELETED') {
            reconcileAll(object);
          }
          return [];
        },
      },
      {
        type: COMPOSITION_REVISION,
        keys: ({ object }) => {
          const { apiVersion, kind } = object.spec.compositeTypeRef;
          return cluster.serves({ apiVersion, kind })
            ? cluster.list({ apiVersion, kind }).map(typedKey)
            : [];
        },
      },
    ],
    start(ownQueue) {
      queue = ownQueue;
    },
    stop() {
      watches.stop();
    },
    reconcile(key) {
      const ref = typedRef(key);
      const found = cluster.serves(ref) ? cluster.get(ref) : undefined;
      const definition = found && findDefinition(found);
      if (!found || !definition) {
        return;
      }
      new CompositeReconcile({
        tools,
        definition,
        composite: found,
        composed,
        watchComposed,
        retry: () => queue?.addAfter(key, RETRY_MILLISECONDS),
      }).run();
    },
  };
}
