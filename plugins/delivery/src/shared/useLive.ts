import { DELIVERY_CHANNEL } from '@waystone/plugin-delivery-common';
import { useLive as useLiveChannel } from '@waystone/ui';
import type { Polled } from '@waystone/ui';

/**
 * Reads a value, and again whenever the backend says that something changed.
 *
 * @param read - stable over renders
 */
export function useLive<T>(
  read: (signal: AbortSignal) => Promise<T>,
): Polled<T> {
  return useLiveChannel(DELIVERY_CHANNEL, read);
}
