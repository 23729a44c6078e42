import type { Knex } from 'knex';
import type { FindingType, FirstSeen } from '../model/Finding';

const TABLE = 'governance_first_seen';

/** How many rows one statement writes. */
const BATCH = 1_000;

/** Longer names are cut: two that differ only beyond count as one. */
const MOST_CHARACTERS = 800;

/** What was not found for so long is new when it comes back. */
const FORGET_DAYS = 7;

interface Row {
  readonly type: FindingType;
  readonly subject: string;
  readonly finding: string;
  readonly first_seen: Date;
}

/**
 * Remembers when something was found first, in memory and in the table.
 *
 * @remarks
 * Sources do not say: a report is made anew every day.
 */
export class FirstSeenStore implements FirstSeen {
  readonly #knex: Knex;
  readonly #known = new Map<FindingType, Map<string, Map<string, number>>>();
  #added: Omit<Row, 'first_seen'>[] = [];

  static create(options: { readonly knex: Knex }): FirstSeenStore {
    return new FirstSeenStore(options.knex);
  }

  private constructor(knex: Knex) {
    this.#knex = knex;
  }

  /** Reads what was found before. */
  async load(): Promise<void> {
    const rows = await this.#knex<Row>(TABLE).select(
      'type',
      'subject',
      'finding',
      'first_seen',
    );
    for (const { finding, first_seen: at, subject, type } of rows) {
      this.#findingsOf(type, subject).set(finding, at.getTime());
    }
  }

  get(type: FindingType, subject: string, finding: string): number {
    const key = finding.slice(0, MOST_CHARACTERS);
    const of = subject.slice(0, MOST_CHARACTERS);
    const findings = this.#findingsOf(type, of);
    const known = findings.get(key);
    if (known !== undefined) {
      return known;
    }
    const now = Date.now();
    findings.set(key, now);
    this.#added.push({ type, subject: of, finding: key });
    return now;
  }

  /** Writes what is new. Of several replicas, the first is right. */
  async flush(): Promise<void> {
    const added = this.#added;
    this.#added = [];
    try {
      while (added.length > 0) {
        const rows = added.slice(-BATCH).map(({ finding, subject, type }) => ({
          type,
          subject,
          finding,
          first_seen: new Date(this.get(type, subject, finding)),
          last_seen: this.#knex.raw('current_date'),
        }));
        await this.#knex(TABLE)
          .insert(rows)
          .onConflict(['type', 'subject', 'finding'])
          .ignore();
        added.splice(-BATCH);
      }
    } finally {
      // What could not be written is written the next time.
      this.#added.push(...added);
    }
  }

  /**
   * Notes what is there today, and forgets what has not been for a week.
   *
   * @param present - everything that is found now; call it only when all of it is known
   */
  async settle(
    present: Iterable<{
      readonly type: FindingType;
      readonly subject: string;
      readonly finding: string;
    }>,
  ): Promise<void> {
    let rows: string[][] = [];
    const note = async () => {
      await this.#knex.raw(
        `update ${TABLE} set last_seen = current_date
         from unnest(?::text[], ?::text[], ?::text[]) as found (type, subject, finding)
         where ${TABLE}.type = found.type
           and ${TABLE}.subject = found.subject
           and ${TABLE}.finding = found.finding
           and ${TABLE}.last_seen < current_date`,
        [0, 1, 2].map(index => rows.map(row => row[index])),
      );
      rows = [];
    };
    for (const { finding, subject, type } of present) {
      rows.push([
        type,
        subject.slice(0, MOST_CHARACTERS),
        finding.slice(0, MOST_CHARACTERS),
      ]);
      if (rows.length >= BATCH) {
        await note();
      }
    }
    await note();
    const gone: Row[] = await this.#knex<Row>(TABLE)
      .whereRaw('last_seen < current_date - ?::int', [FORGET_DAYS])
      .delete()
      .returning(['type', 'subject', 'finding', 'first_seen']);
    for (const { finding, subject, type } of gone) {
      this.#findingsOf(type, subject).delete(finding);
    }
  }

  #findingsOf(type: FindingType, subject: string): Map<string, number> {
    let subjects = this.#known.get(type);
    if (!subjects) {
      subjects = new Map();
      this.#known.set(type, subjects);
    }
    let findings = subjects.get(subject);
    if (!findings) {
      findings = new Map();
      subjects.set(subject, findings);
    }
    return findings;
  }
}
