import {
  ANNOTATION_LOCATION,
  ANNOTATION_ORIGIN_LOCATION,
  parseEntityRef,
} from '@backstage/catalog-model';
import type { ResourceEntity } from '@backstage/catalog-model';
import { REQUEST_ANNOTATION } from '@waystone/plugin-infrastructure-common';
import type {
  InfrastructureRequest,
  RequestStatus,
} from '@waystone/plugin-infrastructure-common';

/** Where the entities say that they come from. */
const LOCATION = 'infrastructure:requests';

/** In which there is a resource. While it waits for approval there is one only if it has been ready before. */
const THERE: readonly RequestStatus[] = [
  'ready',
  'updating',
  'drifted',
  'deleting',
  'failed',
  'awaiting-approval',
];

/** The Resource of a request; undefined if nothing is there. */
export function toResourceEntity(
  request: InfrastructureRequest,
): ResourceEntity | undefined {
  if (!request.readyAt || !THERE.includes(request.status)) {
    return undefined;
  }
  const { namespace, name } = parseEntityRef(request.entityRef);
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Resource',
    metadata: {
      name,
      namespace,
      title: `${request.name} (${request.environment})`,
      description: `${request.offeringTitle} in ${request.environment}`,
      annotations: {
        [ANNOTATION_LOCATION]: LOCATION,
        [ANNOTATION_ORIGIN_LOCATION]: LOCATION,
        [REQUEST_ANNOTATION]: request.id,
        'backstage.io/kubernetes-id': request.name,
        'backstage.io/kubernetes-namespace': request.namespace,
        'backstage.io/kubernetes-cluster': request.cluster,
      },
    },
    spec: {
      type: toType(request.kind),
      owner: request.owner,
      system: request.system,
      ...(request.component && { dependencyOf: [request.component] }),
    },
  };
}

/** `PostgreSQLInstance` is a `postgresql`, and `MessageQueue` a `message-queue`. */
function toType(kind: string): string {
  return kind
    .replace(/Instance$/, '')
    .replace('PostgreSQL', 'Postgresql')
    .replace('MongoDB', 'Mongodb')
    .replace('DNS', 'Dns')
    .replace(/([a-z])([A-Z])/g, '$1-$2')
    .toLocaleLowerCase('en-US');
}
