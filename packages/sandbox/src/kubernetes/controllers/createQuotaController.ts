import type { KubernetesObject, TypeRef } from '../KubernetesCluster';
import type { Controller, ControllerTools } from './Controller';
import { objectKey, refOf } from './objectKey';
import { formatQuantity } from './quantities';
import { countedKind, quotaUse } from './resourceQuotas';
import {
  CONFIG_MAP,
  CRON_JOB,
  DEPLOYMENT,
  JOB,
  PERSISTENT_VOLUME_CLAIM,
  POD,
  RESOURCE_QUOTA,
  SECRET,
  SERVICE,
  STATEFUL_SET,
} from './resourceTypes';
import { writeStatus } from './writeStatus';

const TYPES: readonly TypeRef[] = [
  POD,
  CONFIG_MAP,
  CRON_JOB,
  DEPLOYMENT,
  JOB,
  PERSISTENT_VOLUME_CLAIM,
  SECRET,
  SERVICE,
  STATEFUL_SET,
];

/** Counts in each ResourceQuota what its namespace uses. @internal */
export function createQuotaController(tools: ControllerTools): Controller {
  const { cluster } = tools;
  return {
    name: 'resourcequota-controller',
    watches: [
      { type: RESOURCE_QUOTA, keys: ({ object }) => [objectKey(object)] },
      ...TYPES.map(type => ({
        type,
        keys: ({
          type: change,
          object,
          previous,
        }: {
          type: string;
          object: KubernetesObject;
          previous?: KubernetesObject;
        }) =>
          change === 'MODIFIED' &&
          previous?.status?.phase === object.status?.phase
            ? []
            : cluster
                .list(RESOURCE_QUOTA, { namespace: object.metadata.namespace })
                .map(objectKey),
      })),
    ],
    reconcile(key) {
      const quota = cluster.get(refOf(RESOURCE_QUOTA, key));
      if (!quota || quota.metadata.deletionTimestamp) {
        return;
      }
      const hard: Record<string, string> = quota.spec.hard ?? {};
      writeStatus(cluster, quota, {
        hard,
        used: Object.fromEntries(
          Object.keys(hard).map(resource => [
            resource,
            formatQuantity(
              resource,
              usedIn(tools, quota.metadata.namespace!, resource),
            ),
          ]),
        ),
      });
    },
  };
}

/** What a namespace uses of a quota's resource. @internal */
export function usedIn(
  { cluster }: Pick<ControllerTools, 'cluster'>,
  namespace: string,
  resource: string,
): number {
  const kind = countedKind(resource);
  const type =
    resource === 'requests.storage'
      ? PERSISTENT_VOLUME_CLAIM
      : TYPES.find(candidate => candidate.kind === (kind ?? 'Pod'))!;
  return cluster
    .list(type, { namespace })
    .reduce((sum, object) => sum + quotaUse(resource, object), 0);
}
