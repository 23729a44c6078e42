import type {
  AuditorService,
  AuthService,
  BackstageCredentials,
  DiscoveryService,
} from '@backstage/backend-plugin-api';
import {
  InputError,
  NotAllowedError,
  NotFoundError,
  ResponseError,
  ServiceUnavailableError,
  toError,
} from '@backstage/errors';
import type { z } from 'zod';
import type { ActionsRegistryService } from '@backstage/backend-plugin-api/alpha';

/** How long a plugin has to answer. */
const TIMEOUT_MS = 10_000;

/** What the actions of a plugin need. */
export interface ActionDeps {
  readonly actions: ActionsRegistryService;
  readonly reader: PluginReader;
}

/**
 * Reads the routes of a plugin as the one who called an action, so that an action shows what its caller may see and nothing else.
 *
 * @remarks
 * Every call is an audit event of the plugin.
 */
export class PluginReader {
  readonly #options: {
    readonly auditor: AuditorService;
    readonly auth: AuthService;
    readonly discovery: DiscoveryService;
    readonly pluginId: string;
  };

  constructor(options: {
    readonly auditor: AuditorService;
    readonly auth: AuthService;
    readonly discovery: DiscoveryService;
    readonly pluginId: string;
  }) {
    this.#options = options;
  }

  /**
   * Reads a route.
   *
   * @param path - from the plugin's own base, its parts encoded
   *
   * @throws InputError, NotAllowedError, NotFoundError with what the route said; ServiceUnavailableError if it does not answer.
   */
  async read<S extends z.ZodType>(
    schema: S,
    path: string,
    context: {
      /** Which action asks. */
      readonly action: string;
      readonly credentials: BackstageCredentials;
      readonly query?: Readonly<Record<string, string | number | undefined>>;
    },
  ): Promise<z.output<S>> {
    const { action, credentials, query = {} } = context;
    const { auditor, auth } = this.#options;
    const event = await auditor.createEvent({
      eventId: 'action-read',
      severityLevel: 'low',
      meta: {
        action,
        path,
        ...(auth.isPrincipal(credentials, 'user') && {
          onBehalfOf: credentials.principal.userEntityRef,
        }),
      },
    });
    try {
      const body = await this.#fetch(path, toSearch(query), credentials);
      await event.success();
      return schema.parse(body);
    } catch (error) {
      await event.fail({ error: toError(error) });
      throw error;
    }
  }

  async #fetch(
    path: string,
    search: URLSearchParams,
    credentials: BackstageCredentials,
  ): Promise<unknown> {
    const { auth, discovery, pluginId } = this.#options;
    const { token } = await auth.getPluginRequestToken({
      onBehalfOf: credentials,
      targetPluginId: pluginId,
    });
    const url = `${await discovery.getBaseUrl(pluginId)}${path}?${search}`;
    let response: Response;
    try {
      response = await fetch(url, {
        headers: { authorization: `Bearer ${token}` },
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
    } catch {
      // Its address is nothing for an assistant.
      throw new ServiceUnavailableError(
        `The plugin '${pluginId}' does not answer`,
      );
    }
    if (!response.ok) {
      throw await toKnownError(response);
    }
    return response.json();
  }
}

function toSearch(
  query: Readonly<Record<string, string | number | undefined>>,
): URLSearchParams {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined) {
      search.set(key, String(value));
    }
  }
  return search;
}

/** As assistants understand it: what is wrong with what they asked for, in words. */
async function toKnownError(response: Response): Promise<Error> {
  const error = await ResponseError.fromResponse(
    response as Parameters<typeof ResponseError.fromResponse>[0],
  );
  const message = error.cause.message;
  switch (response.status) {
    case 400:
      return new InputError(message);
    case 403:
      return new NotAllowedError(message);
    case 404:
      return new NotFoundError(message);
    default:
      return new ServiceUnavailableError(
        `The portal could not answer (status ${response.status})`,
      );
  }
}
