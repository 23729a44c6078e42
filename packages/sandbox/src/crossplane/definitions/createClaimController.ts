import { createHash } from 'node:crypto';
import type {
  Controller,
  ControllerQueue,
  ControllerTools,
} from '../../kubernetes/controllers/Controller';
import {
  findCondition,
  setCondition,
} from '../../kubernetes/controllers/conditions';
import { refTo } from '../../kubernetes/controllers/objectKey';
import { writeStatus } from '../../kubernetes/controllers/writeStatus';
import type {
  KubernetesObject,
  TypeRef,
} from '../../kubernetes/KubernetesCluster';
import {
  CLAIM_NAME_LABEL,
  CLAIM_NAMESPACE_LABEL,
  claimTypeOf,
  COMPOSITE_DEFINITION,
  COMPOSITE_LABEL,
  compositeTypeOf,
  groupOf,
  isPaused,
} from '../crossplaneTypes';
import { typedKey, typedRef, TypeWatches } from '../TypedKeys';

const FINALIZER = 'finalizer.apiextensions.crossplane.io';
const NAME = 'offered/compositeresourcedefinition.apiextensions.crossplane.io';
/** What of a claim's spec is the claim's own business. */
const OWN_FIELDS = [
  'resourceRef',
  'compositeDeletePolicy',
  'writeConnectionSecretToRef',
];

/** Makes a composite resource for each claim, as the first API had them, and hands its state on. */
export function createClaimController({
  cluster,
}: ControllerTools): Controller {
  const watches = new TypeWatches(cluster);
  let queue: ControllerQueue | undefined;

  const watchKinds = (definition: KubernetesObject) => {
    const claimType = claimTypeOf(definition);
    if (!claimType) {
      return;
    }
    watches.add(claimType, event => queue?.add(typedKey(event.object)));
    watches.add(compositeTypeOf(definition), ({ object }) => {
      const { claimRef } = object.spec ?? {};
      if (claimRef) {
        queue?.add(
          `${claimRef.apiVersion}|${claimRef.kind}|${claimRef.namespace}/${claimRef.name}`,
        );
      }
    });
  };

  const ensureComposite = (
    claim: KubernetesObject,
    type: TypeRef,
  ): KubernetesObject => {
    const { name, namespace, labels } = claim.metadata;
    const existing = claim.spec.resourceRef?.name;
    const digest = createHash('sha256')
      .update(claim.metadata.uid!)
      .digest('hex');
    const compositeName = existing ?? `${name}-${digest.slice(0, 5)}`;
    const spec = Object.fromEntries(
      Object.entries(claim.spec).filter(([key]) => !OWN_FIELDS.includes(key)),
    );
    const composite = cluster.apply(
      {
        ...type,
        metadata: {
          name: compositeName,
          labels: {
            ...labels,
            [CLAIM_NAME_LABEL]: name!,
            [CLAIM_NAMESPACE_LABEL]: namespace!,
            [COMPOSITE_LABEL]: compositeName,
          },
        },
        spec: {
          ...spec,
          claimRef: {
            apiVersion: claim.apiVersion,
            kind: claim.kind,
            namespace,
            name,
          },
        },
      },
      { fieldManager: 'apiextensions.crossplane.io/claim', force: true },
    );
    if (!existing) {
      cluster.patch(
        refTo(claim),
        { spec: { resourceRef: { ...type, name: compositeName } } },
        { fieldManager: NAME },
      );
    }
    return composite;
  };

  const remove = (claim: KubernetesObject, type: TypeRef) => {
    const name = claim.spec.resourceRef?.name;
    const ref = { ...type, name };
    if (name && cluster.get(ref)) {
      cluster.delete(ref);
    }
    const isForeground = claim.spec.compositeDeletePolicy === 'Foreground';
    if (!isForeground || !name || !cluster.get(ref)) {
      cluster.patch(
        refTo(claim),
        {
          metadata: {
            finalizers: (claim.metadata.finalizers ?? []).filter(
              item => item !== FINALIZER,
            ),
          },
        },
        { fieldManager: NAME },
      );
    }
  };

  return {
    name: NAME,
    watches: [
      {
        type: COMPOSITE_DEFINITION,
        keys: ({ object, type }) => {
          if (type !== 'DELETED') {
            watchKinds(object);
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
    reconcile(key) {
      const ref = typedRef(key);
      const found = cluster.serves(ref) ? cluster.get(ref) : undefined;
      const definition = cluster
        .list(COMPOSITE_DEFINITION)
        .find(
          ({ spec }) =>
            spec.group === groupOf(ref.apiVersion) &&
            spec.claimNames?.kind === ref.kind,
        );
      if (!found || !definition || isPaused(found)) {
        return;
      }
      const type = compositeTypeOf(definition);
      if (found.metadata.deletionTimestamp) {
        remove(found, type);
        return;
      }
      const { finalizers = [] } = found.metadata;
      if (!finalizers.includes(FINALIZER)) {
        cluster.patch(
          ref,
          { metadata: { finalizers: [...finalizers, FINALIZER] } },
          { fieldManager: NAME },
        );
      }
      const composite = ensureComposite(cluster.get(ref)!, type);
      const ready = findCondition(composite.status?.conditions, 'Ready');
      const claim = cluster.get(ref)!;
      const { conditions: _conditions, ...fields } = composite.status ?? {};
      const synced = setCondition(claim.status?.conditions, {
        type: 'Synced',
        status: 'True',
        reason: 'ReconcileSuccess',
      });
      writeStatus(
        cluster,
        claim,
        {
          ...fields,
          conditions: setCondition(
            synced,
            ready?.status === 'True'
              ? { type: 'Ready', status: 'True', reason: 'Available' }
              : {
                  type: 'Ready',
                  status: 'False',
                  reason: 'Waiting',
                  message:
                    'Claim is waiting for composite resource to become Ready',
                },
          ),
        },
        NAME,
      );
    },
  };
}
