import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { AlertmanagerError } from './AlertmanagerError';
import { createLabelMatcher, matchesAll } from './LabelMatcher';
import type { LabelMatcher, LabelSet } from './LabelMatcher';

/** How long ended silences stay listed, in milliseconds. */
const RETENTION = 120 * 3600 * 1000;

/** What is kept of a silence; times are in milliseconds. @internal */
export const silenceRecord = z.object({
  id: z.string(),
  matchers: z.array(
    z.object({
      name: z.string(),
      value: z.string(),
      isRegex: z.boolean(),
      isEqual: z.boolean(),
    }),
  ),
  startsAt: z.number(),
  endsAt: z.number(),
  updatedAt: z.number(),
  createdBy: z.string(),
  comment: z.string(),
  annotations: z.record(z.string(), z.string()).optional(),
});

/** @internal */
export type SilenceRecord = z.infer<typeof silenceRecord>;

/** @internal */
export type SilenceDraft = Omit<SilenceRecord, 'id' | 'updatedAt'> & {
  readonly id?: string;
};

/** @internal */
export type SilenceState = 'active' | 'pending' | 'expired';

const ORDER: readonly SilenceState[] = ['active', 'pending', 'expired'];

/**
 * The silences, created, changed and ended by Alertmanager's rules.
 *
 * @internal
 */
export class Silences {
  readonly #now: () => number;
  readonly #changed: () => void;
  readonly #records = new Map<string, SilenceRecord>();
  readonly #matchers = new Map<string, readonly LabelMatcher[]>();

  constructor(options: {
    readonly known: readonly SilenceRecord[];
    readonly now: () => number;
    changed(): void;
  }) {
    this.#now = options.now;
    this.#changed = options.changed;
    options.known.forEach(record => this.#keep(record));
  }

  /** Active ones first, then those to come, then ended ones. */
  list(): readonly SilenceRecord[] {
    this.#forget();
    return [...this.#records.values()].sort((left, right) => {
      const state = this.stateOf(left);
      const order = ORDER.indexOf(state) - ORDER.indexOf(this.stateOf(right));
      if (order !== 0) {
        return order;
      }
      switch (state) {
        case 'active':
          return left.endsAt - right.endsAt;
        case 'pending':
          return left.startsAt - right.startsAt;
        default:
          return right.endsAt - left.endsAt;
      }
    });
  }

  get records(): readonly SilenceRecord[] {
    return [...this.#records.values()];
  }

  find(id: string): SilenceRecord | undefined {
    return this.#records.get(id);
  }

  stateOf({ startsAt, endsAt }: SilenceRecord): SilenceState {
    const now = this.#now();
    if (now < startsAt) {
      return 'pending';
    }
    return now < endsAt ? 'active' : 'expired';
  }

  /** The ids of the active silences that mute these labels. */
  mute(labels: LabelSet): string[] {
    return [...this.#records.values()]
      .filter(
        record =>
          this.stateOf(record) === 'active' &&
          matchesAll(this.#matchers.get(record.id)!, labels),
      )
      .map(({ id }) => id)
      .sort();
  }

  /**
   * Creates or changes a silence. What cannot be changed in place is ended and made anew under another id.
   *
   * @returns The id.
   */
  set(draft: SilenceDraft): string {
    const now = this.#now();
    this.#check(draft, now);
    const previous = draft.id ? this.#records.get(draft.id) : undefined;
    if (draft.id && !previous) {
      throw new AlertmanagerError(404, 'silence not found');
    }
    if (previous && this.#canChange(previous, draft, now)) {
      this.#keep({ ...draft, id: previous.id, updatedAt: now });
      this.#changed();
      return previous.id;
    }
    if (previous && this.stateOf(previous) !== 'expired') {
      this.#expire(previous, now);
    }
    const id = randomUUID();
    this.#keep({
      ...draft,
      id,
      startsAt: Math.max(draft.startsAt, now),
      updatedAt: now,
    });
    this.#changed();
    return id;
  }

  /** Ends a silence; it stays listed. False if there is none. */
  expire(id: string): boolean {
    const record = this.#records.get(id);
    if (!record) {
      return false;
    }
    if (this.stateOf(record) !== 'expired') {
      this.#expire(record, this.#now());
      this.#changed();
    }
    return true;
  }

  #expire(record: SilenceRecord, now: number): void {
    this.#keep({
      ...record,
      startsAt: Math.min(record.startsAt, now),
      endsAt: now,
      updatedAt: now,
    });
  }

  #keep(record: SilenceRecord): void {
    this.#records.set(record.id, record);
    this.#matchers.set(record.id, record.matchers.map(createLabelMatcher));
  }

  #forget(): void {
    for (const { id, endsAt } of this.#records.values()) {
      if (endsAt < this.#now() - RETENTION) {
        this.#records.delete(id);
        this.#matchers.delete(id);
      }
    }
  }

  #check(draft: SilenceDraft, now: number): void {
    if (draft.startsAt >= draft.endsAt) {
      throw new AlertmanagerError(
        400,
        'Failed to create silence: start time must be before end time',
      );
    }
    if (draft.endsAt < now) {
      throw new AlertmanagerError(
        400,
        "Failed to create silence: end time can't be in the past",
      );
    }
    const matchers = draft.matchers.map((matcher, index) => {
      try {
        return createLabelMatcher(matcher);
      } catch (error) {
        throw new AlertmanagerError(
          400,
          `invalid silence: invalid label matcher ${index} in set 0: invalid regular expression ${JSON.stringify(
            matcher.value,
          )}: ${(error as Error).message}`,
        );
      }
    });
    if (matchers.every(matcher => matcher.matches(''))) {
      throw new AlertmanagerError(
        400,
        'invalid silence: matcher set 0: at least one matcher must not match the empty string',
      );
    }
  }

  #canChange(
    previous: SilenceRecord,
    next: SilenceDraft,
    now: number,
  ): boolean {
    if (JSON.stringify(previous.matchers) !== JSON.stringify(next.matchers)) {
      return false;
    }
    switch (this.stateOf(previous)) {
      case 'active':
        return next.startsAt === previous.startsAt && next.endsAt >= now;
      case 'pending':
        return next.startsAt >= now;
      default:
        return false;
    }
  }
}
