import type {
  AdmissionPlugin,
  KubernetesCluster,
  KubernetesObject,
} from '../KubernetesCluster';
import { StatusError } from '../StatusError';
import { usedIn } from './createQuotaController';
import { checkLimitRanges } from './limitRanges';
import { parseQuantity } from './quantities';
import { formatUse, mustBeSet, quotaUse } from './resourceQuotas';
import { LIMIT_RANGE, RESOURCE_QUOTA, SERVICE_ACCOUNT } from './resourceTypes';

/**
 * The API server's own admission that looks at other objects: ServiceAccount, LimitRanger and ResourceQuota.
 *
 * @internal
 */
export function createAdmission(cluster: KubernetesCluster): AdmissionPlugin {
  return ({ operation, object, subresource }) => {
    if (operation !== 'CREATE' || !object?.metadata.namespace || subresource) {
      return;
    }
    if (object.kind === 'Pod' && object.apiVersion === 'v1') {
      checkServiceAccount(cluster, object);
      const problems = checkLimitRanges(
        object.spec.containers,
        cluster.list(LIMIT_RANGE, { namespace: object.metadata.namespace }),
      );
      if (problems.length > 0) {
        throw forbidden(
          object,
          problems.length === 1 ? problems[0] : `[${problems.join(', ')}]`,
        );
      }
    }
    checkQuotas(cluster, object);
  };
}

function checkServiceAccount(
  cluster: KubernetesCluster,
  pod: KubernetesObject,
) {
  const name: string = pod.spec.serviceAccountName ?? 'default';
  const { namespace } = pod.metadata;
  if (!cluster.get({ ...SERVICE_ACCOUNT, namespace, name })) {
    throw forbidden(
      pod,
      `error looking up service account ${namespace}/${name}: serviceaccount "${name}" not found`,
    );
  }
}

function checkQuotas(cluster: KubernetesCluster, object: KubernetesObject) {
  const namespace = object.metadata.namespace!;
  for (const quota of cluster.list(RESOURCE_QUOTA, { namespace })) {
    const requested: Record<string, number> = {};
    const used: Record<string, number> = {};
    const limited: Record<string, number> = {};
    const missing: string[] = [];
    for (const [resource, hard] of Object.entries(quota.spec.hard ?? {})) {
      const use = quotaUse(resource, object);
      if (object.kind === 'Pod' && use === 0 && mustBeSet(resource)) {
        missing.push(resource);
      }
      const before = use > 0 ? usedIn({ cluster }, namespace, resource) : 0;
      if (use > 0 && before + use > parseQuantity(hard)) {
        requested[resource] = use;
        used[resource] = before;
        limited[resource] = parseQuantity(hard);
      }
    }
    const { name } = quota.metadata;
    if (missing.length > 0) {
      const containers = (object.spec.containers as { name: string }[])
        .map(container => container.name)
        .join(',');
      throw forbidden(
        object,
        `failed quota: ${name}: must specify ${missing
          .sort()
          .map(resource => `${resource} for: ${containers}`)
          .join('; ')}`,
      );
    }
    if (Object.keys(requested).length > 0) {
      throw forbidden(
        object,
        `exceeded quota: ${name}, requested: ${formatUse(
          requested,
        )}, used: ${formatUse(used)}, limited: ${formatUse(limited)}`,
      );
    }
  }
}

function forbidden(object: KubernetesObject, why: string): StatusError {
  const kind = `${object.kind.toLowerCase()}s`;
  const name = object.metadata.name ?? object.metadata.generateName ?? '';
  return new StatusError({
    code: 403,
    reason: 'Forbidden',
    message: `${kind} "${name}" is forbidden: ${why}`,
    details: { name, kind },
  });
}
