import { ResponseError } from '@backstage/errors';
import { createApiRef } from '@backstage/frontend-plugin-api';
import type { FetchApi } from '@backstage/frontend-plugin-api';
import {
  sandboxResponseSchema,
  systemsResponseSchema,
} from '@waystone/plugin-platform-health-common';
import type {
  SandboxResponse,
  SystemsResponse,
} from '@waystone/plugin-platform-health-common';

/**
 * What the page asks its backend.
 *
 * @internal
 */
export interface PlatformHealthApi {
  listSystems(signal?: AbortSignal): Promise<SystemsResponse>;
  /** @returns Undefined where no sandbox runs. */
  findSandbox(signal?: AbortSignal): Promise<SandboxResponse | undefined>;
  changeStory(name: string, change: 'start' | 'undo'): Promise<void>;
  clearFault(system: string): Promise<void>;
}

/** @internal */
export const platformHealthApiRef = createApiRef<PlatformHealthApi>().with({
  id: 'plugin.platform-health.api',
  pluginId: 'platform-health',
});

/** @internal */
export class PlatformHealthClient implements PlatformHealthApi {
  readonly #fetchApi: FetchApi;

  constructor(options: { fetchApi: FetchApi }) {
    this.#fetchApi = options.fetchApi;
  }

  async listSystems(signal?: AbortSignal): Promise<SystemsResponse> {
    const response = await this.#call('/systems', { signal });
    return systemsResponseSchema.parse(await response.json());
  }

  async findSandbox(
    signal?: AbortSignal,
  ): Promise<SandboxResponse | undefined> {
    const response = await this.#fetch('/sandbox', { signal });
    if (response.status === 404) {
      return undefined;
    }
    await throwIfFailed(response);
    return sandboxResponseSchema.parse(await response.json());
  }

  async changeStory(name: string, change: 'start' | 'undo'): Promise<void> {
    await this.#call(`/sandbox/stories/${encodeURIComponent(name)}/${change}`, {
      method: 'POST',
    });
  }

  async clearFault(system: string): Promise<void> {
    await this.#call(`/sandbox/faults/${encodeURIComponent(system)}`, {
      method: 'DELETE',
    });
  }

  async #call(path: string, init: RequestInit): Promise<Response> {
    const response = await this.#fetch(path, init);
    await throwIfFailed(response);
    return response;
  }

  #fetch(path: string, init: RequestInit): Promise<Response> {
    return this.#fetchApi.fetch(`plugin://platform-health${path}`, init);
  }
}

async function throwIfFailed(response: Response) {
  if (!response.ok) {
    throw await ResponseError.fromResponse(response);
  }
}
