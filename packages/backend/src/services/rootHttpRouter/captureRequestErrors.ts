import { MiddlewareFactory } from '@backstage/backend-defaults/rootHttpRouter';
import type { ErrorRequestHandler, Response } from 'express';

const PATCHED = Symbol.for('waystone.capture-request-errors');
const causes = new WeakMap<Response, unknown>();

/**
 * Remembers the error behind an error response.
 *
 * @remarks
 *
 * Every plugin has its own error middleware, made by
 * `MiddlewareFactory.error()`. It hides database errors well, behind "An internal
 * error occurred", but with them the code that tells "try again" from "broken".
 * There is no hook for it, so the factory method is wrapped, once.
 *
 * @internal
 */
export function captureRequestErrors(): void {
  const prototype = MiddlewareFactory.prototype as MiddlewareFactory & {
    [PATCHED]?: boolean;
  };
  if (prototype[PATCHED]) {
    return;
  }
  prototype[PATCHED] = true;

  const createErrorHandler = prototype.error;
  prototype.error = function error(options): ErrorRequestHandler {
    const handler = createErrorHandler.call(this, options);
    return (err, req, res, next) => {
      causes.set(res, err);
      handler(err, req, res, next);
    };
  };
}

/**
 * The error that led to the response, if a Backstage error handler wrote it.
 *
 * @internal
 */
export function capturedErrorOf(res: Response): unknown {
  return causes.get(res);
}
