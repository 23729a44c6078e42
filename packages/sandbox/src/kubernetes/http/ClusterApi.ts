import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Authenticator } from '../access/Authenticator';
import type { AccessAttributes } from '../access/Authorizer';
import { Authorizer } from '../access/Authorizer';
import { checkAccess } from '../access/checkAccess';
import { readImpersonation } from '../access/impersonation';
import type { ServiceAccountTokens } from '../access/ServiceAccountTokens';
import type { ClusterServer } from '../ClusterServer';
import type { ClusterUser } from '../KubernetesCluster';
import { StatusError } from '../StatusError';
import { sendError } from './answers';
import { handleInfoRequest } from './handleInfoRequest';
import { handleResourceRequest } from './handleResourceRequest';
import { readBoolean } from './listOptions';
import { readRequestInfo } from './RequestInfo';
import type { RequestInfo, ResourceAddress } from './RequestInfo';
import type { Watch } from './watchObjects';

/** What anybody may ask without a token. */
const OPEN_PATHS = /^\/(healthz|livez|readyz|version)(\/|$)/;

const VERBS: Readonly<Record<string, string>> = {
  GET: 'get',
  HEAD: 'get',
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};

/** One request with who asks and what for. @internal */
export interface ApiRequest {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly info: RequestInfo;
  readonly user: ClusterUser;
  /** Such as `list`. */
  readonly verb: string;
}

/**
 * Answers the HTTP requests to one cluster.
 *
 * @internal
 */
export class ClusterApi {
  readonly server: ClusterServer;
  readonly authenticator: Authenticator;
  readonly authorizer: Authorizer;
  readonly tokens: ServiceAccountTokens;
  readonly watches = new Set<Watch>();
  /** Whether somebody asked for watches to fail. */
  readonly isWatchGone: () => boolean;
  readonly #log: (message: string) => void;

  constructor(options: {
    readonly server: ClusterServer;
    readonly authenticator: Authenticator;
    readonly tokens: ServiceAccountTokens;
    isWatchGone(): boolean;
    log(message: string): void;
  }) {
    this.server = options.server;
    this.authenticator = options.authenticator;
    this.tokens = options.tokens;
    this.authorizer = new Authorizer(options.server.store);
    this.isWatchGone = options.isWatchGone;
    this.#log = options.log;
  }

  /**
   * Answers a request.
   *
   * @param url - below the root of the cluster
   * @param root - the path of the cluster, such as `/kubernetes/nonprod`
   */
  async handle(
    request: IncomingMessage,
    response: ServerResponse,
    url: string,
    root: string,
  ): Promise<void> {
    try {
      const info = readRequestInfo(url);
      const user = this.#authenticate(request, info);
      const verb = verbOf(request, info);
      const api = { request, response, info, user, verb };
      this.#authorize(api);
      if (info.resource) {
        await handleResourceRequest(this, api, info.resource);
      } else {
        handleInfoRequest(this, api, root);
      }
    } catch (error) {
      this.#fail(request, response, error);
    }
  }

  /** Ends all watches as expired, as when somebody asked for it. */
  expireWatches(): void {
    for (const watch of [...this.watches]) {
      watch.expire();
    }
  }

  /** Ends all watches in the ordinary way. */
  closeWatches(): void {
    for (const watch of [...this.watches]) {
      watch.close();
    }
  }

  #authenticate(request: IncomingMessage, info: RequestInfo): ClusterUser {
    const [scheme, token] = (request.headers.authorization ?? '').split(' ');
    const user =
      scheme.toLowerCase() === 'bearer' && token
        ? this.authenticator.findUser(token)
        : undefined;
    if (!user) {
      if (!request.headers.authorization && OPEN_PATHS.test(info.path)) {
        return { name: 'system:anonymous', groups: ['system:unauthenticated'] };
      }
      throw new StatusError({
        code: 401,
        reason: 'Unauthorized',
        message: 'Unauthorized',
      });
    }
    return readImpersonation(request.headers, user, this.authorizer);
  }

  #authorize({ info, user, verb }: ApiRequest): void {
    if (OPEN_PATHS.test(info.path)) {
      return;
    }
    checkAccess(
      this.authorizer,
      user,
      info.resource
        ? attributesOf(info.resource, verb)
        : { verb, path: info.path },
    );
  }

  #fail(
    request: IncomingMessage,
    response: ServerResponse,
    error: unknown,
  ): void {
    if (response.headersSent) {
      response.destroy();
      return;
    }
    if (error instanceof StatusError) {
      sendError(response, error);
      return;
    }
    if (request.destroyed && !request.complete) {
      return;
    }
    const message = error instanceof Error ? error.message : String(error);
    this.#log(
      `${request.method} ${request.url?.split('?')[0]} failed: ${
        error instanceof Error ? error.stack : message
      }`,
    );
    sendError(
      response,
      new StatusError({
        code: 500,
        reason: 'InternalError',
        message: `Internal error occurred: ${message}`,
        details: { causes: [{ message }] },
      }),
    );
  }
}

function verbOf(request: IncomingMessage, info: RequestInfo): string {
  const method = request.method ?? 'GET';
  const verb = VERBS[method] ?? method.toLowerCase();
  if (!info.resource) {
    return method.toLowerCase();
  }
  if (info.resource.name !== undefined) {
    return verb;
  }
  if (verb === 'get') {
    return readBoolean(info.query, 'watch') ? 'watch' : 'list';
  }
  return verb === 'delete' ? 'deletecollection' : verb;
}

function attributesOf(
  address: ResourceAddress,
  verb: string,
): AccessAttributes {
  return {
    verb,
    group: address.group,
    resource: address.plural,
    subresource: address.subresource,
    namespace:
      address.namespace ??
      (address.group === '' && address.plural === 'namespaces'
        ? address.name
        : undefined),
    name: address.name,
  };
}
