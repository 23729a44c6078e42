import { randomUUID } from 'node:crypto';
import type {
  DocsFeedback,
  DocsFeedbackList,
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
}

const SHOWN = 100;

/** Keeps what readers say of pages: one opinion for each reader and page, the last one. */
export class FeedbackStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

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
        comment: feedback.comment ?? null,
        user_ref: userRef,
        created_at: new Date(),
      })
      .onConflict(['entity_ref', 'page', 'user_ref'])
      .merge(['helpful', 'comment', 'created_at']);
  }

  async list(entityRef: string): Promise<DocsFeedbackList> {
    const rows = await this.#knex<FeedbackRow>('docs_feedback')
      .where({ entity_ref: entityRef })
      .orderBy('created_at', 'desc')
      .limit(SHOWN);
    const counts: { helpful: boolean; count: string }[] =
      await this.#knex<FeedbackRow>('docs_feedback')
        .where({ entity_ref: entityRef })
        .groupBy('helpful')
        .select('helpful')
        .count<{ helpful: boolean; count: string }[]>({ count: '*' });
    const count = (helpful: boolean) =>
      Number(counts.find(row => row.helpful === helpful)?.count ?? 0);
    return {
      items: rows.map(row => ({
        id: row.id,
        page: row.page,
        helpful: row.helpful,
        comment: row.comment ?? undefined,
        userRef: row.user_ref,
        createdAt: row.created_at.toISOString(),
      })),
      helpful: count(true),
      unhelpful: count(false),
    };
  }
}
