import type { CompoundEntityRef } from '@backstage/catalog-model';
import { ResponseError } from '@backstage/errors';
import { createApiRef, type FetchApi } from '@backstage/frontend-plugin-api';
import {
  docsBuildSchema,
  type DocsBuild,
  type DocsFeedback,
} from '@waystone/plugin-techdocs-native-common';

/**
 * What the pages ask of documentation builds.
 *
 * @internal
 */
export interface DocsBuildApi {
  getBuild(entity: CompoundEntityRef, signal?: AbortSignal): Promise<DocsBuild>;
  confirm(entity: CompoundEntityRef): Promise<void>;
  sendFeedback(
    entity: CompoundEntityRef,
    feedback: DocsFeedback,
  ): Promise<void>;
}

/** @internal */
export const docsBuildApiRef = createApiRef<DocsBuildApi>().with({
  id: 'plugin.techdocs.native-builds',
  pluginId: 'techdocs',
});

/** @internal */
export class DocsBuildClient implements DocsBuildApi {
  readonly #fetchApi: FetchApi;

  constructor(options: { fetchApi: FetchApi }) {
    this.#fetchApi = options.fetchApi;
  }

  async getBuild(
    entity: CompoundEntityRef,
    signal?: AbortSignal,
  ): Promise<DocsBuild> {
    const response = await this.#fetchApi.fetch(urlOf('builds', entity), {
      signal,
    });
    if (!response.ok) throw await ResponseError.fromResponse(response);
    return docsBuildSchema.parse(await response.json());
  }

  async confirm(entity: CompoundEntityRef): Promise<void> {
    const response = await this.#fetchApi.fetch(
      urlOf('confirmations', entity),
      { method: 'POST' },
    );
    if (!response.ok) throw await ResponseError.fromResponse(response);
  }

  async sendFeedback(
    entity: CompoundEntityRef,
    feedback: DocsFeedback,
  ): Promise<void> {
    const response = await this.#fetchApi.fetch(urlOf('feedback', entity), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(feedback),
    });
    if (!response.ok) throw await ResponseError.fromResponse(response);
  }
}

function urlOf(what: string, entity: CompoundEntityRef): string {
  const path = [entity.namespace, entity.kind, entity.name]
    .map(encodeURIComponent)
    .join('/');
  return `plugin://techdocs/native/${what}/${path}`;
}
