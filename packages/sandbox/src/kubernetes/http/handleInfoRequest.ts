import { badRequest, methodNotAllowed } from '../write/statusErrors';
import { sendObject } from './answers';
import type { ApiRequest, ClusterApi } from './ClusterApi';
import {
  createAggregatedDiscovery,
  createApiVersions,
  createGroupList,
  createResourceList,
  createSingleGroup,
  VERSION_INFO,
} from './discovery';
import { negotiate } from './negotiate';
import { createOpenApiIndex, findOpenApiDocument } from './openApi';

/** Answers what is about no resource: discovery, OpenAPI, version and health. */
export function handleInfoRequest(
  api: ClusterApi,
  { info, request, response }: ApiRequest,
  root: string,
): void {
  const { registry } = api.server;
  const segments = info.path.split('/').filter(segment => segment !== '');
  const [first, second, third, ...rest] = segments;
  const sendNotFound = () => {
    response.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' });
    response.end('404 page not found\n');
  };
  const send = (object: unknown) => {
    if (object === undefined) {
      sendNotFound();
    } else if (request.method !== 'GET' && request.method !== 'HEAD') {
      throw methodNotAllowed();
    } else {
      sendObject(response, 200, object);
    }
  };
  switch (first) {
    case 'healthz':
    case 'livez':
    case 'readyz':
      sendHealth(info.query.has('verbose'), first);
      return;
    case 'version':
      send(VERSION_INFO);
      return;
    case 'openapi':
      sendOpenApi();
      return;
    case 'api':
    case 'apis':
      sendDiscovery(first === 'api');
      return;
    case undefined:
      send({
        paths: [
          '/api',
          '/api/v1',
          '/apis',
          '/healthz',
          '/livez',
          '/openapi/v3',
          '/readyz',
          '/version',
        ],
      });
      return;
    default:
      sendNotFound();
  }

  function sendHealth(verbose: boolean, name: string): void {
    response.writeHead(200, {
      'Content-Type': 'text/plain; charset=utf-8',
      'X-Content-Type-Options': 'nosniff',
    });
    response.end(
      verbose ? `[+]ping ok\n[+]log ok\n${name} check passed\n` : 'ok',
    );
  }

  function sendDiscovery(core: boolean): void {
    const accepted = negotiate(request.headers.accept);
    if (second === undefined && accepted.as === 'APIGroupDiscoveryList') {
      const version = accepted.version === 'v2beta1' ? 'v2beta1' : 'v2';
      const text = JSON.stringify(
        createAggregatedDiscovery(registry, core, version),
      );
      response.writeHead(200, {
        'Content-Type': `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`,
        Vary: 'Accept',
      });
      response.end(text);
    } else if (second === undefined) {
      send(
        core
          ? createApiVersions(request.headers.host ?? '')
          : createGroupList(registry),
      );
    } else if (core) {
      send(createResourceList(registry, '', second));
    } else if (third === undefined) {
      send(createSingleGroup(registry, second));
    } else {
      send(createResourceList(registry, second, third));
    }
  }

  function sendOpenApi(): void {
    if (second !== 'v3') {
      sendNotFound();
      return;
    }
    if (third === undefined) {
      send(createOpenApiIndex(registry, root));
      return;
    }
    const [group, version] = third === 'api' ? ['', rest[0]] : rest;
    if (version === undefined) {
      throw badRequest('expected /openapi/v3/apis/<group>/<version>');
    }
    const document = findOpenApiDocument(registry, group, version);
    if (document === undefined) {
      sendNotFound();
      return;
    }
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.end(document);
  }
}
