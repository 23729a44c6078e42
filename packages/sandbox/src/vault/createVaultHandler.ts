import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import { randomId } from './randomId';
import {
  decodePath,
  readBody,
  readNamespace,
  readOperation,
  readToken,
  readWrapTtl,
} from './readVaultRequest';
import { answerUnauthenticated } from './sealRoutes';
import { noHandler } from './system/mountRoutes';
import { callRoute, findRoute } from './VaultBackend';
import type { BackendAnswer, BackendRequest } from './VaultBackend';
import type { ResolvedPath, VaultCore } from './VaultCore';
import { invalidRequest, permissionDenied, VaultError } from './VaultError';
import type { TokenRecord } from './VaultState';
import { ttlOf } from './VaultTokens';

interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

/**
 * Vault's HTTP API.
 *
 * @internal
 */
export function createVaultHandler(core: VaultCore): RequestHandler {
  return async (req, res) => {
    let answer: Answer;
    try {
      answer = await handle(core, req);
      core.state.save();
    } catch (error) {
      answer = toAnswer(error);
      saveIfPossible(core);
    }
    // Node wants no reason for the client to be gone by now.
    if (res.destroyed) {
      return;
    }
    res.setHeader('Cache-Control', 'no-store');
    res.status(answer.status);
    if (answer.status === 204 || answer.body === undefined) {
      res.end();
      return;
    }
    res.setHeader('Content-Type', 'application/json');
    res.end(`${JSON.stringify(answer.body)}\n`);
  };
}

/** What a refused request changed all the same, such as a token's uses. */
function saveIfPossible(core: VaultCore): void {
  try {
    core.state.save();
  } catch {
    // The refusal is the answer; it is written with the next change.
  }
}

function toAnswer(error: unknown): Answer {
  if (error instanceof VaultError) {
    return { status: error.status, body: { errors: error.messages } };
  }
  return {
    status: 500,
    body: {
      errors: [`1 error occurred:\n\t* ${(error as Error).message}\n\n`],
    },
  };
}

async function handle(core: VaultCore, req: IncomingMessage): Promise<Answer> {
  const url = new URL(req.url ?? '/', 'http://localhost');
  if (!url.pathname.startsWith('/v1/')) {
    throw new VaultError(404);
  }
  const fullPath = decodePath(url.pathname.slice('/v1/'.length));
  const method = req.method ?? 'GET';
  const fields = await readBody(req);
  const plain = answerUnauthenticated(
    core,
    method,
    fullPath,
    url.searchParams,
    fields,
  );
  if (plain) {
    return plain;
  }
  if (core.state.data.sealed) {
    throw new VaultError(503, 'Vault is sealed');
  }
  const operation = readOperation(req, url.searchParams);
  const { namespace, path } = readNamespace(
    core,
    req,
    operation === 'list' ? `${fullPath.replace(/\/$/, '')}/` : fullPath,
  );
  if (operation === 'update' && path.endsWith('/')) {
    throw invalidRequest("cannot write to a path ending in '/'");
  }
  const wrapTtl = readWrapTtl(req);
  const token = core.tokens.find(readToken(req));
  const found = core.resolve(namespace, path);
  const route = found && findRoute(found.backend, found.path);
  if (!token && !route?.route.unauthenticated) {
    throw new VaultError(403, 'permission denied');
  }
  if (token && isElsewhere(token, namespace)) {
    throw permissionDenied();
  }
  const request: BackendRequest = {
    operation,
    path: found?.path ?? '',
    mountPath: found?.mountPath ?? '',
    namespace,
    fields: { ...Object.fromEntries(url.searchParams), ...fields },
    token,
  };
  if (token && !route?.route.unauthenticated) {
    checkAccess(core, request, `${namespace}${path}`, route);
    core.tokens.use(token);
  }
  try {
    if (!found) {
      throw noHandler(path);
    }
    if (!route) {
      throw new VaultError(404, '1 error occurred:\n\t* unsupported path\n\n');
    }
    if (path === 'sys/wrapping/wrap' && !wrapTtl) {
      throw invalidRequest('endpoint requires response wrapping to be used');
    }
    const answer = await callRoute(route, request);
    return send(core, request, path, found, answer, wrapTtl);
  } finally {
    if (token) {
      core.tokens.endIfUsedUp(token);
    }
  }
}

/** Whether the namespace is not the token's own nor below it. */
function isElsewhere(token: TokenRecord, namespace: string): boolean {
  return !namespace.startsWith(token.namespace);
}

function checkAccess(
  core: VaultCore,
  request: BackendRequest,
  path: string,
  match: ReturnType<typeof findRoute>,
): void {
  const token = request.token!;
  if (token.wrapping) {
    // It is good for one use, and this was it.
    core.tokens.revoke(token.accessor);
    throw permissionDenied();
  }
  const access = core.accessOf(token);
  const isNew =
    request.operation === 'update' &&
    match?.route.exists?.(request, ...match.parts) === false;
  const isAllowed = access.allows(path, isNew ? 'create' : request.operation);
  if (!isAllowed || (match?.route.sudo && !access.allows(path, 'sudo'))) {
    throw permissionDenied();
  }
}

function send(
  core: VaultCore,
  request: BackendRequest,
  path: string,
  found: ResolvedPath,
  answer: BackendAnswer | undefined,
  wrapTtl: number,
): Answer {
  const isRead = request.operation === 'read' || request.operation === 'list';
  if (!answer) {
    if (isRead) {
      throw new VaultError(404);
    }
    return { status: 204 };
  }
  if (answer.empty) {
    return { status: answer.status ?? 204 };
  }
  const body = answer.raw ?? describe(core, request, path, found, answer);
  const status = answer.status ?? 200;
  const ttl = answer.wrap?.ttl ?? wrapTtl;
  if (ttl && status === 200) {
    const from = answer.wrap?.path ?? path;
    return { status, body: wrap(core, request, from, answer, body, ttl) };
  }
  // What is below sys is also told at the top, as in the first versions.
  return {
    status,
    body:
      found.record.type === 'system' && !answer.raw && needsTopLevel(path)
        ? { ...answer.data, ...(body as object) }
        : body,
  };
}

function needsTopLevel(path: string): boolean {
  return (
    /^sys\/(mounts|auth|policy|audit|capabilities)/.test(path) &&
    path !== 'sys/audit'
  );
}

function describe(
  core: VaultCore,
  request: BackendRequest,
  path: string,
  found: ResolvedPath,
  answer: BackendAnswer,
): Record<string, unknown> {
  const lease =
    answer.renewed ??
    (answer.lease?.renewable
      ? core.leases.grant({
          namespace: request.namespace,
          mount: found.record.uuid,
          path,
          token: request.token,
          grant: answer.lease,
        })
      : undefined);
  return {
    request_id: randomId(),
    lease_id: lease?.id ?? '',
    renewable: lease?.renewable ?? false,
    lease_duration: lease
      ? Math.round((lease.expiresAt - Date.now()) / 1000)
      : answer.lease?.ttl ?? 0,
    data: answer.data ?? null,
    wrap_info: null,
    warnings: answer.warnings?.length ? answer.warnings : null,
    auth: answer.auth ? describeToken(answer.auth.token) : null,
  };
}

function describeToken(token: TokenRecord) {
  return {
    client_token: token.id,
    accessor: token.accessor,
    policies: token.policies,
    ...(token.policies.length > 0 && { token_policies: token.policies }),
    metadata: token.metadata,
    lease_duration: ttlOf(token),
    renewable: token.renewable,
    entity_id: '',
    token_type: 'service',
    orphan: token.parent === undefined,
    mfa_requirement: null,
    num_uses: Math.max(0, token.usesLeft),
  };
}

function wrap(
  core: VaultCore,
  request: BackendRequest,
  path: string,
  answer: BackendAnswer,
  body: unknown,
  ttl: number,
) {
  const token = core.tokens.create({
    namespace: request.namespace,
    policies: ['response-wrapping'],
    path,
    displayName: 'response-wrapping',
    ttl,
    maxTtl: ttl,
    renewable: false,
    wrapping: { answer: JSON.stringify(body), path, ttl },
  });
  core.leases.schedule();
  return {
    request_id: '',
    lease_id: '',
    renewable: false,
    lease_duration: 0,
    data: null,
    wrap_info: {
      token: token.id,
      accessor: token.accessor,
      ttl,
      creation_time: new Date(token.createdAt).toISOString(),
      creation_path: path,
      ...(answer.auth && { wrapped_accessor: answer.auth.token.accessor }),
    },
    warnings: null,
    auth: null,
  };
}
