import { useCallback } from 'react';
import { useSearchParams } from 'react-router-dom';

/** The filters of a list, which are in the address. */
export function useFilters(): {
  readonly params: URLSearchParams;
  /** Sets filters, or removes those that are undefined. */
  readonly change: (changes: Record<string, string | undefined>) => void;
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
  return { params, change };
}
