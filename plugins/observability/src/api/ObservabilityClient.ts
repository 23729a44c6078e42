import { parseEntityRef } from '@backstage/catalog-model';
import { ResponseError } from '@backstage/errors';
import { createApiRef } from '@backstage/frontend-plugin-api';
import type { FetchApi } from '@backstage/frontend-plugin-api';
import { historyResponseSchema } from '@waystone/plugin-delivery-common';
import type { HistoryEntry } from '@waystone/plugin-delivery-common';
import {
  alertsResponseSchema,
  metricsResponseSchema,
  servicesResponseSchema,
  slosResponseSchema,
  summaryResponseSchema,
} from '@waystone/plugin-observability-common';
import type {
  AlertsFilter,
  AlertsResponse,
  MetricsResponse,
  ServicesFilter,
  ServicesResponse,
  SlosResponse,
  SummaryResponse,
} from '@waystone/plugin-observability-common';

/** Which charts are read. @internal */
export interface ChartsFilter {
  readonly environment?: string;
  readonly range?: string;
  readonly from?: number;
  readonly to?: number;
  readonly compare?: boolean;
}

/**
 * What the pages ask their backend.
 *
 * @internal
 */
export interface ObservabilityApi {
  listServices(
    filter: ServicesFilter,
    signal?: AbortSignal,
  ): Promise<ServicesResponse>;
  listAlerts(
    filter: AlertsFilter,
    signal?: AbortSignal,
  ): Promise<AlertsResponse>;
  /** @returns Undefined if nothing is known of the entity. */
  findSummary(
    entityRef: string,
    signal?: AbortSignal,
  ): Promise<SummaryResponse | undefined>;
  getMetrics(
    entityRef: string,
    filter: ChartsFilter,
    signal?: AbortSignal,
  ): Promise<MetricsResponse>;
  getObjectives(
    entityRef: string,
    environment: string | undefined,
    signal?: AbortSignal,
  ): Promise<SlosResponse>;
  listServiceAlerts(
    entityRef: string,
    signal?: AbortSignal,
  ): Promise<AlertsResponse>;
  /** The last deployments, of the delivery pillar. */
  listDeployments(
    entityRef: string,
    environment: string | undefined,
    signal?: AbortSignal,
  ): Promise<readonly HistoryEntry[]>;
}

/** @internal */
export const observabilityApiRef = createApiRef<ObservabilityApi>().with({
  id: 'plugin.observability.api',
  pluginId: 'observability',
});

/** @internal */
export class ObservabilityClient implements ObservabilityApi {
  readonly #fetchApi: FetchApi;

  constructor(options: { fetchApi: FetchApi }) {
    this.#fetchApi = options.fetchApi;
  }

  async listServices(filter: ServicesFilter, signal?: AbortSignal) {
    return servicesResponseSchema.parse(
      await this.#json(`/services?${toQuery({ ...filter })}`, signal),
    );
  }

  async listAlerts(filter: AlertsFilter, signal?: AbortSignal) {
    return alertsResponseSchema.parse(
      await this.#json(`/alerts?${toQuery({ ...filter })}`, signal),
    );
  }

  async findSummary(entityRef: string, signal?: AbortSignal) {
    const response = await this.#fetch(`${pathOf(entityRef)}/summary`, signal);
    return response.status === 404
      ? undefined
      : summaryResponseSchema.parse(await readJson(response));
  }

  async getMetrics(
    entityRef: string,
    filter: ChartsFilter,
    signal?: AbortSignal,
  ) {
    return metricsResponseSchema.parse(
      await this.#json(
        `${pathOf(entityRef)}/metrics?${toQuery({ ...filter })}`,
        signal,
      ),
    );
  }

  async getObjectives(
    entityRef: string,
    environment: string | undefined,
    signal?: AbortSignal,
  ) {
    return slosResponseSchema.parse(
      await this.#json(
        `${pathOf(entityRef)}/slos?${toQuery({ environment })}`,
        signal,
      ),
    );
  }

  async listServiceAlerts(entityRef: string, signal?: AbortSignal) {
    return alertsResponseSchema.parse(
      await this.#json(`${pathOf(entityRef)}/alerts`, signal),
    );
  }

  async listDeployments(
    entityRef: string,
    environment: string | undefined,
    signal?: AbortSignal,
  ) {
    const response = await this.#fetchApi.fetch(
      `plugin://delivery${pathOf(entityRef)}/history?${toQuery({
        environment,
        limit: 100,
      })}`,
      { signal },
    );
    return response.status === 404
      ? []
      : historyResponseSchema.parse(await readJson(response)).items;
  }

  async #json(path: string, signal?: AbortSignal): Promise<unknown> {
    return readJson(await this.#fetch(path, signal));
  }

  #fetch(path: string, signal?: AbortSignal): Promise<Response> {
    return this.#fetchApi.fetch(`plugin://observability${path}`, { signal });
  }
}

async function readJson(response: Response): Promise<unknown> {
  if (!response.ok) {
    throw await ResponseError.fromResponse(response);
  }
  return response.json();
}

function pathOf(entityRef: string): string {
  const { kind, name, namespace } = parseEntityRef(entityRef);
  return `/services/${[namespace, kind, name]
    .map(encodeURIComponent)
    .join('/')}`;
}

function toQuery(filter: Readonly<Record<string, unknown>>): URLSearchParams {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(filter)) {
    for (const item of [value].flat()) {
      if (item !== undefined && item !== '' && item !== false) {
        query.append(key, String(item));
      }
    }
  }
  return query;
}
