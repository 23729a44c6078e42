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
 * Answers requests with 503 while the database is away.
 *
 * @remarks
 *
 * New API requests are answered at once. What is in flight when the database goes
 * away gets a few seconds to finish without it or to see it return, and so does
 * the frontend, most of which needs no database.
 *
 * @param options - `refuses` tells which requests are answered at once
 * @internal
 */
export function databaseGuard(options: {
  monitor: DatabaseMonitor;
  refuses: (req: Request) => boolean;
}): RequestHandler {
  const { monitor, refuses } = options;
  const inFlight = new Set<InFlight>();

  function limit(entry: InFlight) {
    const age = performance.now() - entry.startedAt;
    entry.timer = setTimeout(
      () => takeOverResponse(entry.req, entry.res, DATABASE_UNAVAILABLE),
      Math.max(0, IN_FLIGHT_LIMIT_MS - age),
    );
  }

  monitor.onChange(({ state }) => {
    for (const entry of inFlight) {
      clearTimeout(entry.timer);
      if (state === 'unavailable') {
        limit(entry);
      }
    }
  });

  return (req, res, next) => {
    const unavailable = monitor.status.state === 'unavailable';
    if (unavailable && refuses(req)) {
      takeOverResponse(req, res, DATABASE_UNAVAILABLE);
      return;
    }
    const entry: InFlight = { req, res, startedAt: performance.now() };
    inFlight.add(entry);
    res.once('close', () => {
      clearTimeout(entry.timer);
      inFlight.delete(entry);
    });
    if (unavailable) {
      limit(entry);
    }
    next();
  };
}
