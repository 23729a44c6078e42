import type { KubernetesObject } from '../KubernetesCluster';
import type { ResourceType } from '../resources/ResourceType';
import { StatusError } from '../StatusError';
import { scaleOf, updateScale } from '../write/scale';
import { methodNotAllowed, noSuchResource } from '../write/statusErrors';
import { sendObject } from './answers';
import type { ApiRequest, ClusterApi } from './ClusterApi';
import { readObject, readWriteRequest } from './handleResourceRequest';
import { negotiate } from './negotiate';
import { handlePatch, readChange } from './patchRequests';
import { evictPod, sendPodLog } from './podRequests';
import { createPresenter } from './present';
import { parseBody, readBody } from './readBody';
import type { ResourceAddress } from './RequestInfo';

const LEAST_TOKEN_SECONDS = 600;

/** Answers a request to a subresource. */
export async function handleSubresource(
  api: ClusterApi,
  call: ApiRequest,
  type: ResourceType,
  address: ResourceAddress,
): Promise<void> {
  const { server } = api;
  const { info, request, response, verb } = call;
  const { namespace, name, subresource } = address;
  const found = type.subresources.find(({ name: own }) => own === subresource);
  if (!found) {
    throw noSuchResource();
  }
  if (!found.verbs.includes(verb)) {
    throw methodNotAllowed();
  }
  const object = server.writer.get(type, namespace, name!);
  switch (subresource) {
    case 'scale':
      sendObject(response, 200, await handleScale(api, call, type, address));
      return;
    case 'log':
      sendPodLog({
        server,
        type,
        pod: object,
        query: info.query,
        request,
        response,
      });
      return;
    case 'eviction': {
      const eviction = readObject(parseBody(await readBody(request)));
      const { dryRun = false } = readWriteRequest(call);
      sendObject(
        response,
        201,
        evictPod(server, type, object, eviction, call.user, dryRun),
      );
      return;
    }
    case 'token': {
      const review = readObject(parseBody(await readBody(request)));
      sendObject(response, 201, issueToken(api, object, review));
      return;
    }
    case 'binding': {
      const binding = readObject(parseBody(await readBody(request)));
      server.writer.modify(
        type,
        namespace,
        name!,
        live => ({
          ...live,
          spec: { ...live.spec, nodeName: binding.target?.name },
        }),
        { ...readWriteRequest(call), subresource },
      );
      sendObject(response, 201, {
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Success',
        code: 201,
      });
      return;
    }
    default:
      sendObject(
        response,
        200,
        createPresenter(
          type,
          negotiate(request.headers.accept),
          info.query,
        )(await handleOwn(api, call, type, address, object), true),
      );
  }
}

/** `status`, `finalize` and the like: the object itself, of which only a part changes. */
async function handleOwn(
  api: ClusterApi,
  call: ApiRequest,
  type: ResourceType,
  address: ResourceAddress,
  object: KubernetesObject,
): Promise<KubernetesObject> {
  if (call.verb === 'get') {
    return object;
  }
  if (call.verb === 'patch') {
    return (await handlePatch(api, call, type, address)).object;
  }
  const { namespace, name, subresource } = address;
  const body = readObject(parseBody(await readBody(call.request)));
  return api.server.writer.update(type, namespace, name!, body, {
    ...readWriteRequest(call),
    subresource,
  });
}

async function handleScale(
  api: ClusterApi,
  call: ApiRequest,
  type: ResourceType,
  { namespace, name }: ResourceAddress,
): Promise<KubernetesObject> {
  const { writer } = api.server;
  if (call.verb === 'get') {
    return scaleOf(type, writer.get(type, namespace, name!));
  }
  const body = await readBody(call.request);
  if (call.verb === 'update') {
    const scale = readObject(parseBody(body));
    return updateScale(
      writer,
      type,
      namespace,
      name!,
      () => scale,
      readWriteRequest(call),
    );
  }
  return updateScale(
    writer,
    type,
    namespace,
    name!,
    readChange(type, body),
    readWriteRequest(call),
  );
}

function issueToken(
  api: ClusterApi,
  account: KubernetesObject,
  review: KubernetesObject,
): KubernetesObject {
  const { audiences, expirationSeconds } = review.spec ?? {};
  if (
    expirationSeconds !== undefined &&
    expirationSeconds < LEAST_TOKEN_SECONDS
  ) {
    const detail =
      'Invalid value: ' +
      `${expirationSeconds}: may not specify a duration less than 10 minutes`;
    throw new StatusError({
      code: 422,
      reason: 'Invalid',
      message: `TokenRequest.authentication.k8s.io "" is invalid: spec.expirationSeconds: ${detail}`,
      details: {
        group: 'authentication.k8s.io',
        kind: 'TokenRequest',
        causes: [
          {
            reason: 'FieldValueInvalid',
            message: detail,
            field: 'spec.expirationSeconds',
          },
        ],
      },
    });
  }
  const seconds = expirationSeconds ?? 3_600;
  const { token, expires } = api.tokens.issue(account, {
    audiences,
    expirationSeconds: seconds,
  });
  return {
    kind: 'TokenRequest',
    apiVersion: 'authentication.k8s.io/v1',
    metadata: {
      name: account.metadata.name,
      namespace: account.metadata.namespace,
      creationTimestamp: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
    },
    spec: {
      audiences: audiences ?? ['https://kubernetes.default.svc.cluster.local'],
      expirationSeconds: seconds,
      boundObjectRef: review.spec?.boundObjectRef ?? null,
    },
    status: {
      token,
      expirationTimestamp: expires.toISOString().replace(/\.\d+Z$/, 'Z'),
    },
  };
}
