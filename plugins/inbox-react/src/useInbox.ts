import {
  identityApiRef,
  useApi,
  useApiHolder,
} from '@backstage/frontend-plugin-api';
import type { ApiHolder } from '@backstage/frontend-plugin-api';
import { statusOf, usePolling } from '@waystone/ui';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { inboxApiRef } from './inboxApi';
import type { InboxAudience, InboxItem, InboxSource } from './InboxSource';
import { sortInbox } from './sortInbox';

const INTERVAL_MS = 60_000;

/** A source that takes longer is one that does not answer. */
const TIMEOUT_MS = 15_000;

/** Of one source. */
const MOST_ITEMS = 20;

/**
 * An item and where it is from.
 *
 * @public
 */
export interface InboxEntry extends InboxItem {
  readonly source: { readonly id: string; readonly title: string };
}

/**
 * What needs somebody, as far as the sources have answered.
 *
 * @public
 */
export interface Inbox {
  /** The worst first, then the newest. */
  readonly entries: readonly InboxEntry[];
  /** Titles of sources that have not answered yet. */
  readonly pending: readonly string[];
  readonly failures: readonly {
    readonly source: string;
    readonly error: Error;
  }[];
  readonly retry: () => void;
}

/** A source did not answer in time. */
export class LateSourceError extends Error {
  readonly seconds = TIMEOUT_MS / 1000;

  constructor() {
    super('The source did not answer in time');
    this.name = 'LateSourceError';
  }
}

interface Answer {
  readonly items: readonly InboxItem[];
  readonly error?: Error;
}

/**
 * Asks all sources, each by itself, again every minute while somebody looks.
 *
 * @public
 */
export function useInbox(audience: InboxAudience): Inbox {
  const { sources } = useApi(inboxApiRef);
  const identity = useApi(identityApiRef);
  const apis = useApiHolder();
  const team = audience.type === 'team' ? audience.entityRef : undefined;
  const [answers, setAnswers] = useState<ReadonlyMap<string, Answer>>(
    new Map(),
  );
  // What waited for another team is nothing to show while this one's is read
  useEffect(() => setAnswers(new Map()), [team]);

  const read = useCallback(
    async (signal: AbortSignal) => {
      const owners = team
        ? [team]
        : (await identity.getBackstageIdentity()).ownershipEntityRefs;
      await Promise.all(
        sources.map(async source => {
          const answer = await ask(source, { apis, owners, team, signal });
          if (!signal.aborted) {
            setAnswers(before =>
              new Map(before).set(source.id, {
                // What was known stays while its source does not answer
                items: answer.items ?? before.get(source.id)?.items ?? [],
                error: answer.error,
              }),
            );
          }
        }),
      );
    },
    [apis, identity, sources, team],
  );
  const { refresh } = usePolling(read, INTERVAL_MS);

  return useMemo(
    () => ({
      entries: sortInbox(collect(sources, answers)),
      pending: sources
        .filter(({ id }) => !answers.has(id))
        .map(({ title }) => title),
      failures: sources.flatMap(({ id, title }) => {
        const error = answers.get(id)?.error;
        return error ? [{ source: title, error }] : [];
      }),
      retry: refresh,
    }),
    [answers, refresh, sources],
  );
}

async function ask(
  source: InboxSource,
  options: {
    readonly apis: ApiHolder;
    readonly owners: readonly string[];
    readonly team: string | undefined;
    readonly signal: AbortSignal;
  },
): Promise<{ items?: readonly InboxItem[]; error?: Error }> {
  const { apis, owners, signal, team } = options;
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    const items = await Promise.race([
      source.read({
        apis,
        audience: team ? { type: 'team', entityRef: team } : { type: 'me' },
        owners,
        limit: MOST_ITEMS,
        signal,
      }),
      new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new LateSourceError()), TIMEOUT_MS);
        signal.addEventListener('abort', () => clearTimeout(timer), {
          once: true,
        });
      }),
    ]);
    return { items: items.slice(0, MOST_ITEMS) };
  } catch (error) {
    // What somebody may not see does not wait for them
    return statusOf(error) === 403 ? { items: [] } : { error: error as Error };
  } finally {
    clearTimeout(timer);
  }
}

function collect(
  sources: readonly InboxSource[],
  answers: ReadonlyMap<string, Answer>,
): InboxEntry[] {
  const all = sources.flatMap(({ id, title }) =>
    (answers.get(id)?.items ?? []).map(item => ({
      ...item,
      id: `${id}:${item.id}`,
      source: { id, title },
    })),
  );
  const told = new Set(
    sources
      .filter(({ id }) => answers.has(id) && !answers.get(id)?.error)
      .flatMap(({ topics = [] }) => topics),
  );
  const links = new Set(
    all.filter(({ topic }) => topic === undefined).map(({ link }) => link),
  );
  return all.filter(
    ({ link, topic }) =>
      topic === undefined || (!told.has(topic) && !links.has(link)),
  );
}
