import { useCallback } from 'react';
import { useSearchParams } from 'react-router-dom';

/**
 * The filters of a list, which are in the address, so that a view can be shared.
 *
 * @public
 */
export function useFilters(): {
  readonly params: URLSearchParams;
  /** Sets filters, or removes those that are undefined. */
  readonly change: (changes: Record<string, string | undefined>) => void;
  /** Removes all of them. */
  readonly clear: () => void;
} {
  const [params, setParams] = useSearchParams();
  const change = useCallback(
    (changes: Record<string, string | undefined>) =>
      setParams(
        before => {
          const next = new URLSearchParams(before);
          for (const [key, value] of Object.entries(changes)) {
            if (value) {
              next.set(key, value);
            } else {
              next.delete(key);
            }
          }
          return next;
        },
        { replace: true },
      ),
    [setParams],
  );
  const clear = useCallback(
    () => setParams({}, { replace: true }),
    [setParams],
  );
  return { params, change, clear };
}
