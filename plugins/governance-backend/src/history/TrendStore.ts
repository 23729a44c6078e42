import { SEVERITIES } from '@waystone/plugin-governance-common';
import type {
  FindingsSummary,
  TrendPoint,
} from '@waystone/plugin-governance-common';
import type { Knex } from 'knex';
import type { FindingType } from '../model/Finding';

const TABLE = 'governance_trend';

const BATCH = 500;

/** How long days are kept. */
const KEPT_DAYS = 400;

/** What there is of one entity, or of none, today. */
export interface TrendRecord {
  readonly type: FindingType;
  /** Ref of an entity; empty for what belongs to none. */
  readonly subject: string;
  readonly owner: string;
  readonly summary: FindingsSummary;
}

/** Which part of the trend is read. */
export interface TrendSelection {
  readonly type: FindingType;
  readonly days: number;
  /** Only of these entities; undefined for all. */
  readonly subjects?: readonly string[];
  readonly owner?: string;
}

/** How many findings there were, by day. */
export class TrendStore {
  readonly #knex: Knex;

  static create(options: { readonly knex: Knex }): TrendStore {
    return new TrendStore(options.knex);
  }

  private constructor(knex: Knex) {
    this.#knex = knex;
  }

  /** Writes today's numbers over those that were written earlier today. */
  async record(records: readonly TrendRecord[]): Promise<void> {
    await this.#knex.transaction(async transaction => {
      await transaction(TABLE).whereRaw('day = current_date').delete();
      for (let start = 0; start < records.length; start += BATCH) {
        await transaction(TABLE).insert(
          records
            .slice(start, start + BATCH)
            .map(({ owner, subject, summary, type }) => ({
              day: transaction.raw('current_date'),
              type,
              subject,
              owner,
              ...summary.severities,
              overdue: summary.overdue,
            })),
        );
      }
      await transaction(TABLE)
        .whereRaw('day < current_date - ?::int', [KEPT_DAYS])
        .delete();
    });
  }

  /** One point a day, the oldest first. Days on which nothing was written are left out: they are gaps. */
  async read(selection: TrendSelection): Promise<readonly TrendPoint[]> {
    const { days, owner, subjects, type } = selection;
    const query = this.#knex(TABLE)
      .where({ type })
      .whereRaw('day > current_date - ?::int', [days])
      .groupBy('day')
      .orderBy('day')
      .select(this.#knex.raw("to_char(day, 'YYYY-MM-DD') as day"))
      .sum(
        Object.fromEntries(
          [...SEVERITIES, 'overdue'].map(name => [name, name]),
        ),
      );
    if (owner !== undefined) {
      query.where({ owner });
    }
    if (subjects) {
      query.whereRaw('subject = any(?::text[])', [[...subjects]]);
    }
    const rows: Record<string, string>[] = await query;
    return rows.map(row => ({
      day: row.day,
      severities: {
        critical: Number(row.critical),
        high: Number(row.high),
        medium: Number(row.medium),
        low: Number(row.low),
        unknown: Number(row.unknown),
      },
      overdue: Number(row.overdue),
    }));
  }
}
