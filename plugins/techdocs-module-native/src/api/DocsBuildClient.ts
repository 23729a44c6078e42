import type { CompoundEntityRef } from '@backstage/catalog-model';
import { ResponseError } from '@backstage/errors';
import { createApiRef, type FetchApi } from '@backstage/frontend-plugin-api';
import {
  docsBuildSchema,
  docsFeedbackReportSchema,
  docsFeedbackWaitingSchema,
  docsPageSchema,
  type DocsBuild,
  type DocsFeedback,
  type DocsFeedbackQuery,
  type DocsFeedbackReport,
  type DocsFeedbackWaiting,
  type DocsFeedbackWaitingQuery,
  type DocsPage,
} from '@waystone/plugin-techdocs-native-common';

/**
 * What the pages of an entity's docs ask of the portal.
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
  getPage(
    entity: CompoundEntityRef,
    path: string,
    signal?: AbortSignal,
  ): Promise<DocsPage>;
  /** Only a number is kept. */
  countRead(entity: CompoundEntityRef, page: string): Promise<void>;
  /** For owners. */
  getFeedback(
    entity: CompoundEntityRef,
    query: Partial<DocsFeedbackQuery>,
    signal?: AbortSignal,
  ): Promise<DocsFeedbackReport>;
  /** Of all docs that the person, or the one owner that is asked for, owns. */
  getWaitingFeedback(
    query: Partial<DocsFeedbackWaitingQuery>,
    signal?: AbortSignal,
  ): Promise<DocsFeedbackWaiting>;
  /** For owners: marks feedback as dealt with, or as open again. */
  setHandled(
    entity: CompoundEntityRef,
    id: string,
    handled: boolean,
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
    const response = await this.#request(urlOf('builds', entity), { signal });
    return docsBuildSchema.parse(await response.json());
  }

  async confirm(entity: CompoundEntityRef): Promise<void> {
    await this.#request(urlOf('confirmations', entity), { method: 'POST' });
  }

  async sendFeedback(
    entity: CompoundEntityRef,
    feedback: DocsFeedback,
  ): Promise<void> {
    await this.#write('POST', urlOf('feedback', entity), feedback);
  }

  async getPage(
    entity: CompoundEntityRef,
    path: string,
    signal?: AbortSignal,
  ): Promise<DocsPage> {
    const response = await this.#request(
      `${urlOf('pages', entity)}?${new URLSearchParams({ path })}`,
      { signal },
    );
    return docsPageSchema.parse(await response.json());
  }

  async countRead(entity: CompoundEntityRef, page: string): Promise<void> {
    await this.#write('POST', urlOf('reads', entity), { page });
  }

  async getFeedback(
    entity: CompoundEntityRef,
    query: Partial<DocsFeedbackQuery>,
    signal?: AbortSignal,
  ): Promise<DocsFeedbackReport> {
    const response = await this.#request(
      `${urlOf('feedback', entity)}?${parametersOf(query)}`,
      { signal },
    );
    return docsFeedbackReportSchema.parse(await response.json());
  }

  async getWaitingFeedback(
    query: Partial<DocsFeedbackWaitingQuery>,
    signal?: AbortSignal,
  ): Promise<DocsFeedbackWaiting> {
    const response = await this.#request(
      `plugin://techdocs/native/feedback?${parametersOf(query)}`,
      { signal },
    );
    return docsFeedbackWaitingSchema.parse(await response.json());
  }

  async setHandled(
    entity: CompoundEntityRef,
    id: string,
    handled: boolean,
  ): Promise<void> {
    await this.#write(
      'PUT',
      `${urlOf('feedback', entity)}/${encodeURIComponent(id)}/handled`,
      { handled },
    );
  }

  async #write(
    method: 'POST' | 'PUT',
    url: string,
    body: unknown,
  ): Promise<void> {
    await this.#request(url, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  }

  async #request(url: string, init: RequestInit): Promise<Response> {
    const response = await this.#fetchApi.fetch(url, init);
    if (!response.ok) throw await ResponseError.fromResponse(response);
    return response;
  }
}

function parametersOf(query: object): URLSearchParams {
  return new URLSearchParams(
    Object.entries(query).flatMap(([key, value]) =>
      value === undefined ? [] : [[key, String(value)]],
    ),
  );
}

function urlOf(what: string, entity: CompoundEntityRef): string {
  const path = [entity.namespace, entity.kind, entity.name]
    .map(encodeURIComponent)
    .join('/');
  return `plugin://techdocs/native/${what}/${path}`;
}
