import { parseEntityRef } from '@backstage/catalog-model';
import { ResponseError } from '@backstage/errors';
import { createApiRef } from '@backstage/frontend-plugin-api';
import type { FetchApi } from '@backstage/frontend-plugin-api';
import {
  auditEventSchema,
  auditEventsResponseSchema,
  auditFacetsResponseSchema,
  auditStatusResponseSchema,
} from '@waystone/plugin-audit-common';
import type {
  AuditEvent,
  AuditEventsResponse,
  AuditFacetsResponse,
  AuditStatusResponse,
} from '@waystone/plugin-audit-common';

/** What the address says of which events are meant. @internal */
export interface EventFilters {
  readonly actor?: string;
  readonly plugin?: string;
  readonly event?: string;
  readonly severity?: string;
  readonly outcome?: string;
  readonly entity?: string;
  readonly from?: string;
  readonly to?: string;
  readonly q?: string;
  readonly reads?: string;
}

/**
 * What the pages ask their backend.
 *
 * @internal
 */
export interface AuditApi {
  list(
    filters: EventFilters,
    cursor?: string,
    signal?: AbortSignal,
  ): Promise<AuditEventsResponse>;
  listOfEntity(
    entityRef: string,
    cursor?: string,
    signal?: AbortSignal,
  ): Promise<AuditEventsResponse>;
  get(id: string, signal?: AbortSignal): Promise<AuditEvent>;
  facets(signal?: AbortSignal): Promise<AuditFacetsResponse>;
  status(signal?: AbortSignal): Promise<AuditStatusResponse>;
  export(filters: EventFilters, format: 'csv' | 'json'): Promise<Blob>;
}

/** @internal */
export const auditApiRef = createApiRef<AuditApi>().with({
  id: 'plugin.audit.api',
  pluginId: 'audit',
});

/** @internal */
export class AuditClient implements AuditApi {
  readonly #fetchApi: FetchApi;

  constructor(options: { fetchApi: FetchApi }) {
    this.#fetchApi = options.fetchApi;
  }

  async list(filters: EventFilters, cursor?: string, signal?: AbortSignal) {
    return auditEventsResponseSchema.parse(
      await this.#json(`/events?${toQuery({ ...filters, cursor })}`, signal),
    );
  }

  async listOfEntity(entityRef: string, cursor?: string, signal?: AbortSignal) {
    const { kind, name, namespace } = parseEntityRef(entityRef);
    const path = [namespace, kind, name].map(encodeURIComponent).join('/');
    return auditEventsResponseSchema.parse(
      await this.#json(
        `/entities/${path}/events?${toQuery({ cursor })}`,
        signal,
      ),
    );
  }

  async get(id: string, signal?: AbortSignal) {
    return auditEventSchema.parse(
      await this.#json(`/events/${encodeURIComponent(id)}`, signal),
    );
  }

  async facets(signal?: AbortSignal) {
    return auditFacetsResponseSchema.parse(await this.#json('/facets', signal));
  }

  async status(signal?: AbortSignal) {
    return auditStatusResponseSchema.parse(await this.#json('/status', signal));
  }

  async export(filters: EventFilters, format: 'csv' | 'json') {
    const response = await this.#fetch(
      `/events/export?${toQuery({ ...filters, format })}`,
    );
    return response.blob();
  }

  async #json(path: string, signal?: AbortSignal): Promise<unknown> {
    return (await this.#fetch(path, signal)).json();
  }

  async #fetch(path: string, signal?: AbortSignal): Promise<Response> {
    const response = await this.#fetchApi.fetch(`plugin://audit${path}`, {
      signal,
    });
    if (!response.ok) {
      throw await ResponseError.fromResponse(response);
    }
    return response;
  }
}

function toQuery(
  values: Readonly<Record<string, string | undefined>>,
): URLSearchParams {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(values)) {
    if (value) {
      query.set(key, value);
    }
  }
  return query;
}
