import { useApi } from '@backstage/frontend-plugin-api';
import { useEffect, useState } from 'react';
import { catalogListingApiRef } from './CatalogListingClient';

/** How many problems the rows of a page have. @internal */
export type ProblemCounts =
  | 'loading'
  | 'failed'
  /** By entity ref, without those of which the signed-in person may not know it. */
  | ReadonlyMap<string, number>;

/**
 * Counts problems after the rows are shown: it takes longer than the rows do.
 *
 * @internal
 */
export function useProblemCounts(entityRefs: readonly string[]): ProblemCounts {
  const api = useApi(catalogListingApiRef);
  const key = JSON.stringify(entityRefs);
  const [state, setState] = useState<{ key: string; counts: ProblemCounts }>();

  useEffect(() => {
    const refs: string[] = JSON.parse(key);
    const controller = new AbortController();
    const { signal } = controller;
    const settle = (counts: ProblemCounts) => {
      if (!signal.aborted) {
        setState({ key, counts });
      }
    };
    if (refs.length > 0) {
      api.problems(refs, signal).then(
        ({ items }) =>
          settle(new Map(items.map(item => [item.entityRef, item.count]))),
        () => settle('failed'),
      );
    }
    return () => controller.abort();
  }, [api, key]);

  return state?.key === key ? state.counts : 'loading';
}
