import { randomUUID } from 'node:crypto';
import { ConflictError, InputError } from '@backstage/errors';
import type { Environments } from '@waystone/environments';
import { createRequestSchema } from '@waystone/plugin-infrastructure-common';
import type { Draft } from '@waystone/plugin-infrastructure-common';
import type { DatabaseRequestStore } from '../database/DatabaseRequestStore';
import type { NewRequestRow, RequestRow } from '../database/RequestRow';
import type { OfferingCatalog } from '../offerings/OfferingCatalog';
import { compareFields } from '../provisioner/compareFields';
import { parseBody } from '../router/parseBody';
import { hashBody } from './hashBody';
import type { Caller, RequestCreator } from './RequestCreator';

/** Of one person, at a time. */
const MOST_DRAFTS = 50;

/** What {@link DraftService} works with. */
export interface DraftServiceOptions {
  readonly creator: RequestCreator;
  readonly environments: Environments;
  readonly offerings: OfferingCatalog;
  readonly store: DatabaseRequestStore;
  /** Told when there is something for the worker to do. */
  readonly onWork: () => void;
  /** Told of what waits for approval. */
  readonly onAsked?: (row: RequestRow) => void;
}

/** Requests that are kept while they are written. They take no name, cost nothing, and no cluster knows of them. */
export class DraftService {
  readonly #options: DraftServiceOptions;

  constructor(options: DraftServiceOptions) {
    this.#options = options;
  }

  /**
   * Keeps a new draft. The same key gives the same draft.
   *
   * @throws InputError, ConflictError
   */
  async create(
    draft: Draft,
    caller: Caller,
  ): Promise<{ readonly row: RequestRow; readonly created: boolean }> {
    const { store } = this.#options;
    const { idempotencyKey, requester } = caller;
    const key = {
      requester,
      idempotency_key: idempotencyKey,
      body_hash: hashBody({ draft }),
    };
    const known = await store.findAccepted(key);
    if (known) {
      return { row: known, created: false };
    }
    if ((await store.countDrafts(requester)) >= MOST_DRAFTS) {
      throw new ConflictError(
        `You have ${MOST_DRAFTS} drafts; discard some that you do not need`,
      );
    }
    const now = new Date();
    return store.insert(
      {
        ...this.#toColumns(draft),
        ...key,
        id: randomUUID(),
        deletion_protection: false,
        status: 'draft',
        status_since: now,
        status_reason: null,
        approvers: [],
        monthly_cost: null,
        currency: null,
        created_at: now,
        expires_at: null,
        work_at: null,
        entity_name: null,
        adopted_uid: null,
      },
      [{ actor: requester, type: 'status', to: 'draft' }],
    );
  }

  /** @throws InputError; ConflictError if it is no longer that version, or was submitted. */
  async save(
    row: RequestRow,
    draft: Draft,
    options: { readonly actor: string; readonly version: number },
  ): Promise<RequestRow> {
    const before = draftOf(row);
    const gone = Object.keys(before).map(name => [name, undefined]);
    const changes = compareFields(
      before,
      { ...Object.fromEntries(gone), ...draft },
      'draft',
    );
    return this.#options.store.change(
      { id: row.id, version: options.version },
      this.#toColumns(draft),
      changes.length > 0
        ? [{ actor: options.actor, type: 'changed', changes }]
        : [],
    );
  }

  /**
   * Makes a request of it, in the name of whoever submits it. What was submitted already is given as it is now.
   *
   * @throws InputError with the field that is wrong; ConflictError.
   */
  async submit(
    row: RequestRow,
    options: { readonly actor: string; readonly version: number },
  ): Promise<RequestRow> {
    const { actor, version } = options;
    if (!row.draft) {
      return row;
    }
    const { creator, onAsked, onWork, store } = this.#options;
    const body = parseBody(createRequestSchema, draftOf(row));
    const { row: prepared, events } = await creator.prepare(body, {
      requester: actor,
      idempotencyKey: row.idempotency_key,
    });
    const {
      id: _id,
      idempotency_key: _key,
      body_hash: _hash,
      ...columns
    } = prepared;
    const submitted = await store.change(
      { id: row.id, version },
      {
        ...columns,
        draft: null,
        // The key is its author's, who may not be who submits it.
        ...(actor !== row.requester && { idempotency_key: `draft:${row.id}` }),
      },
      events,
    );
    onWork();
    onAsked?.(submitted);
    return submitted;
  }

  /** @throws ConflictError if it was submitted or discarded. */
  async discard(row: RequestRow, actor: string): Promise<RequestRow> {
    draftOf(row);
    return this.#options.store.change(
      row,
      { status: 'deleted', status_since: new Date() },
      [{ actor, type: 'status', from: 'draft', to: 'deleted' }],
    );
  }

  /** What lists show of it, as far as it is known. */
  #toColumns(draft: Draft) {
    const { environments, offerings } = this.#options;
    const offering = offerings.find(draft.offering);
    if (!offering) {
      throw new InputError(
        'Invalid request: offering: There is no such offering',
      );
    }
    const environment = environments.get(draft.environment);
    return {
      draft,
      offering: offering.id,
      offering_title: offering.title,
      api_version: offering.apiVersion,
      kind: offering.kind,
      name: draft.name,
      environment: draft.environment,
      cluster: environment?.cluster ?? '',
      namespace:
        environment && draft.system
          ? environments.namespaceOf(environment, draft.system)
          : '',
      system: draft.system,
      owner: draft.owner,
      component: draft.component ?? null,
      cost_center: draft.costCenter ?? null,
      connection_engine: null,
      parameters: draft.parameters,
      reason: draft.reason ?? null,
      backup_engine: null,
    } satisfies Partial<NewRequestRow>;
  }
}

/** @throws ConflictError if it is none any more. */
function draftOf(row: RequestRow): Draft {
  if (!row.draft || row.status !== 'draft') {
    throw new ConflictError(
      row.draft ? 'It was discarded' : `It was submitted: it is ${row.status}`,
    );
  }
  return row.draft;
}
