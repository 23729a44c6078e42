import type { KubernetesObject } from '../KubernetesCluster';
import { applyJsonPatch } from '../patch/jsonPatch';
import { isObject } from '../patch/jsonValues';
import { applyMergePatch } from '../patch/mergePatch';
import { applyStrategicMergePatch } from '../patch/strategicMergePatch';
import type { ResourceType } from '../resources/ResourceType';
import { findSchema } from '../schema/SchemaCatalog';
import { StatusError } from '../StatusError';
import { badRequest } from '../write/statusErrors';
import type { ApplyResult } from '../write/WriteRequest';
import type { ApiRequest, ClusterApi } from './ClusterApi';
import { readObject, readWriteRequest } from './handleResourceRequest';
import { readBoolean } from './listOptions';
import { parseBody, readBody, unsupportedMediaType } from './readBody';
import type { RequestBody } from './readBody';
import type { ResourceAddress } from './RequestInfo';

const APPLY = 'application/apply-patch+yaml';
const JSON_PATCH = 'application/json-patch+json';
const MERGE = 'application/merge-patch+json';
const STRATEGIC = 'application/strategic-merge-patch+json';

/** Answers a PATCH of an object or its status. */
export async function handlePatch(
  api: ClusterApi,
  call: ApiRequest,
  type: ResourceType,
  address: ResourceAddress,
): Promise<ApplyResult> {
  const { writer } = api.server;
  const { namespace, name, subresource } = address;
  const body = await readBody(call.request);
  const { query } = call.info;
  const request = { ...readWriteRequest(call), subresource };
  if (body.mediaType === APPLY) {
    const fieldManager = query.get('fieldManager');
    if (!fieldManager) {
      throw new StatusError({
        code: 422,
        reason: 'Invalid',
        message:
          'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
        details: {
          group: 'meta.k8s.io',
          kind: 'PatchOptions',
          causes: [
            {
              reason: 'FieldValueRequired',
              message: 'Required value: is required for apply patch',
              field: 'fieldManager',
            },
          ],
        },
      });
    }
    return writer.apply(type, namespace, name!, readObject(parseBody(body)), {
      ...request,
      fieldManager,
      force: readBoolean(query, 'force'),
    });
  }
  const change = readChange(type, body);
  return {
    object: writer.modify(type, namespace, name!, change, request),
    created: false,
  };
}

/** What a patch makes of an object. */
export function readChange(
  type: ResourceType,
  body: RequestBody,
): (live: KubernetesObject) => KubernetesObject {
  const accepted = [
    JSON_PATCH,
    MERGE,
    ...(type.custom ? [] : [STRATEGIC]),
    APPLY,
  ];
  if (!accepted.includes(body.mediaType) || body.mediaType === APPLY) {
    throw unsupportedMediaType(accepted);
  }
  const patch: unknown = parseBody(body);
  if (body.mediaType === JSON_PATCH) {
    return live => applyJsonPatch(live, patch);
  }
  if (!isObject(patch)) {
    throw badRequest(
      'error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}',
    );
  }
  return body.mediaType === MERGE
    ? live => applyMergePatch(live, patch) as KubernetesObject
    : live =>
        applyStrategicMergePatch(
          findSchema(type),
          live,
          patch,
        ) as KubernetesObject;
}
