import type { Controller, ControllerTools } from './Controller';
import { Delays } from './Delays';
import { objectKey, refOf, refTo } from './objectKey';
import {
  PERSISTENT_VOLUME,
  PERSISTENT_VOLUME_CLAIM,
  STORAGE_CLASS,
} from './resourceTypes';
import { writeStatus } from './writeStatus';

const NAME = 'persistentvolume-controller';
const PROVISIONER = 'disk.sandbox.waystone.dev';
const DEFAULT_CLASS = 'standard';

/** As often as the real controller looks again at a claim that it has no volume for. */
const RETRY_MS = 15_000;

/** Makes a volume for each claim and binds the two; nothing is stored anywhere. @internal */
export function createVolumeController(tools: ControllerTools): Controller {
  const { cluster } = tools;
  const delays = new Delays(tools, [400, 1200]);
  return {
    name: NAME,
    start() {
      const standard = { ...STORAGE_CLASS, name: DEFAULT_CLASS };
      if (cluster.serves(STORAGE_CLASS) && !cluster.get(standard)) {
        cluster.create({
          ...STORAGE_CLASS,
          metadata: {
            name: DEFAULT_CLASS,
            annotations: {
              'storageclass.kubernetes.io/is-default-class': 'true',
            },
          },
          provisioner: PROVISIONER,
          reclaimPolicy: 'Delete',
          volumeBindingMode: 'Immediate',
          allowVolumeExpansion: true,
        });
      }
    },
    watches: [
      {
        type: PERSISTENT_VOLUME_CLAIM,
        keys: ({ object }) => [objectKey(object)],
      },
      {
        type: PERSISTENT_VOLUME,
        keys: ({ object }) =>
          object.spec.claimRef
            ? [`${object.spec.claimRef.namespace}/${object.spec.claimRef.name}`]
            : [],
      },
    ],
    reconcile(key, queue) {
      const claim = cluster.get(refOf(PERSISTENT_VOLUME_CLAIM, key));
      if (!claim) {
        releaseVolumes(tools, key);
        return;
      }
      if (claim.metadata.deletionTimestamp || claim.status?.phase === 'Bound') {
        return;
      }
      const name = `pvc-${claim.metadata.uid}`;
      if (!delays.isOver(name, () => queue.add(key))) {
        writeStatus(cluster, claim, { phase: 'Pending' });
        return;
      }
      const className: string = claim.spec.storageClassName ?? DEFAULT_CLASS;
      if (!cluster.get({ ...STORAGE_CLASS, name: className })) {
        if (claim.status?.phase !== 'Pending') {
          writeStatus(cluster, claim, { phase: 'Pending' });
        }
        cluster.recordEvent({
          regarding: claim,
          type: 'Warning',
          reason: 'ProvisioningFailed',
          message: `storageclass.storage.k8s.io "${className}" not found`,
          component: NAME,
        });
        queue.addAfter(key, RETRY_MS);
        return;
      }
      const capacity = {
        storage: claim.spec.resources?.requests?.storage ?? '1Gi',
      };
      if (!cluster.get({ ...PERSISTENT_VOLUME, name })) {
        const volume = cluster.create({
          ...PERSISTENT_VOLUME,
          metadata: {
            name,
            annotations: { 'pv.kubernetes.io/provisioned-by': PROVISIONER },
          },
          spec: {
            accessModes: claim.spec.accessModes,
            capacity,
            claimRef: {
              apiVersion: 'v1',
              kind: 'PersistentVolumeClaim',
              name: claim.metadata.name,
              namespace: claim.metadata.namespace,
              uid: claim.metadata.uid,
            },
            csi: { driver: PROVISIONER, volumeHandle: name },
            persistentVolumeReclaimPolicy: 'Delete',
            storageClassName: className,
            volumeMode: 'Filesystem',
          },
        });
        writeStatus(cluster, volume, { phase: 'Bound' });
      }
      const bound = cluster.patch(refTo(claim), {
        spec: { volumeName: name, storageClassName: className },
      });
      writeStatus(cluster, bound, {
        phase: 'Bound',
        accessModes: claim.spec.accessModes,
        capacity,
      });
      cluster.recordEvent({
        regarding: claim,
        type: 'Normal',
        reason: 'ProvisioningSucceeded',
        message: `Successfully provisioned volume ${name}`,
        component: PROVISIONER,
      });
    },
  };
}

function releaseVolumes({ cluster }: ControllerTools, key: string) {
  for (const volume of cluster.list(PERSISTENT_VOLUME)) {
    const claim = volume.spec.claimRef;
    if (claim && `${claim.namespace}/${claim.name}` === key) {
      cluster.delete(refTo(volume));
    }
  }
}
