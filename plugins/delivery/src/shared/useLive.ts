import { useSignal } from '@backstage/plugin-signals-react';
import { DELIVERY_CHANNEL } from '@waystone/plugin-delivery-common';
import { usePolling } from '@waystone/ui';
import type { Polled } from '@waystone/ui';
import { useEffect } from 'react';

/** Where signals do not get through, and for what changes without one: times, freshness. */
const INTERVAL_MS = 30_000;

/**
 * Reads a value, and again whenever the backend says that something changed.
 *
 * @param read - stable over renders
 */
export function useLive<T>(
  read: (signal: AbortSignal) => Promise<T>,
): Polled<T> {
  const polled = usePolling(read, INTERVAL_MS);
  const { lastSignal } = useSignal(DELIVERY_CHANNEL);
  const { refresh } = polled;
  useEffect(() => {
    if (lastSignal) {
      refresh();
    }
  }, [lastSignal, refresh]);
  return polled;
}
