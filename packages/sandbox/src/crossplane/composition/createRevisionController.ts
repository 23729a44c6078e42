import { createHash } from 'node:crypto';
import type {
  Controller,
  ControllerTools,
} from '../../kubernetes/controllers/Controller';
import { setCondition } from '../../kubernetes/controllers/conditions';
import { controllerReference } from '../../kubernetes/controllers/ownerReferences';
import { writeStatus } from '../../kubernetes/controllers/writeStatus';
import type {
  KubernetesCluster,
  KubernetesObject,
} from '../../kubernetes/KubernetesCluster';
import { COMPOSITION, COMPOSITION_REVISION } from '../crossplaneTypes';

const NAME = 'revisions/composition.apiextensions.crossplane.io';
const NAME_LABEL = 'crossplane.io/composition-name';
const HASH_LABEL = 'crossplane.io/composition-hash';

/** Keeps each content that a Composition has had, as CompositionRevisions. */
export function createRevisionController({
  cluster,
}: ControllerTools): Controller {
  return {
    name: NAME,
    watches: [
      { type: COMPOSITION, keys: ({ object }) => [object.metadata.name!] },
    ],
    reconcile(name) {
      const composition = cluster.get({ ...COMPOSITION, name });
      if (!composition || composition.metadata.deletionTimestamp) {
        return;
      }
      const hash = createHash('sha256')
        .update(
          JSON.stringify([
            composition.spec,
            composition.metadata.labels ?? {},
            composition.metadata.annotations ?? {},
          ]),
        )
        .digest('hex')
        .slice(0, 63);
      const revisions = listRevisions(cluster, name);
      const latest = revisions.at(-1);
      if (latest?.metadata.labels?.[HASH_LABEL] === hash) {
        return;
      }
      const number = (latest?.spec.revision ?? 0) + 1;
      const same = revisions.find(
        revision => revision.metadata.labels?.[HASH_LABEL] === hash,
      );
      if (same) {
        // Back to what it was: the old revision becomes the newest.
        cluster.patch(
          { ...COMPOSITION_REVISION, name: same.metadata.name! },
          { spec: { revision: number } },
          { fieldManager: NAME },
        );
        return;
      }
      const revision = cluster.create(
        {
          ...COMPOSITION_REVISION,
          metadata: {
            name: `${name}-${hash.slice(0, 7)}`,
            labels: {
              ...composition.metadata.labels,
              [NAME_LABEL]: name,
              [HASH_LABEL]: hash,
            },
            ownerReferences: [controllerReference(composition)],
          },
          spec: { ...composition.spec, revision: number },
        },
        { fieldManager: NAME },
      );
      writeStatus(
        cluster,
        revision,
        {
          conditions: setCondition([], {
            type: 'ValidPipeline',
            status: 'True',
            reason: 'ValidPipeline',
          }),
        },
        NAME,
      );
      cluster.recordEvent({
        regarding: composition,
        type: 'Normal',
        reason: 'CreateRevision',
        message: 'Created new revision',
        component: NAME,
      });
    },
  };
}

/** The revisions of a Composition, the newest last. */
export function listRevisions(
  cluster: KubernetesCluster,
  composition: string,
): KubernetesObject[] {
  return [
    ...cluster.list(COMPOSITION_REVISION, {
      labelSelector: `${NAME_LABEL}=${composition}`,
    }),
  ].sort((left, right) => left.spec.revision - right.spec.revision);
}
