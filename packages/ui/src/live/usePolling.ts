import { useCallback, useEffect, useRef, useState } from 'react';

/**
 * What {@link usePolling} knows.
 *
 * @public
 */
export interface Polled<T> {
  /** The last value that could be read; it stays when reading fails. */
  readonly value?: T;
  /** Why the last reading failed; undefined once one succeeds. */
  readonly error?: Error;
  /** Reads now. */
  refresh(): void;
}

/**
 * Reads a value again and again while the page is visible.
 *
 * @param read - stable over renders (`useCallback`); a new one starts over
 * @param intervalMs - from the end of one reading to the start of the next
 *
 * @public
 */
export function usePolling<T>(
  read: (signal: AbortSignal) => Promise<T>,
  intervalMs: number,
): Polled<T> {
  const [value, setValue] = useState<T>();
  const [error, setError] = useState<Error>();
  const readNow = useRef<() => void>(() => {});

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let controller = new AbortController();
    let stopped = false;

    const run = async () => {
      clearTimeout(timer);
      controller.abort();
      controller = new AbortController();
      const { signal } = controller;
      try {
        const next = await read(signal);
        if (!signal.aborted) {
          setValue(next);
          setError(undefined);
        }
      } catch (problem) {
        if (!signal.aborted) {
          setError(problem as Error);
        }
      }
      if (!signal.aborted && !stopped && !document.hidden) {
        timer = setTimeout(run, intervalMs);
      }
    };
    const onVisible = () => {
      if (!document.hidden) {
        run();
      }
    };

    readNow.current = run;
    run();
    document.addEventListener('visibilitychange', onVisible);
    return () => {
      stopped = true;
      clearTimeout(timer);
      controller.abort();
      document.removeEventListener('visibilitychange', onVisible);
    };
  }, [read, intervalMs]);

  const refresh = useCallback(() => readNow.current(), []);
  return { value, error, refresh };
}
