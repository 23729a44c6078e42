import type { DocsProblem, FileChange } from '@waystone/docs-renderer';
import type { Knex } from 'knex';
import { z } from 'zod';
import { docsProblemSchema } from '@waystone/plugin-techdocs-native-common';

/** The last build of an entity's docs. */
export interface StoredBuild {
  readonly entityRef: string;
  readonly state: 'built' | 'failed';
  readonly builtAt?: Date;
  readonly changedAt?: Date;
  readonly changedBy?: string;
  readonly attemptedAt: Date;
  readonly error?: string;
  readonly pages?: number;
  readonly milliseconds?: number;
  readonly problems: readonly z.infer<typeof docsProblemSchema>[];
  readonly confirmedAt?: Date;
  readonly confirmedBy?: string;
}

/** What is kept of one page of a build. */
export interface StoredPage {
  readonly title: string;
  /** The Markdown file, inside the site's folder. */
  readonly source: string;
  readonly updatedAt?: string;
  readonly updatedBy?: string;
}

/** One build in the list of all. */
export interface BuildOverview {
  readonly state: 'built' | 'failed';
  readonly pages?: number;
  readonly changedAt?: Date;
  readonly changedBy?: string;
  readonly confirmedAt?: Date;
  readonly problemCount: number;
}

interface BuildRow {
  readonly entity_ref: string;
  readonly state: 'built' | 'failed';
  readonly built_at: Date | null;
  readonly changed_at: Date | null;
  readonly changed_by: string | null;
  readonly repository_url: string | null;
  readonly page_info: unknown;
  readonly attempted_at: Date;
  readonly etag: string | null;
  readonly error: string | null;
  readonly pages: number | null;
  readonly milliseconds: number | null;
  readonly problems: unknown;
  readonly confirmed_at: Date | null;
  readonly confirmed_by: string | null;
}

const BUILD_COLUMNS = [
  'entity_ref',
  'state',
  'built_at',
  'changed_at',
  'changed_by',
  'attempted_at',
  'error',
  'pages',
  'milliseconds',
  'problems',
  'confirmed_at',
  'confirmed_by',
] as const;

const storedPageSchema = z.object({
  title: z.string(),
  source: z.string(),
  updatedAt: z.string().optional(),
  updatedBy: z.string().optional(),
});

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
      readonly changedBy?: string;
      readonly repositoryUrl?: string;
      /** By their addresses inside the site. */
      readonly pageInfo: Readonly<Record<string, StoredPage>>;
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
      changed_by: build.changedBy ?? null,
      repository_url: build.repositoryUrl ?? null,
      page_info: JSON.stringify(build.pageInfo),
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
      .first(...BUILD_COLUMNS);
    return row && fromRow(row);
  }

  /** One page of the last build: undefined when there is no build, or no such page in it. */
  async findPage(
    entityRef: string,
    page: string,
  ): Promise<
    { readonly page: StoredPage; readonly repositoryUrl?: string } | undefined
  > {
    const row = await this.#knex<BuildRow>('docs_builds')
      .where({ entity_ref: entityRef })
      .first<{ page: unknown; repository_url: string | null } | undefined>(
        this.#knex.raw('page_info -> ? as page', [page]),
        'repository_url',
      );
    const found = storedPageSchema.safeParse(row?.page);
    return found.success
      ? {
          page: found.data,
          repositoryUrl: row?.repository_url ?? undefined,
        }
      : undefined;
  }

  /** Adds who changed a page to what is known of it. */
  async setChange(
    entityRef: string,
    page: string,
    change: FileChange,
  ): Promise<void> {
    await this.#knex('docs_builds')
      .where({ entity_ref: entityRef })
      .update({
        page_info: this.#knex.raw(
          'jsonb_set(page_info, array[?::text], (page_info -> ?::text) || ?::jsonb, false)',
          [page, page, JSON.stringify(change)],
        ),
      });
  }

  /** Titles of all pages of the last build, by their addresses. */
  async titles(entityRef: string): Promise<ReadonlyMap<string, string>> {
    const rows = await this.#knex
      .select({ page: 'info.key' })
      .select(this.#knex.raw("info.value ->> 'title' as title"))
      .from<{ page: string; title: string }>(
        this.#knex.raw(
          'docs_builds cross join jsonb_each(docs_builds.page_info) as info',
        ),
      )
      .where('docs_builds.entity_ref', entityRef);
    return new Map(
      (rows as { page: string; title: string }[]).map(row => [
        row.page,
        row.title,
      ]),
    );
  }

  /** The last builds of all docs. */
  async list(): Promise<ReadonlyMap<string, BuildOverview>> {
    const rows: (Pick<
      BuildRow,
      | 'entity_ref'
      | 'state'
      | 'pages'
      | 'changed_at'
      | 'changed_by'
      | 'confirmed_at'
    > & { readonly problem_count: number | null })[] = await this.#knex(
      'docs_builds',
    ).select(
      'entity_ref',
      'state',
      'pages',
      'changed_at',
      'changed_by',
      'confirmed_at',
      this.#knex.raw('jsonb_array_length(problems) as problem_count'),
    );
    return new Map(
      rows.map(row => [
        row.entity_ref,
        {
          state: row.state,
          pages: row.pages ?? undefined,
          changedAt: row.changed_at ?? undefined,
          changedBy: row.changed_by ?? undefined,
          confirmedAt: row.confirmed_at ?? undefined,
          problemCount: row.problem_count ?? 0,
        },
      ]),
    );
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

function fromRow(
  row: Pick<BuildRow, (typeof BUILD_COLUMNS)[number]>,
): StoredBuild {
  const problems: unknown =
    typeof row.problems === 'string' ? JSON.parse(row.problems) : row.problems;
  return {
    entityRef: row.entity_ref,
    state: row.state,
    builtAt: row.built_at ?? undefined,
    changedAt: row.changed_at ?? undefined,
    changedBy: row.changed_by ?? undefined,
    attemptedAt: row.attempted_at,
    error: row.error ?? undefined,
    pages: row.pages ?? undefined,
    milliseconds: row.milliseconds ?? undefined,
    problems: z.array(docsProblemSchema).catch([]).parse(problems),
    confirmedAt: row.confirmed_at ?? undefined,
    confirmedBy: row.confirmed_by ?? undefined,
  };
}
