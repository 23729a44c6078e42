import { randomUUID } from 'node:crypto';
import type { RequestHandler, Response } from 'express';

const HEADER = 'x-request-id';
/** Anything else could forge log lines. */
const ACCEPTED = /^[A-Za-z0-9._-]{8,64}$/;

/**
 * Gives every request an id, or keeps the one that a proxy in front gave it.
 *
 * @internal
 */
export function requestId(): RequestHandler {
  return (req, res, next) => {
    const given = req.get(HEADER);
    const id = given && ACCEPTED.test(given) ? given : randomUUID();
    req.headers[HEADER] = id;
    res.setHeader(HEADER, id);
    next();
  };
}

/**
 * The id that {@link requestId} gave to the request.
 *
 * @internal
 */
export function requestIdOf(res: Response): string {
  return String(res.getHeader(HEADER) ?? 'unknown');
}
