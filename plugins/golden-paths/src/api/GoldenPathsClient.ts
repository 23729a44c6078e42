import { ResponseError } from '@backstage/errors';
import { createApiRef } from '@backstage/frontend-plugin-api';
import type { FetchApi } from '@backstage/frontend-plugin-api';
import {
  filledFormSchema,
  forgeListSchema,
  inventorySchema,
  nameCheckSchema,
  previewSchema,
  removalPreviewSchema,
  removalResultSchema,
  templateVersionsSchema,
} from '@waystone/plugin-golden-paths-common';
import type {
  FilledForm,
  ForgeList,
  Inventory,
  NameCheck,
  Preview,
  RemovalPreview,
  RemovalResult,
  TemplateVersions,
} from '@waystone/plugin-golden-paths-common';
import type { z } from 'zod';

/** What the pages ask their backend. @internal */
export interface GoldenPathsApi {
  getInventory(taskId: string, signal?: AbortSignal): Promise<Inventory>;
  /** What would become of what. Nothing is changed. */
  previewRemoval(
    taskId: string,
    ids: readonly string[],
    signal?: AbortSignal,
  ): Promise<RemovalPreview>;
  remove(taskId: string, ids: readonly string[]): Promise<RemovalResult>;
  /** Whether a name can be taken. */
  checkName(
    name: string,
    host?: string,
    signal?: AbortSignal,
  ): Promise<NameCheck>;
  listForges(signal?: AbortSignal): Promise<ForgeList>;
  /** What a run would make. */
  preview(
    templateRef: string,
    values: object,
    signal?: AbortSignal,
  ): Promise<Preview>;
  /** What a form has to be filled with to ask for a ServiceRequest. */
  fillForm(text: string): Promise<FilledForm>;
  /** What changed in a golden path since a version. */
  getVersions(
    template: { name: string; namespace: string; version: string },
    signal?: AbortSignal,
  ): Promise<TemplateVersions>;
}

/** @internal */
export const goldenPathsApiRef = createApiRef<GoldenPathsApi>().with({
  id: 'plugin.golden-paths.api',
  pluginId: 'golden-paths',
});

/** @internal */
export class GoldenPathsClient implements GoldenPathsApi {
  readonly #fetchApi: FetchApi;

  constructor(options: { fetchApi: FetchApi }) {
    this.#fetchApi = options.fetchApi;
  }

  getInventory(taskId: string, signal?: AbortSignal) {
    return this.#call(inventorySchema, inventoryPath(taskId), { signal });
  }

  previewRemoval(taskId: string, ids: readonly string[], signal?: AbortSignal) {
    return this.#call(
      removalPreviewSchema,
      `${inventoryPath(taskId)}/preview`,
      post({ ids }, signal),
    );
  }

  remove(taskId: string, ids: readonly string[]) {
    return this.#call(
      removalResultSchema,
      `${inventoryPath(taskId)}/remove`,
      post({ ids }),
    );
  }

  checkName(name: string, host?: string, signal?: AbortSignal) {
    const query = host ? `?${new URLSearchParams({ host })}` : '';
    return this.#call(
      nameCheckSchema,
      `/names/${encodeURIComponent(name)}${query}`,
      { signal },
    );
  }

  listForges(signal?: AbortSignal) {
    return this.#call(forgeListSchema, '/forges', { signal });
  }

  preview(templateRef: string, values: object, signal?: AbortSignal) {
    return this.#call(
      previewSchema,
      '/preview',
      post({ templateRef, values }, signal),
    );
  }

  fillForm(text: string) {
    return this.#call(filledFormSchema, '/service-requests', post({ text }));
  }

  getVersions(
    template: { name: string; namespace: string; version: string },
    signal?: AbortSignal,
  ) {
    const { name, namespace, version } = template;
    const path = [namespace, name].map(encodeURIComponent).join('/');
    return this.#call(
      templateVersionsSchema,
      `/versions/${path}?${new URLSearchParams({ version })}`,
      { signal },
    );
  }

  async #call<T>(
    schema: z.ZodType<T>,
    path: string,
    init: RequestInit,
  ): Promise<T> {
    const response = await this.#fetchApi.fetch(
      `plugin://scaffolder/golden-paths${path}`,
      init,
    );
    if (!response.ok) {
      throw await ResponseError.fromResponse(response);
    }
    return schema.parse(await response.json());
  }
}

function inventoryPath(taskId: string): string {
  return `/tasks/${encodeURIComponent(taskId)}/inventory`;
}

function post(body: object, signal?: AbortSignal): RequestInit {
  return {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
    signal,
  };
}
