import type {
  BackstageCredentials,
  DatabaseService,
} from '@backstage/backend-plugin-api';
import { ServiceUnavailableError } from '@backstage/errors';
import { SEARCH_MOST_RESULTS } from '@waystone/plugin-search-common';
import type {
  SearchQuery,
  SearchResponse,
  SearchResult,
} from '@waystone/plugin-search-common';
import type { Knex } from 'knex';
import type { VisibleEntities } from '../visibility/VisibleEntities';
import { createExcerpt } from './createExcerpt';
import { findCandidates } from './findCandidates';
import type { Candidate } from './findCandidates';
import type { SearchIndex } from './SearchIndex';

/** Milliseconds that one statement may take. A question that needs more has no answer in time. */
const STATEMENT_TIMEOUT = 2_000;

/** How many are looked for where only the first of each group are shown. */
const MOST_AS_TYPED = 120;

interface SearchReaderOptions {
  readonly database: DatabaseService;
  readonly index: SearchIndex;
  readonly visible: VisibleEntities;
}

/** Answers questions from the index, with what the caller may see. */
export class SearchReader {
  readonly #options: SearchReaderOptions;

  static create(options: SearchReaderOptions): SearchReader {
    return new SearchReader(options);
  }

  private constructor(options: SearchReaderOptions) {
    this.#options = options;
  }

  /**
   * @throws ServiceUnavailableError - the index is not there yet, or the question takes too long
   */
  async search(
    query: SearchQuery,
    credentials: BackstageCredentials,
  ): Promise<SearchResponse> {
    const visibility = await this.#options.visible.to(credentials);
    if (visibility.extent === 'none') {
      return { items: [], totalItems: 0, more: false, pageInfo: {} };
    }
    const most = query.perGroup ? MOST_AS_TYPED : SEARCH_MOST_RESULTS + 1;
    const { candidates, items } = await this.#run(
      async (transaction, trigrams) => {
        const found = await findCandidates({
          transaction,
          query,
          visibility,
          most,
          trigrams,
        });
        const page = query.perGroup
          ? firstOfEach(found, query.perGroup)
          : found
              .slice(0, SEARCH_MOST_RESULTS)
              .slice(query.cursor, query.cursor + query.limit);
        return {
          candidates: found,
          items: await readResults(transaction, page, query.q),
        };
      },
    );
    const totalItems = Math.min(candidates.length, SEARCH_MOST_RESULTS);
    const end = query.cursor + items.length;
    return {
      items,
      totalItems,
      more: candidates.length > SEARCH_MOST_RESULTS,
      pageInfo:
        !query.perGroup && end < totalItems ? { nextCursor: String(end) } : {},
    };
  }

  async #run<T>(
    work: (
      transaction: Knex.Transaction,
      trigrams: string | undefined,
    ) => Promise<T>,
  ): Promise<T> {
    const knex = await this.#options.database.getClient();
    try {
      // Before the transaction: it needs a connection too, and there are few
      const trigrams = await this.#options.index.trigramSchema();
      return await knex.transaction(
        async transaction => {
          // Compiling the statements would take longer than they do. A scan of the whole table looks good to the
          // planner where it expects to find enough at once, and takes seconds where there is little to be found
          await transaction.raw(
            `select set_config('jit', 'off', true), set_config('enable_seqscan', 'off', true),
               set_config('statement_timeout', ?, true)`,
            [String(STATEMENT_TIMEOUT)],
          );
          return work(transaction, trigrams);
        },
        { readOnly: true },
      );
    } catch (error) {
      throw explain(error);
    }
  }
}

/** The codes of PostgreSQL that a person can do something about. */
const EXPLANATIONS: Record<string, string> = {
  '42P01': 'The search index is being made. Try again in a minute.',
  '57014': 'The search took too long. Ask with more letters.',
};

function explain(error: unknown): unknown {
  const explanation =
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    EXPLANATIONS[error.code];
  return explanation ? new ServiceUnavailableError(explanation, error) : error;
}

/** The best of each group, in the order of all. */
function firstOfEach(
  candidates: readonly Candidate[],
  most: number,
): Candidate[] {
  const counts = new Map<string, number>();
  return candidates.filter(({ section }) => {
    const count = (counts.get(section) ?? 0) + 1;
    counts.set(section, count);
    return count <= most;
  });
}

interface ResultRow {
  readonly id: string;
  readonly key: string;
  readonly type: string;
  readonly kind: string;
  readonly section: SearchResult['group'];
  readonly title: string;
  readonly detail: string | null;
  readonly body: string | null;
  readonly location: string;
  readonly entity_ref: string | null;
  readonly owner: string | null;
  readonly spec_type: string | null;
  readonly lifecycle: string | null;
}

async function readResults(
  transaction: Knex.Transaction,
  candidates: readonly Candidate[],
  question: string,
): Promise<SearchResult[]> {
  if (candidates.length === 0) {
    return [];
  }
  const rows: ResultRow[] = await transaction('waystone_search_documents')
    .select(
      'id',
      'key',
      'type',
      'kind',
      'section',
      'title',
      'detail',
      'body',
      'location',
      'entity_ref',
      'owner',
      'spec_type',
      'lifecycle',
    )
    .whereRaw('id = any(?::bigint[])', [candidates.map(({ id }) => id)]);
  const byId = new Map(rows.map(row => [String(row.id), row]));
  return candidates.flatMap(({ id }) => {
    const row = byId.get(id);
    return row ? [toResult(row, question)] : [];
  });
}

function toResult(row: ResultRow, question: string): SearchResult {
  return {
    id: row.key,
    type: row.type,
    kind: row.kind,
    group: row.section,
    title: row.title,
    detail: row.detail ?? undefined,
    excerpt: row.body ? createExcerpt(row.body, question) : undefined,
    location: row.location,
    entityRef: row.entity_ref ?? undefined,
    owner: row.owner ?? undefined,
    specType: row.spec_type ?? undefined,
    lifecycle: row.lifecycle ?? undefined,
  };
}
