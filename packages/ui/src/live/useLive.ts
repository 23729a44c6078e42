import { useSignal } from '@backstage/plugin-signals-react';
import { useEffect } from 'react';
import type { Polled } from './usePolling';
import { usePolling } from './usePolling';

/** Where signals do not get through, and for what changes without one: times, freshness. */
const INTERVAL_MS = 30_000;

/**
 * Reads a value, and again whenever the backend says that something changed.
 *
 * @param channel - of the signals that tell of changes
 * @param read - stable over renders (`useCallback`)
 *
 * @public
 */
export function useLive<T>(
  channel: string,
  read: (signal: AbortSignal) => Promise<T>,
): Polled<T> {
  const polled = usePolling(read, INTERVAL_MS);
  const { lastSignal } = useSignal(channel);
  const { refresh } = polled;
  useEffect(() => {
    if (lastSignal) {
      refresh();
    }
  }, [lastSignal, refresh]);
  return polled;
}
