import { InputError } from '@backstage/errors';
import type { RequestStatus } from '@waystone/plugin-infrastructure-common';
import type { Knex } from 'knex';

/** Which requests somebody may see, as a condition on the table. */
export type RequestCondition = (query: Knex.QueryBuilder) => void;

/** What lists of requests look for. */
export interface RequestFilter {
  readonly owners?: readonly string[];
  readonly requester?: string;
  readonly statuses?: readonly RequestStatus[];
  readonly offering?: string;
  readonly environment?: string;
  readonly component?: string;
  /** Only those that wait for one of these to decide, and that this user did not ask for. */
  readonly decidableBy?: { readonly user: string; readonly claims: string[] };
  readonly text?: string;
  readonly limit: number;
  readonly cursor?: string;
  readonly visible?: RequestCondition;
  /** Whose drafts are among them; undefined: none. */
  readonly draftsOf?: {
    readonly user: string;
    readonly claims: readonly string[];
  };
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const TIMESTAMP = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?[+-]\d\d(:\d\d)?$/;

/** Where a page begins. Times of PostgreSQL are finer than those of JavaScript, so they stay text. */
export interface PagePlace {
  readonly at: string;
  readonly id: string;
}

export function writeCursor({ at, id }: PagePlace): string {
  return Buffer.from(JSON.stringify([at, id])).toString('base64url');
}

/** @throws InputError */
export function readCursor(cursor: string): PagePlace {
  try {
    const [at, id] = JSON.parse(
      Buffer.from(cursor, 'base64url').toString('utf8'),
    );
    if (TIMESTAMP.test(at) && UUID.test(id)) {
      return { at, id };
    }
  } catch {
    // Not one of ours; said below.
  }
  throw new InputError('Invalid cursor; start again without one');
}

/** Narrows a query of the table down. */
export function applyFilter(
  query: Knex.QueryBuilder,
  filter: RequestFilter,
): void {
  const { decidableBy, draftsOf, text, visible } = filter;
  if (filter.owners) {
    query.whereIn('owner', [...filter.owners]);
  }
  if (filter.statuses) {
    query.whereIn('status', [...filter.statuses]);
  }
  for (const column of [
    'requester',
    'offering',
    'environment',
    'component',
  ] as const) {
    if (filter[column] !== undefined) {
      query.where(column, filter[column]);
    }
  }
  if (decidableBy) {
    query
      .where('status', 'awaiting-approval')
      .whereRaw("coalesce(pending->>'requestedBy', requester) <> ?", [
        decidableBy.user,
      ])
      .whereRaw('jsonb_exists_any(approvers, ?::text[])', [decidableBy.claims]);
  }
  if (text) {
    query.whereRaw('position(? in name) > 0', [text.toLocaleLowerCase('en')]);
  }
  if (visible) {
    query.where(visible);
  }
  query.where(which => {
    which.whereNull('draft');
    if (draftsOf) {
      which.orWhere(draft =>
        draft
          .where('status', 'draft')
          .where(whose =>
            whose
              .where('requester', draftsOf.user)
              .orWhereIn('owner', [...draftsOf.claims]),
          ),
      );
    }
  });
}
