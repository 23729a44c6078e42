import {
  canonical,
  templateHash,
} from '../../kubernetes/controllers/templateHash';
import type {
  KubernetesMetadata,
  KubernetesObject,
} from '../../kubernetes/KubernetesCluster';

/** Labels and short names are at most so long. */
const LONGEST = 63;

/** What the reports say they were made by. @internal */
export const SCANNER = {
  name: 'Trivy',
  vendor: 'Aqua Security',
  version: '0.70.0',
};

/** The name, the labels and the owner of a report, as Trivy Operator sets them. @internal */
export function reportMetadata(
  owner: KubernetesObject,
  container?: string,
): KubernetesMetadata {
  const { name, namespace, uid } = owner.metadata;
  const kind = owner.kind.toLowerCase();
  const full = [kind, name, container].filter(Boolean).join('-');
  const isLong = name!.length > LONGEST;
  return {
    name:
      full.length <= LONGEST
        ? full
        : `${kind}-${templateHash(
            [name, container].filter(Boolean).join('-'),
          )}`,
    namespace,
    labels: {
      'resource-spec-hash': templateHash(
        canonical(owner.spec.template ?? owner.spec.jobTemplate),
      ),
      ...(container && { 'trivy-operator.container.name': container }),
      'trivy-operator.resource.kind': owner.kind,
      ...(isLong
        ? { 'trivy-operator.resource.name-hash': templateHash(name) }
        : { 'trivy-operator.resource.name': name! }),
      'trivy-operator.resource.namespace': namespace!,
    },
    annotations: {
      'trivy-operator.aquasecurity.github.io/report-ttl': '24h0m0s',
      ...(isLong && { 'trivy-operator.resource.name': name! }),
    },
    ownerReferences: [
      {
        apiVersion: owner.apiVersion,
        kind: owner.kind,
        name: name!,
        uid: uid!,
        controller: true,
        blockOwnerDeletion: false,
      },
    ],
  };
}
