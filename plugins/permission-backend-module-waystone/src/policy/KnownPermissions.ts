import { setTimeout as wait } from 'node:timers/promises';
import type {
  AuthService,
  DiscoveryService,
  LoggerService,
  RootInstanceMetadataService,
} from '@backstage/backend-plugin-api';
import type { Permission } from '@backstage/plugin-permission-common';
import { z } from 'zod';

/** While plugins start they do not answer. */
const TRIES = 20;
const PAUSE_MS = 3_000;
const TIMEOUT_MS = 5_000;

const metadataSchema = z.object({
  permissions: z
    .array(
      z.object({
        type: z.string(),
        name: z.string(),
        attributes: z.object({
          action: z.enum(['create', 'read', 'update', 'delete']).optional(),
        }),
        resourceType: z.string().optional(),
      }),
    )
    .optional(),
});

/**
 * The permissions that the plugins of this backend have.
 *
 * @internal
 */
export class KnownPermissions {
  readonly #options: {
    readonly auth: AuthService;
    readonly discovery: DiscoveryService;
    readonly logger: LoggerService;
    readonly instance: RootInstanceMetadataService;
  };
  #permissions: ReadonlyMap<string, Permission> | undefined;

  constructor(options: {
    readonly auth: AuthService;
    readonly discovery: DiscoveryService;
    readonly logger: LoggerService;
    readonly instance: RootInstanceMetadataService;
  }) {
    this.#options = options;
  }

  find(name: string): Permission | undefined {
    return this.#permissions?.get(name);
  }

  /** Those of the names that no plugin has; none as long as it is not known. */
  unknown(names: readonly string[]): string[] {
    const permissions = this.#permissions;
    return permissions ? names.filter(name => !permissions.has(name)) : [];
  }

  /**
   * Asks all plugins, again until each has answered.
   *
   * @param signal - gives up
   */
  async load(signal: AbortSignal): Promise<void> {
    const found = new Map<string, Permission>();
    const plugins = await this.#options.instance.getInstalledPlugins();
    let waiting = plugins.map(({ pluginId }) => pluginId);
    for (let attempt = 0; attempt < TRIES && waiting.length > 0; attempt++) {
      const silent: string[] = [];
      for (const pluginId of waiting) {
        const permissions = await this.#ask(pluginId, signal);
        permissions?.forEach(each => found.set(each.name, each));
        if (!permissions) {
          silent.push(pluginId);
        }
      }
      waiting = silent;
      if (waiting.length > 0) {
        await wait(PAUSE_MS, undefined, { signal, ref: false });
      }
    }
    if (waiting.length > 0) {
      this.#options.logger.warn(
        `The permissions of these plugins are not known, so the policy is not checked for names: ${waiting.join(
          ', ',
        )}`,
      );
      return;
    }
    this.#permissions = found;
  }

  /** Undefined if it does not answer yet; a plugin without permissions has none. */
  async #ask(
    pluginId: string,
    signal: AbortSignal,
  ): Promise<Permission[] | undefined> {
    const { auth, discovery } = this.#options;
    try {
      const { token } = await auth.getPluginRequestToken({
        onBehalfOf: await auth.getOwnServiceCredentials(),
        targetPluginId: pluginId,
      });
      const response = await fetch(
        `${await discovery.getBaseUrl(
          pluginId,
        )}/.well-known/backstage/permissions/metadata`,
        {
          headers: { authorization: `Bearer ${token}` },
          signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
        },
      );
      if (response.status === 404) {
        return [];
      }
      if (!response.ok) {
        return undefined;
      }
      const { permissions = [] } = metadataSchema.parse(await response.json());
      return permissions as Permission[];
    } catch {
      // It is asked again; who never answers is named at the end.
      return undefined;
    }
  }
}
