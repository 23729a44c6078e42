import type { DocsProblem } from '@waystone/docs-renderer';
import type { Knex } from 'knex';
import { z } from 'zod';
import { docsProblemSchema } from '@waystone/plugin-techdocs-native-common';

/** The last build of an entity's docs. */
export interface StoredBuild {
  readonly entityRef: string;
  readonly state: 'built' | 'failed';
  readonly builtAt?: Date;
  readonly changedAt?: Date;
  readonly attemptedAt: Date;
  readonly error?: string;
  readonly pages?: number;
  readonly milliseconds?: number;
  readonly problems: readonly z.infer<typeof docsProblemSchema>[];
  readonly confirmedAt?: Date;
  readonly confirmedBy?: string;
}

interface BuildRow {
  readonly entity_ref: string;
  readonly state: 'built' | 'failed';
  readonly built_at: Date | null;
  readonly changed_at: Date | null;
  readonly attempted_at: Date;
  readonly etag: string | null;
  readonly error: string | null;
  readonly pages: number | null;
  readonly milliseconds: number | null;
  readonly problems: unknown;
  readonly confirmed_at: Date | null;
  readonly confirmed_by: string | null;
}

/** Problems beyond this are counted in the build log only. */
const MAX_PROBLEMS = 500;

/** Keeps the last build of each entity's docs, so that every replica can say how it went. */
export class BuildStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  async built(
    entityRef: string,
    build: {
      readonly etag?: string;
      readonly changedAt?: Date;
      readonly pages: number;
      readonly milliseconds: number;
      readonly problems: readonly DocsProblem[];
    },
  ): Promise<void> {
    const now = new Date();
    const known = await this.#knex<BuildRow>('docs_builds')
      .where({ entity_ref: entityRef })
      .first('etag', 'changed_at');
    const changedAt =
      build.changedAt ??
      (known?.changed_at && known.etag === build.etag ? known.changed_at : now);
    await this.#put(entityRef, {
      state: 'built',
      built_at: now,
      changed_at: changedAt,
      attempted_at: now,
      etag: build.etag ?? null,
      error: null,
      pages: build.pages,
      milliseconds: build.milliseconds,
      problems: JSON.stringify(build.problems.slice(0, MAX_PROBLEMS)),
    });
  }

  /** The build failed: what was built before stays as it is. */
  async failed(
    entityRef: string,
    failure: {
      readonly error: string;
      readonly problems: readonly DocsProblem[];
    },
  ): Promise<void> {
    await this.#put(entityRef, {
      state: 'failed',
      attempted_at: new Date(),
      error: failure.error.slice(0, 4000),
      problems: JSON.stringify(failure.problems.slice(0, MAX_PROBLEMS)),
    });
  }

  async confirm(entityRef: string, userRef: string): Promise<void> {
    await this.#knex<BuildRow>('docs_builds')
      .where({ entity_ref: entityRef })
      .update({ confirmed_at: new Date(), confirmed_by: userRef });
  }

  async find(entityRef: string): Promise<StoredBuild | undefined> {
    const row = await this.#knex<BuildRow>('docs_builds')
      .where({ entity_ref: entityRef })
      .first();
    return row && fromRow(row);
  }

  async #put(
    entityRef: string,
    row: Partial<Record<keyof BuildRow, unknown>>,
  ): Promise<void> {
    await this.#knex('docs_builds')
      .insert({ entity_ref: entityRef, ...row })
      .onConflict('entity_ref')
      .merge(Object.keys(row));
  }
}

function fromRow(row: BuildRow): StoredBuild {
  const problems: unknown =
    typeof row.problems === 'string' ? JSON.parse(row.problems) : row.problems;
  return {
    entityRef: row.entity_ref,
    state: row.state,
    builtAt: row.built_at ?? undefined,
    changedAt: row.changed_at ?? undefined,
    attemptedAt: row.attempted_at,
    error: row.error ?? undefined,
    pages: row.pages ?? undefined,
    milliseconds: row.milliseconds ?? undefined,
    problems: z.array(docsProblemSchema).catch([]).parse(problems),
    confirmedAt: row.confirmed_at ?? undefined,
    confirmedBy: row.confirmed_by ?? undefined,
  };
}
