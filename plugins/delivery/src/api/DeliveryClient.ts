import { parseEntityRef } from '@backstage/catalog-model';
import { ResponseError } from '@backstage/errors';
import { createApiRef } from '@backstage/frontend-plugin-api';
import type { FetchApi } from '@backstage/frontend-plugin-api';
import {
  ciJobsResponseSchema,
  ciRunsResponseSchema,
  distanceResponseSchema,
  driftResponseSchema,
  explanationResponseSchema,
  historyResponseSchema,
  objectsResponseSchema,
  serviceResponseSchema,
  servicesResponseSchema,
} from '@waystone/plugin-delivery-common';
import type {
  CiJobsResponse,
  CiRunsResponse,
  DistanceResponse,
  DriftResponse,
  ExplanationResponse,
  HistoryResponse,
  ObjectsResponse,
  ServiceResponse,
  ServicesFilter,
  ServicesResponse,
} from '@waystone/plugin-delivery-common';

/** Which part of a service's history is read. @internal */
export interface HistoryFilter {
  readonly environment?: string;
  readonly outcome?: string;
  readonly cursor?: string;
}

/**
 * What the pages ask their backend.
 *
 * @internal
 */
export interface DeliveryApi {
  listServices(
    filter: ServicesFilter,
    signal?: AbortSignal,
  ): Promise<ServicesResponse>;
  /** @returns Undefined if nothing is known to run for the entity. */
  findService(
    entityRef: string,
    signal?: AbortSignal,
  ): Promise<ServiceResponse | undefined>;
  listHistory(
    entityRef: string,
    filter: HistoryFilter,
    signal?: AbortSignal,
  ): Promise<HistoryResponse>;
  getDrift(
    entityRef: string,
    environment: string,
    signal?: AbortSignal,
  ): Promise<DriftResponse>;
  explain(
    entityRef: string,
    environment: string,
    signal?: AbortSignal,
  ): Promise<ExplanationResponse>;
  listObjects(
    entityRef: string,
    environment: string,
    signal?: AbortSignal,
  ): Promise<ObjectsResponse>;
  /** The commits that one environment has and another has not. */
  listCommits(
    entityRef: string,
    between: { readonly from: string; readonly to: string },
    signal?: AbortSignal,
  ): Promise<DistanceResponse>;
  listRuns(entityRef: string, signal?: AbortSignal): Promise<CiRunsResponse>;
  listJobs(
    entityRef: string,
    run: string,
    signal?: AbortSignal,
  ): Promise<CiJobsResponse>;
}

/** @internal */
export const deliveryApiRef = createApiRef<DeliveryApi>().with({
  id: 'plugin.delivery.api',
  pluginId: 'delivery',
});

/** @internal */
export class DeliveryClient implements DeliveryApi {
  readonly #fetchApi: FetchApi;

  constructor(options: { fetchApi: FetchApi }) {
    this.#fetchApi = options.fetchApi;
  }

  async listServices(filter: ServicesFilter, signal?: AbortSignal) {
    return servicesResponseSchema.parse(
      await this.#json(`/services?${toQuery({ ...filter })}`, signal),
    );
  }

  async findService(entityRef: string, signal?: AbortSignal) {
    const response = await this.#fetch(pathOf(entityRef), signal);
    if (response.status === 404) {
      return undefined;
    }
    return serviceResponseSchema.parse(await readJson(response));
  }

  async listHistory(
    entityRef: string,
    filter: HistoryFilter,
    signal?: AbortSignal,
  ) {
    return historyResponseSchema.parse(
      await this.#json(
        `${pathOf(entityRef)}/history?${toQuery({ ...filter })}`,
        signal,
      ),
    );
  }

  async getDrift(entityRef: string, environment: string, signal?: AbortSignal) {
    return driftResponseSchema.parse(
      await this.#json(
        `${environmentPathOf(entityRef, environment)}/diff`,
        signal,
      ),
    );
  }

  async explain(entityRef: string, environment: string, signal?: AbortSignal) {
    return explanationResponseSchema.parse(
      await this.#json(
        `${environmentPathOf(entityRef, environment)}/explanation`,
        signal,
      ),
    );
  }

  async listObjects(
    entityRef: string,
    environment: string,
    signal?: AbortSignal,
  ) {
    return objectsResponseSchema.parse(
      await this.#json(
        `${environmentPathOf(entityRef, environment)}/objects`,
        signal,
      ),
    );
  }

  async listCommits(
    entityRef: string,
    between: { readonly from: string; readonly to: string },
    signal?: AbortSignal,
  ) {
    return distanceResponseSchema.parse(
      await this.#json(
        `${pathOf(entityRef)}/commits?${toQuery(between)}`,
        signal,
      ),
    );
  }

  async listRuns(entityRef: string, signal?: AbortSignal) {
    return ciRunsResponseSchema.parse(
      await this.#json(`${pathOf(entityRef)}/runs`, signal),
    );
  }

  async listJobs(entityRef: string, run: string, signal?: AbortSignal) {
    return ciJobsResponseSchema.parse(
      await this.#json(
        `${pathOf(entityRef)}/runs/${encodeURIComponent(run)}/jobs`,
        signal,
      ),
    );
  }

  async #json(path: string, signal?: AbortSignal): Promise<unknown> {
    return readJson(await this.#fetch(path, signal));
  }

  #fetch(path: string, signal?: AbortSignal): Promise<Response> {
    return this.#fetchApi.fetch(`plugin://delivery${path}`, { signal });
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

function environmentPathOf(entityRef: string, environment: string): string {
  return `${pathOf(entityRef)}/environments/${encodeURIComponent(environment)}`;
}

function toQuery(filter: Readonly<Record<string, unknown>>): URLSearchParams {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(filter)) {
    for (const item of [value].flat()) {
      if (item !== undefined && item !== '') {
        query.append(key, String(item));
      }
    }
  }
  return query;
}
