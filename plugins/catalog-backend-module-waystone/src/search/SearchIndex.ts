import type {
  DatabaseService,
  LoggerService,
} from '@backstage/backend-plugin-api';
import type { Entity } from '@backstage/catalog-model';
import { stringifyError } from '@backstage/errors';
import type { SearchDocumentsInput } from '@waystone/plugin-search-common';
import type { Knex } from 'knex';
import type {
  EntityChange,
  EntityChangeConsumer,
} from '../changes/EntityChange';
import { createEntityDocuments, toKey } from './createEntityDocuments';
import type { DocumentRow, SearchDocument } from './SearchDocument';
import { toRow } from './SearchDocument';

/** The extension that compares words by their trigrams. */
const EXTENSION = 'pg_trgm';

/** Of which it makes an index. */
const INDEX = 'waystone_search_documents_trigrams';

/** Sections of docs come after what they are about. */
const DOCS_WEIGHT = -250;

/** Raise it when documents of entities are made otherwise: all entities are then read again. */
const VERSION = 1;

/** What is indexed, in the catalog's database. */
export class SearchIndex {
  readonly #database: DatabaseService;
  readonly #logger: LoggerService;
  #trigrams: Promise<string | undefined> | undefined;

  static create(options: {
    readonly database: DatabaseService;
    readonly logger: LoggerService;
  }): SearchIndex {
    return new SearchIndex(options);
  }

  private constructor(options: {
    readonly database: DatabaseService;
    readonly logger: LoggerService;
  }) {
    this.#database = options.database;
    this.#logger = options.logger;
  }

  /** Follows the catalog: what it tells is written in the transaction that takes note of it. */
  consumer(): EntityChangeConsumer {
    return {
      name: 'search',
      version: VERSION,
      latestOnly: true,
      onChanges: (changes, { transaction }) =>
        this.#follow(changes, transaction),
    };
  }

  async #follow(
    changes: readonly EntityChange[],
    transaction: Knex.Transaction,
  ): Promise<void> {
    await transaction.raw(
      `delete from waystone_search_documents
       where entity_id = any(?) and type in ('entity', 'operation')`,
      [changes.map(change => change.entityId)],
    );
    // As it is now: a change that is delivered late must not bring back what was before
    const entities: { id: string; entity: string }[] = await transaction(
      'final_entities',
    )
      .select({ id: 'entity_id', entity: 'final_entity' })
      .whereRaw('entity_id = any(?)', [changes.map(change => change.entityId)])
      .whereNotNull('final_entity');
    await insertRows(
      transaction,
      entities.flatMap(({ id, entity }) =>
        // The catalog's own text, which it parses in the same way
        createEntityDocuments(JSON.parse(entity) as Entity).map(document =>
          toRow(document, { entityId: id }),
        ),
      ),
    );
  }

  /**
   * Takes documents of another plugin. Those about an entity are seen by whom may see the entity, and are left out
   * if there is none.
   */
  async put(type: string, input: SearchDocumentsInput): Promise<void> {
    const knex = await this.#database.getClient();
    await knex.transaction(async transaction => {
      const refs = input.documents.flatMap(({ entityRef }) =>
        entityRef ? [entityRef.toLocaleLowerCase('en-US')] : [],
      );
      const { rows: entities } = await transaction.raw<{
        rows: { ref: string; id: string; owner: string | null }[];
      }>(
        `select f.entity_ref as ref, f.entity_id as id, (
           select r.target_entity_ref from relations r
           where r.source_entity_ref = f.entity_ref and r.type = 'ownedBy' limit 1
         ) as owner
         from final_entities f where f.entity_ref = any(?) and f.final_entity is not null`,
        [refs],
      );
      const known = new Map(entities.map(entity => [entity.ref, entity]));
      const rows: DocumentRow[] = [];
      for (const document of input.documents) {
        const entityRef = document.entityRef?.toLocaleLowerCase('en-US');
        const entity = entityRef ? known.get(entityRef) : undefined;
        if (entityRef && !entity) {
          continue;
        }
        rows.push(
          toRow(toDocument(type, { ...document, entityRef }, entity?.owner), {
            entityId: entity?.id,
            run: input.run,
          }),
        );
      }
      await insertRows(transaction, [
        ...new Map(rows.map(row => [row.key, row])).values(),
      ]);
      if (input.last) {
        await transaction('waystone_search_documents')
          .where({ type })
          .whereRaw('run is distinct from ?', [input.run])
          .delete();
      }
    });
  }

  /**
   * Where the extension for trigrams is, made if it may be.
   *
   * @returns The schema, quoted. Undefined without it: then typing errors are not forgiven.
   */
  async trigramSchema(): Promise<string | undefined> {
    this.#trigrams ??= this.#prepareTrigrams().catch(error => {
      this.#trigrams = undefined;
      throw error;
    });
    return this.#trigrams;
  }

  async #prepareTrigrams(): Promise<string | undefined> {
    const knex = await this.#database.getClient();
    try {
      await knex.raw(`create extension if not exists ${EXTENSION}`);
    } catch (error) {
      this.#logger.warn(
        `Search does not forgive typing errors: the database has no extension '${EXTENSION}', and it can't be created: ${stringifyError(
          error,
        )}. Have an administrator run 'create extension ${EXTENSION}' in the catalog's database, then restart.`,
      );
      return undefined;
    }
    const { rows } = await knex.raw<{
      rows: { name: string; indexed: boolean }[];
    }>(
      `select quote_ident(n.nspname) as name, to_regclass(?) is not null as indexed from pg_extension e
       join pg_namespace n on n.oid = e.extnamespace where e.extname = ?`,
      [INDEX, EXTENSION],
    );
    const [{ indexed, name }] = rows;
    if (!indexed) {
      await knex.raw(
        `create index if not exists ${INDEX} on waystone_search_documents
         using gin ((name_key || ' ' || title_key) ${name}.gin_trgm_ops)`,
      );
    }
    return name;
  }
}

function toDocument(
  type: string,
  document: SearchDocumentsInput['documents'][number],
  owner: string | null | undefined,
): SearchDocument {
  return {
    key: toKey(`${type}:${document.location}`),
    type,
    kind: type,
    group: 'docs',
    title: document.title,
    names: [document.title],
    detail: document.detail,
    body: document.text,
    location: document.location,
    entityRef: document.entityRef,
    owner: owner ?? undefined,
    weight: DOCS_WEIGHT,
  };
}

const COLUMNS: Record<keyof DocumentRow, string> = {
  key: 'text',
  type: 'text',
  kind: 'text',
  section: 'text',
  entity_id: 'text',
  entity_ref: 'text',
  owner: 'text',
  spec_type: 'text',
  lifecycle: 'text',
  title: 'text',
  detail: 'text',
  body: 'text',
  location: 'text',
  weight: 'smallint',
  popularity: 'smallint',
  name_key: 'text',
  title_key: 'text',
  name_words: 'text[]',
  all_words: 'text[]',
  run: 'text',
};

/** One statement, whatever the number of rows. */
async function insertRows(
  transaction: Knex.Transaction,
  rows: readonly DocumentRow[],
): Promise<void> {
  if (rows.length === 0) {
    return;
  }
  const names = Object.keys(COLUMNS);
  const value = (name: string) =>
    name.endsWith('_words') ? `array_to_tsvector(${name})` : name;
  await transaction.raw(
    `insert into waystone_search_documents (${names.join(', ')})
     select ${names.map(value).join(', ')}
     from json_to_recordset(?::json) as row(${Object.entries(COLUMNS)
       .map(([name, type]) => `${name} ${type}`)
       .join(', ')})
     on conflict (key) do update set ${names
       .filter(name => name !== 'key')
       .map(name => `${name} = excluded.${name}`)
       .join(', ')}`,
    [JSON.stringify(rows)],
  );
}
