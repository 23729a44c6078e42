import { useCallback } from 'react';
import { useSearchParams } from 'react-router-dom';

/**
 * The filters of a list, which are in the address, so that a view can be shared.
 *
 * @param pageKey - of a list with pages, the filter that says which: whatever else changes leads to the first
 *
 * @public
 */
export function useFilters(pageKey?: string): {
  readonly params: URLSearchParams;
  /** Sets filters, or removes those that are undefined; as a step to go back by if `isStep`. */
  readonly change: (
    changes: Record<string, string | undefined>,
    isStep?: boolean,
  ) => void;
  /** Removes all of them. */
  readonly clear: () => void;
} {
  const [params, setParams] = useSearchParams();
  const change = useCallback(
    (changes: Record<string, string | undefined>, isStep = false) =>
      setParams(
        before => {
          const next = new URLSearchParams(before);
          if (pageKey) {
            next.delete(pageKey);
          }
          for (const [key, value] of Object.entries(changes)) {
            if (value) {
              next.set(key, value);
            } else {
              next.delete(key);
            }
          }
          return next;
        },
        { replace: !isStep },
      ),
    [pageKey, setParams],
  );
  const clear = useCallback(
    () => setParams({}, { replace: true }),
    [setParams],
  );
  return { params, change, clear };
}
