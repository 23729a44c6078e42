import { randomUUID } from 'node:crypto';
import type {
  DocsFeedback,
  DocsFeedbackQuery,
  DocsFeedbackReport,
} from '@waystone/plugin-techdocs-native-common';
import type { Knex } from 'knex';

interface FeedbackRow {
  readonly id: string;
  readonly entity_ref: string;
  readonly page: string;
  readonly helpful: boolean;
  readonly comment: string | null;
  readonly user_ref: string;
  readonly created_at: Date;
  readonly handled_at: Date | null;
  readonly handled_by: string | null;
}

interface PageCounts {
  readonly page: string;
  readonly helpful: string;
  readonly unhelpful: string;
  readonly open: string;
}

/** Pages that an answer counts. */
const MAX_PAGES = 200;
/** Docs that are looked at for those of one person. */
const MAX_WAITING = 1000;

/** Keeps what readers say of pages: one opinion for each reader and page, the last one. */
export class FeedbackStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /** What a reader says anew is open again. */
  async put(
    entityRef: string,
    userRef: string,
    feedback: DocsFeedback,
  ): Promise<void> {
    await this.#knex('docs_feedback')
      .insert({
        id: randomUUID(),
        entity_ref: entityRef,
        page: feedback.page,
        helpful: feedback.helpful,
        comment: feedback.comment || null,
        user_ref: userRef,
        created_at: new Date(),
        handled_at: null,
        handled_by: null,
      })
      .onConflict(['entity_ref', 'page', 'user_ref'])
      .merge(['helpful', 'comment', 'created_at', 'handled_at', 'handled_by']);
  }

  /** @returns Whether there is such feedback of the entity's docs. */
  async setHandled(
    entityRef: string,
    id: string,
    change: { readonly handled: boolean; readonly userRef: string },
  ): Promise<boolean> {
    const changed = await this.#knex<FeedbackRow>('docs_feedback')
      .where({ entity_ref: entityRef, id })
      .update(
        change.handled
          ? { handled_at: new Date(), handled_by: change.userRef }
          : { handled_at: null, handled_by: null },
      );
    return changed > 0;
  }

  /** Docs with feedback that nobody has dealt with, those with the newest first. */
  async waiting(): Promise<
    readonly {
      readonly entityRef: string;
      readonly open: number;
      readonly latestAt: string;
    }[]
  > {
    const rows: {
      readonly entity_ref: string;
      readonly open: string;
      readonly latest_at: Date;
    }[] = await this.#knex('docs_feedback')
      .where(isOpen)
      .groupBy('entity_ref')
      .select(
        'entity_ref',
        this.#knex.raw('count(*) as open'),
        this.#knex.raw('max(created_at) as latest_at'),
      )
      .orderBy('latest_at', 'desc')
      .limit(MAX_WAITING);
    return rows.map(row => ({
      entityRef: row.entity_ref,
      open: Number(row.open),
      latestAt: row.latest_at.toISOString(),
    }));
  }

  async report(
    entityRef: string,
    query: DocsFeedbackQuery,
  ): Promise<DocsFeedbackReport> {
    const matching = this.#knex<FeedbackRow>('docs_feedback').where({
      entity_ref: entityRef,
    });
    if (query.page !== undefined) matching.where({ page: query.page });
    if (query.state === 'handled') matching.whereNotNull('handled_at');
    else if (query.state === 'open') matching.where(isOpen);
    const counted = await matching
      .clone()
      .count<{ count: string }[]>({ count: '*' });
    const rows = await matching
      .orderBy([
        { column: 'created_at', order: 'desc' },
        { column: 'id', order: 'desc' },
      ])
      .offset(query.offset)
      .limit(query.limit);
    const pages: PageCounts[] = await this.#knex('docs_feedback')
      .where({ entity_ref: entityRef })
      .groupBy('page')
      .select(
        'page',
        this.#knex.raw('count(*) filter (where helpful) as helpful'),
        this.#knex.raw('count(*) filter (where not helpful) as unhelpful'),
        this.#knex.raw(
          'count(*) filter (where handled_at is null and (not helpful or comment is not null)) as open',
        ),
      )
      .orderBy([
        { column: 'unhelpful', order: 'desc' },
        { column: 'page', order: 'asc' },
      ]);
    const sum = (name: 'helpful' | 'unhelpful' | 'open') =>
      pages.reduce((total, page) => total + Number(page[name]), 0);
    return {
      items: rows.map(row => ({
        id: row.id,
        page: row.page,
        helpful: row.helpful,
        comment: row.comment ?? undefined,
        userRef: row.user_ref,
        createdAt: row.created_at.toISOString(),
        handledAt: row.handled_at?.toISOString(),
        handledBy: row.handled_by ?? undefined,
      })),
      totalItems: Number(counted[0].count),
      helpful: sum('helpful'),
      unhelpful: sum('unhelpful'),
      open: sum('open'),
      pages: pages.slice(0, MAX_PAGES).map(({ page, helpful, unhelpful }) => ({
        page,
        helpful: Number(helpful),
        unhelpful: Number(unhelpful),
      })),
    };
  }
}

/** A "yes" without a comment asks nothing of the owner. */
function isOpen(query: Knex.QueryBuilder): void {
  query
    .whereNull('handled_at')
    .andWhere(wanted =>
      wanted.where('helpful', false).orWhereNotNull('comment'),
    );
}
