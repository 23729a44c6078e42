import { useEffect, useState } from 'react';

/**
 * An answer with a part of a list, as every list of ours answers.
 *
 * @public
 */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly pageInfo: { readonly nextCursor?: string };
}

/**
 * A list that grows page by page.
 *
 * @public
 */
export interface Pages<Item, Response extends Page<Item>> {
  /** The last answer; the one before stays while the question changes. */
  readonly response?: Response;
  readonly items: readonly Item[];
  readonly loading: boolean;
  readonly error?: Error;
  /** Reads the next page; undefined once there is none. */
  readonly more?: () => void;
  /** Reads again what was read last. */
  readonly retry: () => void;
  /** Reads the list anew, from its first page. */
  readonly reload: () => void;
}

/**
 * Reads a list page by page, anew when its question changes.
 *
 * @param question - what identifies the list, such as its filters as JSON
 * @param read - `cursor` is that of the page before, or undefined for the first
 *
 * @public
 */
export function usePages<Item, Response extends Page<Item>>(
  question: string,
  read: (cursor: string | undefined, signal: AbortSignal) => Promise<Response>,
): Pages<Item, Response> {
  const [state, setState] = useState<{
    response?: Response;
    items: readonly Item[];
    error?: Error;
  }>({ items: [] });
  const [loading, setLoading] = useState(true);
  const [wanted, setWanted] = useState<{
    question: string;
    cursor?: string;
    attempt: number;
  }>({ question: '', attempt: 0 });
  // A page of another list is the first page of this one
  const cursor = wanted.question === question ? wanted.cursor : undefined;
  const { attempt } = wanted;

  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    setLoading(true);
    read(cursor, signal)
      .then(
        response => {
          if (!signal.aborted) {
            setState(before => ({
              response,
              items:
                cursor === undefined
                  ? response.items
                  : [...before.items, ...response.items],
            }));
          }
        },
        error => {
          if (!signal.aborted) {
            setState(before => ({ ...before, error }));
          }
        },
      )
      .finally(() => {
        if (!signal.aborted) {
          setLoading(false);
        }
      });
    return () => controller.abort();
    // The question says all that 'read' depends on
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [question, cursor, attempt]);

  const { nextCursor } = state.response?.pageInfo ?? {};
  return {
    ...state,
    loading,
    more: nextCursor
      ? () => {
          if (!loading) {
            setWanted({ question, cursor: nextCursor, attempt });
          }
        }
      : undefined,
    retry: () => setWanted({ question, cursor, attempt: attempt + 1 }),
    reload: () => setWanted({ question, attempt: attempt + 1 }),
  };
}
