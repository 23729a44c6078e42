import type {
  AuthService,
  BackstageCredentials,
} from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import type {
  QueryRequestOptions,
  QueryTranslator,
  SearchEngine,
} from '@backstage/plugin-search-backend-node';
import type {
  IndexableResult,
  IndexableResultSet,
  SearchQuery,
} from '@backstage/plugin-search-common';
import { findMatches, parseSearchCursor } from '@waystone/plugin-search-common';
import type {
  SearchQueryInput,
  SearchResult,
} from '@waystone/plugin-search-common';
import { Writable } from 'node:stream';
import type { CatalogSearchClient } from './CatalogSearchClient';
import { CatalogSearchIndexer } from './CatalogSearchIndexer';
import { DOCS_TYPE, ENTITIES_TYPE } from './documentTypes';

const PAGE_SIZE = 25;

/** How a match is marked, as the frontend of Backstage expects: a tag that no text has. */
const PRE_TAG = '<waystone-match>';
const POST_TAG = '</waystone-match>';

/** What Backstage's documents are called in the index. */
const TYPES: Record<string, readonly string[]> = {
  [ENTITIES_TYPE]: ['entity', 'operation'],
  [DOCS_TYPE]: ['docs'],
};

/** Backstage's search, answered by the index in the catalog's database. */
export class CatalogSearchEngine implements SearchEngine {
  readonly #auth: AuthService;
  readonly #client: CatalogSearchClient;

  constructor(options: {
    readonly auth: AuthService;
    readonly client: CatalogSearchClient;
  }) {
    this.#auth = options.auth;
    this.#client = options.client;
  }

  setTranslator(_translator: QueryTranslator): void {
    throw new Error(
      'The search engine of Waystone has no queries of its own to translate to',
    );
  }

  async getIndexer(type: string): Promise<Writable> {
    if (type === ENTITIES_TYPE) {
      return new Writable({
        objectMode: true,
        write: (_document, _encoding, done) => done(),
      });
    }
    return new CatalogSearchIndexer({
      client: this.#client,
      type: TYPES[type]?.[0] ?? type,
    });
  }

  async query(
    query: SearchQuery,
    options?: QueryRequestOptions,
  ): Promise<IndexableResultSet> {
    const limit = query.pageLimit ?? PAGE_SIZE;
    const cursor = parseSearchCursor(query.pageCursor);
    if (cursor === undefined) {
      throw new InputError(`Invalid page cursor '${query.pageCursor}'`);
    }
    const filters = toFilters(query.filters);
    if (!filters) {
      return { results: [], numberOfResults: 0 };
    }
    const { items, totalItems, pageInfo } = await this.#client.query(
      {
        q: query.term,
        ...filters,
        ...(query.types && {
          types: query.types.flatMap(type => TYPES[type] ?? [type]).join(','),
        }),
        cursor,
        limit,
      },
      await this.#credentials(options),
    );
    return {
      results: items.map((item, index) =>
        toBackstage(item, { rank: cursor + index + 1, term: query.term }),
      ),
      nextPageCursor: pageInfo.nextCursor,
      previousPageCursor:
        cursor > 0 ? String(Math.max(0, cursor - limit)) : undefined,
      numberOfResults: totalItems,
    };
  }

  async #credentials(
    options: QueryRequestOptions | undefined,
  ): Promise<BackstageCredentials> {
    return options && 'credentials' in options
      ? options.credentials
      : this.#auth.getNoneCredentials();
  }
}

/** The fields of Backstage's documents that the index has. */
const FILTERS: Record<
  string,
  | 'entityKind'
  | 'entityName'
  | 'entityNamespace'
  | 'lifecycle'
  | 'owner'
  | 'specType'
> = {
  kind: 'entityKind',
  namespace: 'entityNamespace',
  name: 'entityName',
  owner: 'owner',
  lifecycle: 'lifecycle',
  type: 'specType',
  componentType: 'specType',
};

/** @returns Undefined if no document has such a field. */
function toFilters(
  filters: SearchQuery['filters'],
): SearchQueryInput | undefined {
  const result: SearchQueryInput = {};
  for (const [name, value] of Object.entries(filters ?? {})) {
    const values = [value].flat().filter(part => typeof part === 'string');
    const key = FILTERS[name];
    if (!key) {
      return undefined;
    }
    if (values.length > 0) {
      result[key] = values
        .map(part =>
          // Documents of docs name a team without its kind
          key === 'owner' && !part.includes(':')
            ? `group:default/${part}`
            : part,
        )
        .join(',');
    }
  }
  return result;
}

function toBackstage(
  item: SearchResult,
  context: { readonly rank: number; readonly term: string },
): IndexableResult {
  const text = item.excerpt ?? item.detail ?? '';
  const [kind, rest] = item.entityRef?.split(':') ?? [];
  const [namespace, name] = rest?.split('/') ?? [];
  return {
    type:
      Object.keys(TYPES).find(type => TYPES[type].includes(item.type)) ??
      item.type,
    document: {
      title: item.title,
      text,
      location: item.location,
      ...(item.entityRef && {
        kind,
        namespace,
        name,
        componentType: item.specType ?? 'other',
        type: item.specType ?? 'other',
        lifecycle: item.lifecycle ?? '',
        owner: item.owner ?? '',
        authorization: { resourceRef: item.entityRef },
      }),
    },
    rank: context.rank,
    highlight: {
      preTag: PRE_TAG,
      postTag: POST_TAG,
      fields: {
        title: mark(item.title, context.term),
        text: mark(text, context.term),
      },
    },
  };
}

function mark(text: string, term: string): string {
  let marked = '';
  let at = 0;
  for (const { start, end } of findMatches(text, term)) {
    marked += `${text.slice(at, start)}${PRE_TAG}${text.slice(
      start,
      end,
    )}${POST_TAG}`;
    at = end;
  }
  return marked + text.slice(at);
}
