import type { KubernetesObject } from '../KubernetesCluster';
import { formatApiVersion } from '../resources/ResourceType';
import type { ResourceType } from '../resources/ResourceType';
import {
  badRequest,
  expired,
  invalid,
  methodNotAllowed,
  noSuchResource,
} from '../write/statusErrors';
import { addWarning, sendList, sendObject } from './answers';
import { answerReview } from './reviews';
import type { ApiRequest, ClusterApi } from './ClusterApi';
import { handleSubresource } from './handleSubresource';
import { listObjects } from './listObjects';
import { readBoolean, readListOptions } from './listOptions';
import { negotiate } from './negotiate';
import { handlePatch } from './patchRequests';
import { createPresenter, presentList } from './present';
import { parseBody, readBody } from './readBody';
import type { ResourceAddress } from './RequestInfo';
import { watchObjects } from './watchObjects';
import type { DeleteRequest, WriteRequest } from '../write/WriteRequest';

const REVIEW_GROUPS = new Set([
  'authentication.k8s.io',
  'authorization.k8s.io',
]);

/** Answers a request about resources. */
export async function handleResourceRequest(
  api: ClusterApi,
  call: ApiRequest,
  address: ResourceAddress,
): Promise<void> {
  const type = api.server.registry.findPlural(
    address.group,
    address.version,
    address.plural,
  );
  if (!type) {
    sendUnknown(api, call, address);
    return;
  }
  if (address.namespace !== undefined && !type.namespaced) {
    throw noSuchResource();
  }
  if (REVIEW_GROUPS.has(type.group)) {
    await handleReview(api, call, type, address);
    return;
  }
  if (address.subresource !== undefined) {
    await handleSubresource(api, call, type, address);
    return;
  }
  const needsName = call.verb === 'update' || call.verb === 'patch';
  if (
    !type.verbs.includes(call.verb) ||
    (needsName && address.name === undefined) ||
    (call.verb === 'create' && address.name !== undefined)
  ) {
    throw methodNotAllowed();
  }
  await handleObject(api, call, type, address);
}

/** What a write is to be done with, from the parameters of the request. */
export function readWriteRequest(call: ApiRequest): WriteRequest {
  const { info, request, response, user } = call;
  const { query } = info;
  const validation = query.get('fieldValidation') || 'Warn';
  if (!['Ignore', 'Warn', 'Strict'].includes(validation)) {
    throw badRequest(
      `fieldValidation: Unsupported value: "${validation}": supported values: "Ignore", "Strict", "Warn"`,
    );
  }
  return {
    user,
    dryRun: readDryRun(query.getAll('dryRun')),
    fieldManager:
      query.get('fieldManager') ||
      (request.headers['user-agent'] ?? 'unknown').split('/')[0],
    fieldValidation: validation as WriteRequest['fieldValidation'],
    onWarning: warning => addWarning(response, warning),
  };
}

async function handleObject(
  api: ClusterApi,
  call: ApiRequest,
  type: ResourceType,
  address: ResourceAddress,
): Promise<void> {
  const { server } = api;
  const { info, request, response, verb } = call;
  const { namespace, name } = address;
  const representation = negotiate(request.headers.accept);
  const present = createPresenter(type, representation, info.query);
  const send = (object: KubernetesObject, status = 200) =>
    sendObject(response, status, present(object, true), representation);
  switch (verb) {
    case 'get':
      requireNamespace(type, namespace);
      send(server.writer.get(type, namespace, name!));
      return;
    case 'list':
      await sendPage(api, call, type, namespace);
      return;
    case 'watch':
      if (api.isWatchGone()) {
        throw expired('The resourceVersion for the provided watch is too old.');
      }
      watchObjects({
        response,
        store: server.store,
        type,
        namespace,
        list: readListOptions(info.query),
        watches: api.watches,
        present,
      });
      return;
    case 'create': {
      const object = readObject(parseBody(await readBody(request)));
      requireNamespace(type, namespace);
      send(
        server.writer.create(type, namespace, object, readWriteRequest(call)),
        201,
      );
      return;
    }
    case 'update': {
      const object = readObject(parseBody(await readBody(request)));
      requireNamespace(type, namespace);
      checkUpdate(type, object);
      send(
        server.writer.update(
          type,
          namespace,
          name!,
          object,
          readWriteRequest(call),
        ),
      );
      return;
    }
    case 'patch': {
      requireNamespace(type, namespace);
      const patched = await handlePatch(api, call, type, address);
      send(patched.object, patched.created ? 201 : 200);
      return;
    }
    case 'delete': {
      requireNamespace(type, namespace);
      const { object, removed } = server.writer.delete(
        type,
        namespace,
        name!,
        await readDeleteRequest(call),
      );
      // Pods have a time to end in: the answer is the pod, even if none was left.
      const isStatus = removed && type.storageKind !== '/Pod';
      sendObject(
        response,
        200,
        isStatus ? deletedStatus(type, object) : object,
      );
      return;
    }
    default: {
      const options = readListOptions(info.query);
      const page = listObjects(server.store, type, namespace, options);
      const deletion = await readDeleteRequest(call);
      const deleted = page.objects.map(
        object =>
          server.writer.delete(
            type,
            object.metadata.namespace,
            object.metadata.name!,
            deletion,
          ).object,
      );
      const list = presentList(
        type,
        { ...page, objects: deleted },
        { syntax: 'json' },
      );
      await sendList(response, list.head, list.field, list.items);
    }
  }
}

async function sendPage(
  api: ClusterApi,
  { info, request, response }: ApiRequest,
  type: ResourceType,
  namespace: string | undefined,
): Promise<void> {
  const representation = negotiate(request.headers.accept);
  const page = listObjects(
    api.server.store,
    type,
    namespace,
    readListOptions(info.query),
  );
  const { head, field, items } = presentList(
    type,
    page,
    representation,
    info.query,
  );
  if (representation.syntax === 'yaml') {
    sendObject(response, 200, { ...head, [field]: items }, representation);
  } else {
    await sendList(response, head, field, items);
  }
}

async function handleReview(
  api: ClusterApi,
  call: ApiRequest,
  type: ResourceType,
  address: ResourceAddress,
): Promise<void> {
  if (call.verb !== 'create' || address.subresource) {
    throw methodNotAllowed();
  }
  const review = readObject(parseBody(await readBody(call.request)));
  sendObject(
    call.response,
    201,
    answerReview(
      type.kind,
      {
        ...review,
        kind: type.kind,
        apiVersion: formatApiVersion(type),
      },
      {
        user: call.user,
        namespace: address.namespace,
        authorizer: api.authorizer,
        authenticator: api.authenticator,
      },
    ),
  );
}

/** A group that is not served is answered like any unknown path; a kind of one that is, with a `Status`. */
function sendUnknown(
  api: ClusterApi,
  { response }: ApiRequest,
  { group, version }: ResourceAddress,
): void {
  const isServed = api.server.registry
    .groups()
    .some(entry => entry.group === group && entry.versions.includes(version));
  if (isServed) {
    throw noSuchResource();
  }
  response.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' });
  response.end('404 page not found\n');
}

/** Checks that a body is an object. @throws StatusError 400 */
export function readObject(body: unknown): KubernetesObject {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw badRequest(
      'couldn\'t get version/kind; json parse error: json: cannot unmarshal array into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }',
    );
  }
  const object = body as KubernetesObject;
  return { ...object, metadata: object.metadata ?? {} };
}

/** Reads the options of a deletion, from the parameters or the body. */
export async function readDeleteRequest(
  call: ApiRequest,
): Promise<DeleteRequest> {
  const { query } = call.info;
  const body = await readBody(call.request);
  const options = body.text.trim() ? parseBody(body) : {};
  const policy =
    options.propagationPolicy ?? query.get('propagationPolicy') ?? undefined;
  if (
    policy !== undefined &&
    !['Background', 'Foreground', 'Orphan'].includes(policy)
  ) {
    throw badRequest(
      `DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Unsupported value: "${policy}": supported values: "Background", "Foreground", "Orphan", "nil"`,
    );
  }
  const orphan =
    options.orphanDependents ??
    (query.has('orphanDependents')
      ? readBoolean(query, 'orphanDependents')
      : undefined);
  const grace = options.gracePeriodSeconds ?? query.get('gracePeriodSeconds');
  return {
    user: call.user,
    dryRun: readDryRun([...query.getAll('dryRun'), ...(options.dryRun ?? [])]),
    gracePeriodSeconds: grace === null ? undefined : Number(grace),
    propagationPolicy: policy ?? (orphan ? 'Orphan' : undefined),
    preconditions: options.preconditions,
    onWarning: warning => addWarning(call.response, warning),
  };
}

function readDryRun(values: readonly string[]): boolean {
  const given = values.filter(value => value !== '');
  const wrong = given.find(value => value !== 'All');
  if (wrong !== undefined) {
    throw badRequest(
      `dryRun: Unsupported value: "${wrong}": supported values: "All"`,
    );
  }
  return given.length > 0;
}

function requireNamespace(
  type: ResourceType,
  namespace: string | undefined,
): void {
  if (type.namespaced && namespace === undefined) {
    throw methodNotAllowed();
  }
}

/** Custom resources are never replaced without saying what is replaced. */
function checkUpdate(type: ResourceType, object: KubernetesObject): void {
  if (type.custom && !object.metadata.resourceVersion) {
    // Here alone the API server names the resource where it else names the kind.
    throw invalid({ ...type, kind: type.plural }, object.metadata.name ?? '', [
      {
        type: 'Invalid value',
        field: 'metadata.resourceVersion',
        value: 0,
        detail: 'must be specified for an update',
      },
    ]);
  }
}

function deletedStatus(type: ResourceType, object: KubernetesObject) {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: {
      name: object.metadata.name,
      ...(type.group && { group: type.group }),
      kind: type.plural,
      uid: object.metadata.uid,
    },
  };
}
