import { setTimeout as wait } from 'node:timers/promises';
import type { RequestHandler, Response } from 'express';
import type { SandboxPart } from '../SandboxPart';
import type { Fault, FaultTable } from './FaultTable';

/** What is sent where JSON is expected. */
const MALFORMED = '{"items": [{"metadata": {"name": "cut-off", ';

const MESSAGES: Record<NonNullable<Fault['status']>, string> = {
  401: 'the token has expired',
  403: 'permission denied',
  429: 'too many requests',
  500: 'internal error',
  502: 'bad gateway',
  503: 'the service is unavailable',
  504: 'the gateway timed out',
};

/**
 * Makes the requests of one part fail in the ways that somebody asked for.
 *
 * @internal
 */
export function applyFaults(
  faults: FaultTable,
  part: SandboxPart,
): RequestHandler {
  const open = new Set<Response>();
  faults.onSet((system, { down, rate = 1 }) => {
    if (system === part.name && down) {
      // A system that is gone has no streams either.
      open.forEach(res => Math.random() < rate && res.socket?.destroy());
    }
  });
  return async (req, res, next) => {
    open.add(res);
    res.once('close', () => open.delete(res));
    const fault = faults.get(part.name);
    if (!fault) {
      next();
      return;
    }
    if (fault.latencyMs) {
      await wait(fault.latencyMs, undefined, { ref: false });
    }
    if (req.socket.destroyed) {
      return;
    }
    if (Math.random() >= (fault.rate ?? 1)) {
      next();
      return;
    }
    if (fault.down) {
      req.socket.destroy();
      return;
    }
    if (fault.status) {
      sendError(res, part, fault);
      return;
    }
    if (fault.malformed) {
      res.type('application/json').send(MALFORMED);
      return;
    }
    if (fault.resetAfterBytes !== undefined) {
      cutAfter(res, fault.resetAfterBytes);
    }
    next();
  };
}

function sendError(res: Response, part: SandboxPart, fault: Fault) {
  const status = fault.status!;
  const message = MESSAGES[status];
  const answer = part.renderError?.(status, message) ?? {
    contentType: 'text/plain; charset=utf-8',
    body: `${message}\n`,
  };
  if (fault.retryAfterSeconds !== undefined) {
    res.setHeader('Retry-After', String(fault.retryAfterSeconds));
  }
  res.status(status).type(answer.contentType).send(answer.body);
}

/** Destroys the connection once so many bytes of the body were written. */
function cutAfter(res: Response, limit: number) {
  let left = limit;
  const write = res.write.bind(res) as (chunk: Buffer) => boolean;
  const send = (chunk: unknown, encoding: unknown): boolean => {
    if (chunk === undefined || chunk === null || typeof chunk === 'function') {
      return true;
    }
    const bytes = Buffer.isBuffer(chunk)
      ? chunk
      : Buffer.from(
          chunk as string,
          typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8',
        );
    const part = bytes.subarray(0, left);
    left -= part.length;
    const result = part.length > 0 ? write(part) : true;
    if (left <= 0) {
      // After the bytes have left: a reset must come in the middle of the body, not in its place.
      setImmediate(() => res.socket?.destroy());
    }
    return result;
  };
  res.write = ((chunk: unknown, encoding: unknown) =>
    send(chunk, encoding)) as typeof res.write;
  const end = res.end.bind(res) as () => typeof res;
  res.end = ((chunk: unknown, encoding: unknown) => {
    send(chunk, encoding);
    if (left > 0) {
      end();
    }
    return res;
  }) as typeof res.end;
}
