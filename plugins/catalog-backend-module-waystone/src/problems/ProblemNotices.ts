import type {
  DatabaseService,
  LoggerService,
} from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import type { NotificationPayload } from '@backstage/plugin-notifications-common';
import type { NotificationService } from '@backstage/plugin-notifications-node';
import type { Knex } from 'knex';
import { runUncompiled } from '../database/runUncompiled';
import { readCatalogState } from './CatalogState';
import { isOutage } from './catalogErrors';
import { describeProblem } from './describeProblem';
import { broughtBy } from './isOwnedBy';
import { CONFLICT_FOR, problemsQuery } from './problemsSql';

/** What these notifications are about, for people who want none of them. */
export const NOTICE_TOPIC = 'catalog-problem';

/** An error that is gone again within this time was nobody's mistake. */
const SETTLED_AFTER_MS = 20_000;

/** More new errors of one owner than these are told together. */
const MOST_SINGLE = 3;

/** A catalog with more errors than these has another problem. */
const MOST_ERRORS = 5000;

/** A look at everything that is due even if nothing seems to have changed. */
const LOOK_AGAIN_AFTER_MS = 30 * 60_000;

/** How long a detail is kept. */
const MOST_DETAIL = 200;

interface ErrorRow {
  readonly entityRef: string;
  readonly id: string;
  readonly detail: string;
  readonly owners: readonly string[];
}

interface NoticeRow {
  readonly entity_ref: string;
  readonly problem_id: string;
  readonly detail: string;
  readonly owners: string[];
  readonly first_seen_at: Date;
  readonly notified_at: Date | null;
  readonly announced: boolean;
}

/**
 * Tells the owners of entities of errors: each once, and again when it is gone.
 *
 * @remarks
 *
 * To be run by one replica at a time. One that is killed in the middle leads to a second message about the same, which
 * the notifications take for the first.
 */
export class ProblemNotices {
  readonly #database: DatabaseService;
  readonly #logger: LoggerService;
  readonly #notifications: NotificationService;
  readonly #now: () => number;
  #last: { readonly token: string; settled: boolean; at: number } | undefined;

  constructor(options: {
    readonly database: DatabaseService;
    readonly logger: LoggerService;
    readonly notifications: NotificationService;
    /** @defaultValue `Date.now` */
    readonly now?: () => number;
  }) {
    this.#database = options.database;
    this.#logger = options.logger;
    this.#notifications = options.notifications;
    this.#now = options.now ?? Date.now;
  }

  /** Compares the errors that there are with those that were told, if something has changed since the last time. */
  async run(signal?: AbortSignal): Promise<void> {
    const knex = await this.#database.getClient();
    const { token, waiting } = await readCatalogState(knex, CONFLICT_FOR);
    const last = this.#last;
    const same = last?.token === token;
    if (
      same &&
      last.settled &&
      !waiting &&
      this.#now() - last.at < LOOK_AGAIN_AFTER_MS
    ) {
      return;
    }
    await this.#compare(knex, signal);
    // What was being written at the first look may be missing in it
    this.#last = { token, settled: same, at: this.#now() };
  }

  async #compare(knex: Knex, signal: AbortSignal | undefined): Promise<void> {
    const errors = await readErrors(knex);
    const notices: NoticeRow[] = await knex('waystone_problem_notices');
    const known = new Set(notices.map(keyOfNotice));
    const there = new Set(errors.map(keyOfError));

    const added = errors.filter(error => !known.has(keyOfError(error)));
    if (added.length > 0) {
      await knex('waystone_problem_notices')
        .insert(
          added.map(({ detail, entityRef, id, owners }) => ({
            entity_ref: entityRef,
            problem_id: id,
            detail,
            owners: [...owners],
            first_seen_at: new Date(this.#now()),
          })),
        )
        .onConflict()
        .ignore();
    }
    const due = notices.filter(
      notice =>
        !notice.notified_at &&
        there.has(keyOfNotice(notice)) &&
        this.#now() - notice.first_seen_at.getTime() >= SETTLED_AFTER_MS,
    );
    await this.#announce(knex, due, signal);
    await this.#endAll(
      knex,
      notices.filter(notice => !there.has(keyOfNotice(notice))),
      signal,
    );
  }

  async #announce(
    knex: Knex,
    due: readonly NoticeRow[],
    signal: AbortSignal | undefined,
  ) {
    const byOwners = new Map<string, NoticeRow[]>();
    for (const notice of due) {
      const key = [...notice.owners].sort().join(' ');
      byOwners.set(key, [...(byOwners.get(key) ?? []), notice]);
    }
    for (const notices of byOwners.values()) {
      const { owners } = notices[0];
      const single = notices.length <= MOST_SINGLE;
      if (!single) {
        await this.#send(owners, {
          title: `${notices.length} new errors in catalog entries that you own`,
          description: notices
            .slice(0, 10)
            .map(({ entity_ref }) => entity_ref)
            .join(', '),
          link: '/catalog-problems?severity=error',
          severity: 'high',
          topic: NOTICE_TOPIC,
        });
      }
      for (const notice of notices) {
        if (signal?.aborted) {
          return;
        }
        if (single) {
          await this.#send(owners, await describeNotice(knex, notice));
        }
        await only(knex, notice).update({
          notified_at: new Date(this.#now()),
          announced: single,
        });
      }
    }
  }

  async #endAll(
    knex: Knex,
    ended: readonly NoticeRow[],
    signal: AbortSignal | undefined,
  ) {
    for (const notice of ended) {
      if (signal?.aborted) {
        return;
      }
      if (notice.announced) {
        const before = await describeNotice(knex, notice);
        await this.#send(notice.owners, {
          ...before,
          title: `Solved: ${before.title}`,
          description: 'The catalog takes the entry again.',
          severity: 'low',
        });
      }
      await only(knex, notice).delete();
    }
  }

  async #send(owners: readonly string[], payload: NotificationPayload) {
    if (owners.length === 0) {
      return;
    }
    try {
      await this.#notifications.send({
        recipients: { type: 'entity', entityRef: [...owners] },
        payload,
      });
    } catch (error) {
      // The next run tries again: nothing was noted
      this.#logger.warn('Owners could not be told of errors', toError(error));
      throw error;
    }
  }
}

/** All errors, without those that come from a source that does not answer. */
async function readErrors(knex: Knex): Promise<ErrorRow[]> {
  const { bindings, sql } = problemsQuery({ conflicts: true });
  const rows = await runUncompiled<ErrorRow & { errors: string | null }>(
    knex,
    `select problem.entity_ref as "entityRef", problem.id,
       left(coalesce(problem.detail, ''), ?) as detail, problem.owners,
       case problem.id when 'processing-failed' then state.errors end as errors
     from (${sql}) problem
     left join refresh_state state on state.entity_ref = problem.entity_ref
     where problem.severity = 'error'
     order by 1, 2, 3 limit ?`,
    [MOST_DETAIL, ...bindings, MOST_ERRORS] as Knex.RawBinding[],
  );
  const seen = new Set<string>();
  return rows.filter(row => {
    const key = keyOfError(row);
    const first = !seen.has(key);
    seen.add(key);
    return first && !isOutage(row.errors);
  });
}

async function describeNotice(
  knex: Knex,
  notice: NoticeRow,
): Promise<NotificationPayload> {
  const { detail, entity_ref: entityRef, problem_id: id } = notice;
  // People know the service, not the location that brings it
  const [shown = entityRef] = await broughtBy(knex, entityRef);
  const [kind, namespace, name] = shown.split(/[:/]/);
  return {
    title: `${name}: an error in its catalog entry`,
    description: describeProblem({ id, detail }),
    link: `/catalog/${[namespace, kind, name]
      .map(encodeURIComponent)
      .join('/')}`,
    severity: 'high',
    topic: NOTICE_TOPIC,
    scope: `${NOTICE_TOPIC}:${entityRef}:${id}:${detail}`.slice(0, 250),
  };
}

function only(knex: Knex, { detail, entity_ref, problem_id }: NoticeRow) {
  return knex('waystone_problem_notices').where({
    entity_ref,
    problem_id,
    detail,
  });
}

function keyOfError({ detail, entityRef, id }: ErrorRow): string {
  return JSON.stringify([entityRef, id, detail]);
}

function keyOfNotice({ detail, entity_ref, problem_id }: NoticeRow): string {
  return JSON.stringify([entity_ref, problem_id, detail]);
}
