import {
  ConflictError,
  ForwardedError,
  InputError,
  NotFoundError,
  ServiceUnavailableError,
} from '@backstage/errors';
import type { RootConfigService } from '@backstage/backend-plugin-api';
import { sandboxResponseSchema } from '@waystone/plugin-platform-health-common';
import type {
  SandboxFault,
  SandboxResponse,
} from '@waystone/plugin-platform-health-common';
import { z } from 'zod';

const TIMEOUT_MS = 10_000;

const errorSchema = z.object({ error: z.object({ message: z.string() }) });

/** Tells the sandbox what should happen to it. */
export class SandboxControl {
  readonly #url: string;
  readonly #token: string;

  /** @returns Undefined where no sandbox runs. */
  static fromConfig(config: RootConfigService): SandboxControl | undefined {
    const section = config.getOptionalConfig('waystone.sandboxControl');
    return (
      section &&
      new SandboxControl(
        section.getString('url').replace(/\/$/, ''),
        section.getString('token'),
      )
    );
  }

  private constructor(url: string, token: string) {
    this.#url = url;
    this.#token = token;
  }

  async read(signal: AbortSignal): Promise<SandboxResponse> {
    return sandboxResponseSchema.parse(
      await this.#call('GET', '/state', undefined, signal),
    );
  }

  /**
   * @throws NotFoundError if there is no such story, ConflictError if it is (not) under way already.
   */
  async changeStory(
    name: string,
    change: 'start' | 'undo',
    signal: AbortSignal,
  ): Promise<void> {
    await this.#call(
      'POST',
      `/stories/${encodeURIComponent(name)}/${change}`,
      {},
      signal,
    );
  }

  async setFault(
    system: string,
    fault: SandboxFault,
    signal: AbortSignal,
  ): Promise<void> {
    await this.#call(
      'PUT',
      `/faults/${encodeURIComponent(system)}`,
      fault,
      signal,
    );
  }

  async clearFault(system: string, signal: AbortSignal): Promise<void> {
    await this.#call(
      'DELETE',
      `/faults/${encodeURIComponent(system)}`,
      undefined,
      signal,
    );
  }

  async #call(
    method: string,
    path: string,
    body: unknown,
    signal: AbortSignal,
  ): Promise<unknown> {
    let response: Response;
    try {
      response = await fetch(`${this.#url}/control${path}`, {
        method,
        redirect: 'error',
        signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
        headers: {
          Authorization: `Bearer ${this.#token}`,
          ...(body !== undefined && { 'Content-Type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
    } catch (error) {
      throw new ServiceUnavailableError(
        `The sandbox does not answer at ${this.#url}. Look into its log`,
        error,
      );
    }
    const answer: unknown = await response.json().catch(error => {
      throw new ForwardedError('The sandbox answered with no JSON', error);
    });
    if (response.ok) {
      return answer;
    }
    const message =
      errorSchema.safeParse(answer).data?.error.message ??
      `The sandbox answered with ${response.status}`;
    switch (response.status) {
      case 400:
        throw new InputError(message);
      case 404:
        throw new NotFoundError(message);
      case 409:
        throw new ConflictError(message);
      default:
        throw new ServiceUnavailableError(message);
    }
  }
}
