import type { Request, RequestHandler, Response } from 'express';
import type { DatabaseMonitor } from '../databaseMonitor';
import { DATABASE_UNAVAILABLE } from './errorFilter';
import { takeOverResponse } from './takeOverResponse';

/** A request that waits for a lost database is answered this long after it came. */
const IN_FLIGHT_LIMIT_MS = 4000;

interface InFlight {
  req: Request;
  res: Response;
  startedAt: number;
  timer?: NodeJS.Timeout;
}

/**
 * Answers API requests with 503 while the database is away.
 *
 * @remarks
 *
 * New requests are answered at once. Those in flight when the database goes away
 * get a few seconds to finish without it or to see it return.
 *
 * @internal
 */
export function databaseGuard(options: {
  monitor: DatabaseMonitor;
}): RequestHandler {
  const { monitor } = options;
  const inFlight = new Set<InFlight>();

  monitor.onChange(({ state }) => {
    for (const entry of inFlight) {
      clearTimeout(entry.timer);
      if (state === 'unavailable') {
        const age = performance.now() - entry.startedAt;
        entry.timer = setTimeout(
          () => takeOverResponse(entry.req, entry.res, DATABASE_UNAVAILABLE),
          Math.max(0, IN_FLIGHT_LIMIT_MS - age),
        );
      }
    }
  });

  return (req, res, next) => {
    if (monitor.status.state === 'unavailable') {
      takeOverResponse(req, res, DATABASE_UNAVAILABLE);
      return;
    }
    const entry: InFlight = { req, res, startedAt: performance.now() };
    inFlight.add(entry);
    res.once('close', () => {
      clearTimeout(entry.timer);
      inFlight.delete(entry);
    });
    next();
  };
}
