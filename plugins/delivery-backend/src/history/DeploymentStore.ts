import { InputError } from '@backstage/errors';
import type {
  HistoryEntry,
  HistoryQuery,
  HistoryResponse,
} from '@waystone/plugin-delivery-common';
import type { PastDeployment } from '@waystone/plugin-delivery-node';
import type { Knex } from 'knex';
import { notInFuture } from '../model/notInFuture';

const TABLE = 'delivery_deployments';

/** How many rows one statement writes. */
const BATCH = 500;

/** Longer messages of a source are cut. */
const MOST_CHARACTERS = 2000;

/** What is written of a version that got somewhere. */
export interface DeploymentRecord extends PastDeployment {
  readonly source: string;
  /** Its id at the source. */
  readonly deployment: string;
  readonly name: string;
  readonly entityRef?: string;
  readonly environment?: string;
  readonly version?: string;
}

/** What is kept of a deployment, and where it is known from. */
export interface StoredEntry extends HistoryEntry {
  readonly source: string;
  /** Its id at the source. */
  readonly deployment: string;
}

interface Row {
  readonly id: string;
  readonly source: string;
  readonly deployment: string;
  readonly name: string;
  readonly environment: string | null;
  readonly started_at: Date;
  readonly finished_at: Date | null;
  readonly outcome: HistoryEntry['outcome'];
  readonly revision: string | null;
  readonly previous_revision: string | null;
  readonly version: string | null;
  readonly images: string[];
  readonly message: string | null;
  readonly initiator: string | null;
  readonly automated: boolean | null;
}

/** The history of deployments, kept for good: Argo CD forgets all but the last ten. */
export class DeploymentStore {
  readonly #knex: Knex;

  static create(options: { readonly knex: Knex }): DeploymentStore {
    return new DeploymentStore(options.knex);
  }

  private constructor(knex: Knex) {
    this.#knex = knex;
  }

  /**
   * Writes what is new, and completes what was under way. Several replicas may write the same.
   *
   * @remarks
   * What a source no longer knows of an old deployment, such as its images, stays.
   */
  async record(records: readonly DeploymentRecord[]): Promise<void> {
    const rows = [...unique(records).values()].map(toRow);
    for (let start = 0; start < rows.length; start += BATCH) {
      await this.#knex(TABLE)
        .insert(rows.slice(start, start + BATCH))
        .onConflict(['source', 'deployment', 'started_at'])
        .merge({
          outcome: this.#knex.raw('excluded.outcome'),
          finished_at: this.#kept('finished_at'),
          message: this.#kept('message'),
          revision: this.#kept('revision'),
          version: this.#kept('version'),
          entity_ref: this.#kept('entity_ref'),
          environment: this.#kept('environment'),
          images: this.#knex.raw(
            `case when excluded.images = '[]' then ${TABLE}.images else excluded.images end`,
          ),
        })
        // A row that would stay as it is, is not written again.
        .whereRaw(
          `(${TABLE}.outcome, ${TABLE}.finished_at, ${TABLE}.entity_ref, ${TABLE}.environment) is distinct from
             (excluded.outcome, coalesce(excluded.finished_at, ${TABLE}.finished_at),
              coalesce(excluded.entity_ref, ${TABLE}.entity_ref), coalesce(excluded.environment, ${TABLE}.environment))
           or (excluded.images <> '[]' and ${TABLE}.images <> excluded.images)`,
        );
    }
  }

  /**
   * The deployments of a service, newest first.
   *
   * @throws InputError if the cursor is not one of this list.
   */
  async list(
    entityRef: string,
    query: HistoryQuery,
  ): Promise<Omit<HistoryResponse, 'items'> & { items: StoredEntry[] }> {
    const filtered = (builder: Knex.QueryBuilder) => {
      if (query.environment !== undefined) {
        builder.where('environment', query.environment);
      }
      if (query.outcome !== undefined) {
        builder.where('outcome', query.outcome);
      }
    };
    const after = query.cursor ? readCursor(query.cursor) : undefined;
    const [{ count }] = await this.#knex(TABLE)
      .where('entity_ref', entityRef)
      .modify(filtered)
      .count({ count: '*' });
    const rows: Row[] = await this.#knex
      .with(
        'entries',
        this.#knex(TABLE)
          .select('*')
          .select(
            this.#knex.raw(
              `(select earlier.revision from ${TABLE} as earlier
                 where earlier.source = ${TABLE}.source and earlier.deployment = ${TABLE}.deployment
                   and earlier.outcome = 'succeeded' and earlier.started_at < ${TABLE}.started_at
                 order by earlier.started_at desc limit 1) as previous_revision`,
            ),
          )
          .where('entity_ref', entityRef)
          .modify(filtered)
          .modify(builder => {
            if (after) {
              builder.whereRaw('(started_at, id) < (?, ?)', [
                after.startedAt,
                after.id,
              ]);
            }
          })
          .orderBy([
            { column: 'started_at', order: 'desc' },
            { column: 'id', order: 'desc' },
          ])
          .limit(query.limit + 1),
      )
      .select('*')
      .from('entries')
      .orderBy([
        { column: 'started_at', order: 'desc' },
        { column: 'id', order: 'desc' },
      ]);
    const page = rows.slice(0, query.limit);
    const last = page.at(-1);
    return {
      items: page.map(toEntry),
      totalItems: Number(count),
      pageInfo: {
        nextCursor:
          rows.length > query.limit && last
            ? `${last.started_at.toISOString()},${last.id}`
            : undefined,
      },
    };
  }

  /** The newest deployments of a service of which the images are not known, and the commit is. */
  async listWithoutImages(
    entityRef: string,
    limit: number,
  ): Promise<
    readonly {
      readonly id: string;
      readonly source: string;
      readonly deployment: string;
      readonly revision: string;
    }[]
  > {
    return this.#knex(TABLE)
      .select('id', 'source', 'deployment', 'revision')
      .where({ entity_ref: entityRef })
      .whereRaw(`images = '[]'`)
      .whereNotNull('revision')
      .orderBy('started_at', 'desc')
      .limit(limit);
  }

  /** Completes a deployment. Never changes what is known already. */
  async setImages(
    id: string,
    images: readonly string[],
    version: string | undefined,
  ): Promise<void> {
    await this.#knex(TABLE)
      .where({ id })
      .whereRaw(`images = '[]'`)
      .update({
        images: JSON.stringify(images),
        version: this.#knex.raw('coalesce(version, ?)', [version ?? null]),
      });
  }

  /** The new value, or the one that is there if nothing is known any more. */
  #kept(column: string): Knex.Raw {
    return this.#knex.raw('coalesce(excluded.??, ??.??)', [
      column,
      TABLE,
      column,
    ]);
  }
}

/** The last of each: one statement may touch a row only once. */
function unique(records: readonly DeploymentRecord[]) {
  return new Map(
    records.map(record => [
      JSON.stringify([record.source, record.deployment, record.startedAt]),
      record,
    ]),
  );
}

function toRow(record: DeploymentRecord) {
  return {
    source: record.source,
    deployment: record.deployment,
    name: record.name,
    entity_ref: record.entityRef,
    environment: record.environment,
    started_at: record.startedAt,
    finished_at: record.finishedAt,
    outcome: record.outcome,
    revision: record.revision,
    version: record.version,
    images: JSON.stringify(record.images ?? []),
    message: record.message?.slice(0, MOST_CHARACTERS),
    initiator: record.initiator?.name,
    automated: record.initiator?.automated,
    recorded_at: new Date(),
  };
}

function toEntry(row: Row): StoredEntry {
  return {
    source: row.source,
    deployment: row.deployment,
    id: String(row.id),
    environment: row.environment ?? undefined,
    name: row.name,
    version: row.version ?? undefined,
    images: row.images,
    revision: row.revision ?? undefined,
    previousRevision: row.previous_revision ?? undefined,
    startedAt: notInFuture(row.started_at.toISOString()),
    finishedAt: notInFuture(row.finished_at?.toISOString()),
    outcome: row.outcome,
    message: row.message ?? undefined,
    initiator:
      row.automated === null
        ? undefined
        : { name: row.initiator ?? undefined, automated: row.automated },
  };
}

function readCursor(cursor: string): { startedAt: string; id: string } {
  const match = /^(\d{4}-\d\d-\d\dT[\d:.]+Z),(\d{1,18})$/.exec(cursor);
  if (!match || Number.isNaN(Date.parse(match[1]))) {
    throw new InputError(`'${cursor}' is not a cursor of this list`);
  }
  return { startedAt: match[1], id: match[2] };
}
