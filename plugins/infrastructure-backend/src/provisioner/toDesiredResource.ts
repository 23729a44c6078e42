import type { NewRequestRow, RequestRow } from '../database/RequestRow';
import type { DesiredResource } from './Provisioner';

/** What a request asks an engine for. */
export function toDesiredResource(
  row: RequestRow | NewRequestRow,
): DesiredResource {
  return {
    requestId: row.id,
    apiVersion: row.api_version,
    kind: row.kind,
    name: row.name,
    cluster: row.cluster,
    namespace: row.namespace,
    environment: row.environment,
    system: row.system,
    owner: row.owner,
    requester: row.requester,
    ...(row.cost_center && { costCenter: row.cost_center }),
    parameters: row.parameters,
    ...(row.adopted_uid && { adoptedUid: row.adopted_uid }),
  };
}
