import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Request, RequestHandler, Response } from 'express';
import type { DatabaseMonitor } from '../databaseMonitor';
import { capturedErrorOf } from './captureRequestErrors';
import { classifyConnectionError } from './databaseErrors';
import { requestIdOf } from './requestId';
import {
  isTakenOver,
  pathOf,
  rememberEnd,
  type ReplacementError,
  takeOverResponse,
} from './takeOverResponse';

/**
 * What everybody gets while the database is away.
 *
 * @internal
 */
export const DATABASE_UNAVAILABLE: ReplacementError = {
  statusCode: 503,
  name: 'ServiceUnavailableError',
  message:
    'The portal cannot reach its database at the moment. Try again in a few seconds.',
  retryAfterSeconds: 5,
};

/** For a lost connection while the database is fine. */
const DEPENDENCY_UNAVAILABLE: ReplacementError = {
  statusCode: 503,
  name: 'ServiceUnavailableError',
  message:
    'A system that this request depends on cannot be reached at the moment. Try again in a few seconds.',
  retryAfterSeconds: 5,
};

/** Errors that are raised for the reader to see, with status codes above 500. */
const PUBLIC_ERRORS = new Set([
  'ServiceUnavailableError',
  'NotImplementedError',
]);

/** Signs of internals in a message: SQL, addresses, host:port, stacks, paths. */
const INTERNAL_DETAILS = [
  /\b(select|insert into|update|delete from)\b.*\b(from|values|set|where)\b/is,
  /\b\d{1,3}(\.\d{1,3}){3}\b/,
  /(^|[\s[])[0-9a-f]{0,4}:(:|[0-9a-f]{1,4}:){1,6}[0-9a-f]{0,4}/i,
  /\b(localhost|[\w-]+(\.[\w-]+)+):\d{2,5}\b/i,
  /\bE(CONN|TIMEDOUT|PIPE|HOSTUNREACH|NETUNREACH|NOTFOUND|AI_|NOENT|ACCES)/,
  /^\s+at .+:\d+:\d+/m,
  /(^|[\s'"(])\/(home|root|app|opt|usr|var|tmp|etc)\//,
];

/**
 * Keeps the internals of failures inside.
 *
 * @remarks
 *
 * Plugins write their error responses themselves, so the filter sits on the
 * response: it looks at every response that fails with 500 or above and is
 * written in one piece. Streams, such as proxied answers and server-sent events,
 * pass untouched.
 *
 * A 401 is looked at too: while the database is away tokens cannot be verified,
 * and a 401 would sign out people whose session is fine.
 *
 * @internal
 */
export function errorFilter(options: {
  monitor: DatabaseMonitor;
  logger: LoggerService;
}): RequestHandler {
  const { monitor, logger } = options;

  async function review(req: Request, res: Response, body: string) {
    const { statusCode } = res;
    const original = parseError(body);
    const id = requestIdOf(res);
    const log = () =>
      logger.error(
        `Request ${id} failed with status ${statusCode}: ${req.method} ${pathOf(
          req,
        )}: ${body.slice(0, 2000)}`,
        { requestId: id },
      );

    const kind =
      statusCode >= 500
        ? classifyConnectionError({ errors: [capturedErrorOf(res), original] })
        : undefined;
    if (kind === 'database' || !(await monitor.isReachable({ maxAgeMs: 0 }))) {
      return DATABASE_UNAVAILABLE;
    }
    if (kind === 'network') {
      log();
      return DEPENDENCY_UNAVAILABLE;
    }
    if (statusCode < 500 || (!original && !looksLikeText(res, body))) {
      return undefined;
    }
    if (original && isPublic(original)) {
      return undefined;
    }

    log();
    return {
      statusCode,
      name: 'InternalError',
      message: `The portal could not complete the request because of an internal error. If it happens again, report it with the request id ${id}.`,
      requestId: id,
    };
  }

  return (req, res, next) => {
    const { write, end } = res;
    rememberEnd(res);
    let streaming = false;
    let held = false;

    res.write = function filteredWrite(this: Response, ...args: unknown[]) {
      if (held && !isTakenOver(res)) {
        return true;
      }
      streaming = true;
      return Reflect.apply(write, res, args);
    } as Response['write'];

    res.end = function filteredEnd(this: Response, ...args: unknown[]) {
      const suspicious = res.statusCode >= 500 || res.statusCode === 401;
      if (!suspicious || streaming || res.headersSent || isTakenOver(res)) {
        return Reflect.apply(end, res, args);
      }
      if (held) {
        return res;
      }
      held = true;
      const release = () => {
        if (!isTakenOver(res)) {
          Reflect.apply(end, res, args);
        }
      };
      review(req, res, bodyText(args[0]))
        .then(replacement => {
          if (replacement) {
            takeOverResponse(req, res, replacement);
          } else {
            release();
          }
        })
        .catch(error => {
          logger.error('Could not filter an error response', error);
          takeOverResponse(req, res, {
            statusCode: 500,
            name: 'InternalError',
            message: 'The portal could not complete the request.',
          });
        });
      return res;
    } as Response['end'];

    next();
  };
}

interface SerializedError {
  name: string;
  message: string;
}

function parseError(body: string): SerializedError | undefined {
  try {
    const error = JSON.parse(body)?.error;
    if (typeof error === 'string') {
      return { name: 'Error', message: error };
    }
    if (typeof error?.message === 'string') {
      return { ...error, name: String(error.name ?? 'Error') };
    }
  } catch {
    // Not JSON, so not an error that Backstage has written.
  }
  return undefined;
}

function isPublic(error: SerializedError): boolean {
  return (
    PUBLIC_ERRORS.has(error.name) &&
    Object.keys(error).every(key =>
      ['name', 'message', 'code'].includes(key),
    ) &&
    !INTERNAL_DETAILS.some(pattern => pattern.test(error.message))
  );
}

function looksLikeText(res: Response, body: string): boolean {
  const type = String(res.getHeader('content-type') ?? '');
  return body !== '' && /json|text/.test(type);
}

function bodyText(chunk: unknown): string {
  if (typeof chunk === 'string') {
    return chunk;
  }
  return Buffer.isBuffer(chunk) ? chunk.toString('utf8') : '';
}
