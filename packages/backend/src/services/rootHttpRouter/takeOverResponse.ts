import { STATUS_CODES } from 'node:http';
import type { Request, Response } from 'express';

const TAKEN_OVER = Symbol('waystone.response-taken-over');
const ends = new WeakMap<Response, Response['end']>();

/**
 * A JSON error in Backstage's shape, sent in place of what a handler would send.
 *
 * @internal
 */
export interface ReplacementError {
  statusCode: number;
  name: string;
  message: string;
  retryAfterSeconds?: number;
  requestId?: string;
}

/**
 * Whether somebody has already answered in place of the handler.
 *
 * @internal
 */
export function isTakenOver(res: Response): boolean {
  return TAKEN_OVER in res;
}

/**
 * Keeps the current `end()` for {@link takeOverResponse}.
 *
 * What is put in front of it later may wait for the very thing that is away: the
 * session middleware of sign-in saves to the database before it ends a response.
 *
 * @internal
 */
export function rememberEnd(res: Response): void {
  ends.set(res, res.end);
}

/**
 * Answers the request with an error, on behalf of a handler that may still be
 * running, and makes whatever the handler writes later go nowhere.
 *
 * @remarks
 *
 * The late handler must not notice: an attempt to set a header after the end
 * throws, which would end up as an error in the log or, worse, close a
 * connection on which the next request is already under way.
 *
 * @internal
 */
export function takeOverResponse(
  req: Request,
  res: Response,
  error: ReplacementError,
): void {
  if (res.headersSent || isTakenOver(res)) {
    return;
  }
  Object.defineProperty(res, TAKEN_OVER, { value: true });

  // What the handler has prepared describes another body.
  for (const name of [
    'Content-Length',
    'Content-Encoding',
    'ETag',
    'Last-Modified',
  ]) {
    res.removeHeader(name);
  }
  res.statusCode = error.statusCode;
  res.statusMessage = STATUS_CODES[error.statusCode] ?? 'Error';
  res.setHeader('Content-Type', 'application/json; charset=utf-8');
  res.setHeader('Cache-Control', 'no-store');
  if (error.retryAfterSeconds !== undefined) {
    res.setHeader('Retry-After', String(error.retryAfterSeconds));
  }
  const body = JSON.stringify(errorBody(req, error));
  res.setHeader('Content-Length', Buffer.byteLength(body));
  Reflect.apply(ends.get(res) ?? res.end, res, [body]);

  ignoreFurtherWrites(res);
}

/**
 * The body of an error answer, in the shape of `ErrorResponseBody`.
 *
 * @internal
 */
export function errorBody(req: Request, error: ReplacementError) {
  return {
    error: {
      name: error.name,
      message: error.message,
      ...(error.requestId && { requestId: error.requestId }),
    },
    request: { method: req.method, url: pathOf(req) },
    response: { statusCode: error.statusCode },
  };
}

/**
 * The path of a request without its query, which may hold credentials.
 *
 * @internal
 */
export function pathOf(req: Request): string {
  return req.originalUrl.split('?', 1)[0];
}

function ignoreFurtherWrites(res: Response): void {
  const ignored = {
    setHeader: () => res,
    setHeaders: () => res,
    appendHeader: () => res,
    removeHeader: () => undefined,
    flushHeaders: () => undefined,
    writeHead: () => res,
    write: () => true,
    end: () => res,
    // Error handlers that find the headers sent destroy the socket.
    headersSent: false,
  };
  for (const [name, value] of Object.entries(ignored)) {
    Object.defineProperty(res, name, { value, configurable: true });
  }
}
