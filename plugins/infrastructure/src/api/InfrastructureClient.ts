import { ResponseError } from '@backstage/errors';
import { createApiRef } from '@backstage/frontend-plugin-api';
import type { FetchApi } from '@backstage/frontend-plugin-api';
import {
  backupListSchema,
  backupSchema,
  connectionSchema,
  consumersSchema,
  deletionPreviewSchema,
  discoveredListSchema,
  liveStateSchema,
  offeringListSchema,
  previewSchema,
  requestDetailSchema,
  requestEventListSchema,
  requestListSchema,
  revealedSchema,
} from '@waystone/plugin-infrastructure-common';
import type {
  AdoptRequest,
  Backup,
  BackupList,
  Connection,
  Consumers,
  CreateRequest,
  DeletionPreview,
  DiscoveredList,
  Draft,
  LiveState,
  OfferingList,
  Preview,
  PreviewRequest,
  RequestDetail,
  RequestEventList,
  RequestList,
  Revealed,
  SaveDraft,
  UpdateRequest,
} from '@waystone/plugin-infrastructure-common';
import type { z } from 'zod';

/** What the pages ask their backend. @internal */
export interface InfrastructureApi {
  listOfferings(signal?: AbortSignal): Promise<OfferingList>;
  preview(body: PreviewRequest, signal?: AbortSignal): Promise<Preview>;
  /** The same key gives the same request, however often it is sent. */
  create(body: CreateRequest, idempotencyKey: string): Promise<RequestDetail>;
  /** The same key gives the same draft, however often it is sent. */
  createDraft(draft: Draft, idempotencyKey: string): Promise<RequestDetail>;
  saveDraft(id: string, draft: SaveDraft): Promise<RequestDetail>;
  submitDraft(id: string, version: number): Promise<RequestDetail>;
  discardDraft(id: string): Promise<RequestDetail>;
  listRequests(
    query: URLSearchParams,
    signal?: AbortSignal,
  ): Promise<RequestList>;
  getRequest(id: string, signal?: AbortSignal): Promise<RequestDetail>;
  listEvents(id: string, signal?: AbortSignal): Promise<RequestEventList>;
  getLiveState(id: string, signal?: AbortSignal): Promise<LiveState>;
  update(id: string, body: UpdateRequest): Promise<RequestDetail>;
  remove(
    id: string,
    confirm: string,
    finalBackup?: boolean,
  ): Promise<RequestDetail>;
  decide(
    id: string,
    decision: 'approve' | 'reject',
    comment?: string,
  ): Promise<RequestDetail>;
  retry(id: string): Promise<RequestDetail>;
  getConnection(id: string, signal?: AbortSignal): Promise<Connection>;
  reveal(id: string, key: string): Promise<Revealed>;
  listBackups(id: string, signal?: AbortSignal): Promise<BackupList>;
  createBackup(id: string): Promise<Backup>;
  getConsumers(id: string, signal?: AbortSignal): Promise<Consumers>;
  rotate(id: string): Promise<RequestDetail>;
  previewDeletion(id: string, signal?: AbortSignal): Promise<DeletionPreview>;
  listDiscovered(signal?: AbortSignal): Promise<DiscoveredList>;
  /** The same key gives the same request, however often it is sent. */
  adopt(body: AdoptRequest, idempotencyKey: string): Promise<RequestDetail>;
}

/** @internal */
export const infrastructureApiRef = createApiRef<InfrastructureApi>().with({
  id: 'plugin.infrastructure.api',
  pluginId: 'infrastructure',
});

/** @internal */
export class InfrastructureClient implements InfrastructureApi {
  readonly #fetchApi: FetchApi;

  constructor(options: { fetchApi: FetchApi }) {
    this.#fetchApi = options.fetchApi;
  }

  listOfferings(signal?: AbortSignal) {
    return this.#call(offeringListSchema, '/offerings', { signal });
  }

  preview(body: PreviewRequest, signal?: AbortSignal) {
    return this.#call(
      previewSchema,
      '/requests/preview',
      json('POST', body, { signal }),
    );
  }

  create(body: CreateRequest, idempotencyKey: string) {
    return this.#call(
      requestDetailSchema,
      '/requests',
      json('POST', body, { headers: { 'Idempotency-Key': idempotencyKey } }),
    );
  }

  createDraft(draft: Draft, idempotencyKey: string) {
    return this.#call(
      requestDetailSchema,
      '/drafts',
      json('POST', draft, { headers: { 'Idempotency-Key': idempotencyKey } }),
    );
  }

  saveDraft(id: string, draft: SaveDraft) {
    return this.#call(
      requestDetailSchema,
      `/drafts/${encodeURIComponent(id)}`,
      json('PUT', draft),
    );
  }

  submitDraft(id: string, version: number) {
    return this.#call(
      requestDetailSchema,
      `/drafts/${encodeURIComponent(id)}/submit`,
      json('POST', { version }),
    );
  }

  discardDraft(id: string) {
    return this.#call(
      requestDetailSchema,
      `/drafts/${encodeURIComponent(id)}`,
      { method: 'DELETE' },
    );
  }

  listRequests(query: URLSearchParams, signal?: AbortSignal) {
    return this.#call(requestListSchema, `/requests?${query}`, { signal });
  }

  getRequest(id: string, signal?: AbortSignal) {
    return this.#call(requestDetailSchema, pathOf(id), { signal });
  }

  listEvents(id: string, signal?: AbortSignal) {
    return this.#call(requestEventListSchema, pathOf(id, 'events'), { signal });
  }

  getLiveState(id: string, signal?: AbortSignal) {
    return this.#call(liveStateSchema, pathOf(id, 'live'), { signal });
  }

  update(id: string, body: UpdateRequest) {
    return this.#call(requestDetailSchema, pathOf(id), json('PATCH', body));
  }

  remove(id: string, confirm: string, finalBackup = false) {
    const query = new URLSearchParams({
      confirm,
      ...(finalBackup && { finalBackup: 'true' }),
    });
    return this.#call(requestDetailSchema, `${pathOf(id)}?${query}`, {
      method: 'DELETE',
    });
  }

  decide(id: string, decision: 'approve' | 'reject', comment?: string) {
    return this.#call(
      requestDetailSchema,
      pathOf(id, decision),
      json('POST', comment ? { comment } : {}),
    );
  }

  retry(id: string) {
    return this.#call(requestDetailSchema, pathOf(id, 'retry'), {
      method: 'POST',
    });
  }

  getConnection(id: string, signal?: AbortSignal) {
    return this.#call(connectionSchema, pathOf(id, 'connection'), { signal });
  }

  reveal(id: string, key: string) {
    return this.#call(
      revealedSchema,
      pathOf(id, 'connection/reveal'),
      json('POST', { key }, { cache: 'no-store' }),
    );
  }

  listBackups(id: string, signal?: AbortSignal) {
    return this.#call(backupListSchema, pathOf(id, 'backups'), { signal });
  }

  createBackup(id: string) {
    return this.#call(backupSchema, pathOf(id, 'backups'), { method: 'POST' });
  }

  getConsumers(id: string, signal?: AbortSignal) {
    return this.#call(consumersSchema, pathOf(id, 'consumers'), { signal });
  }

  rotate(id: string) {
    return this.#call(requestDetailSchema, pathOf(id, 'credentials/rotate'), {
      method: 'POST',
    });
  }

  previewDeletion(id: string, signal?: AbortSignal) {
    return this.#call(deletionPreviewSchema, pathOf(id, 'deletion'), {
      signal,
    });
  }

  listDiscovered(signal?: AbortSignal) {
    return this.#call(discoveredListSchema, '/discovered', { signal });
  }

  adopt(body: AdoptRequest, idempotencyKey: string) {
    return this.#call(
      requestDetailSchema,
      '/discovered/adopt',
      json('POST', body, { headers: { 'Idempotency-Key': idempotencyKey } }),
    );
  }

  async #call<T>(
    schema: z.ZodType<T>,
    path: string,
    init: RequestInit,
  ): Promise<T> {
    const response = await this.#fetchApi.fetch(
      `plugin://infrastructure${path}`,
      init,
    );
    if (!response.ok) {
      throw await ResponseError.fromResponse(response);
    }
    return schema.parse(await response.json());
  }
}

function pathOf(id: string, rest?: string): string {
  const path = `/requests/${encodeURIComponent(id)}`;
  return rest ? `${path}/${rest}` : path;
}

function json(method: string, body: object, init: RequestInit = {}) {
  return {
    ...init,
    method,
    headers: { ...init.headers, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  };
}
