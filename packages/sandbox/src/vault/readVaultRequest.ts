import type { IncomingMessage } from 'node:http';
import { parseDuration } from './duration';
import type { VaultOperation } from './VaultBackend';
import type { VaultCore } from './VaultCore';
import { invalidRequest, VaultError } from './VaultError';

/** As a real server is set when it is new. */
const MAX_BODY_BYTES = 32 * 1024 * 1024;

const OPERATIONS: Readonly<Record<string, VaultOperation>> = {
  GET: 'read',
  POST: 'update',
  PUT: 'update',
  DELETE: 'delete',
  LIST: 'list',
  PATCH: 'patch',
};

/** What is to be done, by the method. */
export function readOperation(
  req: IncomingMessage,
  query: URLSearchParams,
): VaultOperation {
  const method = req.method ?? 'GET';
  const operation = Object.hasOwn(OPERATIONS, method)
    ? OPERATIONS[method]
    : undefined;
  if (!operation) {
    throw new VaultError(405);
  }
  if (operation === 'read' && ['true', '1'].includes(query.get('list') ?? '')) {
    return 'list';
  }
  if (operation === 'patch') {
    const type = (req.headers['content-type'] ?? '').split(';')[0].trim();
    if (type !== 'application/merge-patch+json') {
      throw new VaultError(
        415,
        `PATCH requires Content-Type of application/merge-patch+json, provided ${type}`,
      );
    }
  }
  return operation;
}

/** The namespace may be told in a header, in front of the path, or both. */
export function readNamespace(
  core: VaultCore,
  req: IncomingMessage,
  fullPath: string,
): { namespace: string; path: string } {
  const header = String(req.headers['x-vault-namespace'] ?? '').replace(
    /^\/+|\/+$/g,
    '',
  );
  let namespace = header && header !== 'root' ? `${header}/` : '';
  if (!core.namespace(namespace)) {
    throw new VaultError(404, 'namespace not found');
  }
  let path = fullPath;
  for (;;) {
    const slash = path.indexOf('/');
    const next = `${namespace}${path.slice(0, slash + 1)}`;
    if (slash < 0 || next === namespace || !core.namespace(next)) {
      return { namespace, path };
    }
    namespace = next;
    path = path.slice(slash + 1);
  }
}

/** The token that came with a request; empty without one. */
export function readToken(req: IncomingMessage): string {
  const header = req.headers['x-vault-token'];
  const bearer = /^Bearer (.+)$/.exec(req.headers.authorization ?? '')?.[1];
  return (typeof header === 'string' ? header : bearer) ?? '';
}

/** For how many seconds the answer is to be wrapped; 0 if not. */
export function readWrapTtl(req: IncomingMessage): number {
  const header = req.headers['x-vault-wrap-ttl'];
  if (header === undefined) {
    return 0;
  }
  const ttl = parseDuration(header);
  if (ttl === undefined || ttl < 0) {
    throw invalidRequest(
      `error parsing X-Vault-Wrap-TTL header: time: invalid duration "${header}"`,
    );
  }
  return ttl;
}

/** The path below `/v1/`. */
export function decodePath(text: string): string {
  let path;
  try {
    path = decodeURIComponent(text);
  } catch {
    throw new VaultError(400);
  }
  // A name of JavaScript's own would mean something else where names are kept.
  const parts = path.split('/');
  if (parts.includes('__proto__') || parts.some(part => part.endsWith('.'))) {
    throw new VaultError(404);
  }
  return path;
}

/** The fields of a body, which is always JSON. */
export async function readBody(
  req: IncomingMessage,
): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of req) {
    length += (chunk as Buffer).length;
    if (length > MAX_BODY_BYTES) {
      throw new VaultError(413, 'http: request body too large');
    }
    chunks.push(chunk as Buffer);
  }
  const text = Buffer.concat(chunks).toString('utf8').trim();
  if (text === '') {
    return {};
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalidRequest('failed to decode JSON input: unexpected EOF');
  }
  if (value === null) {
    return {};
  }
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw invalidRequest(
      'failed to decode JSON input: json: cannot unmarshal array into Go value of type map[string]interface {}',
    );
  }
  return value as Record<string, unknown>;
}
