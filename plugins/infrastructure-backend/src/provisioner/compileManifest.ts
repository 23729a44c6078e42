import { REQUEST_LABEL } from '@waystone/plugin-infrastructure-common';
import type { KubernetesManifest } from '@waystone/integrations';
import type { DesiredResource } from './Provisioner';

/** The object that is applied. Values stay values: nothing is put into text of another language. */
export function compileManifest(resource: DesiredResource): KubernetesManifest {
  const { costCenter, name, namespace, owner, system } = resource;
  return {
    apiVersion: resource.apiVersion,
    kind: resource.kind,
    metadata: {
      name,
      namespace,
      labels: {
        'app.kubernetes.io/name': name,
        'app.kubernetes.io/part-of': system,
        'app.kubernetes.io/managed-by': 'waystone',
        'backstage.io/kubernetes-id': name,
        environment: resource.environment,
        owner: owner.slice(owner.indexOf('/') + 1),
        ...(costCenter && { 'cost-center': costCenter }),
        [REQUEST_LABEL]: resource.requestId,
      },
      annotations: {
        'waystone.dev/owner': owner,
        'waystone.dev/requested-by': resource.requester,
      },
    },
    spec: resource.parameters,
  };
}
