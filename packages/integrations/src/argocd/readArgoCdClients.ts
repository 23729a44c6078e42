import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Config } from '@backstage/config';
import { readInstances } from '../core/readInstances';
import type { UpstreamCache } from '../core/UpstreamRegistry';
import type { ArgoCdClient } from './Client';
import { createArgoCdClient } from './createArgoCdClient';

/**
 * Makes the clients of all instances in the configuration.
 *
 * @throws InputError that names the key and what is wrong with its value, never the value of a secret.
 *
 * @internal
 */
export function readArgoCdClients(
  config: Config,
  options: {
    readonly logger?: LoggerService;
    cachesOf?(instance: string): readonly UpstreamCache[];
  } = {},
): ArgoCdClient[] {
  const { logger, cachesOf } = options;
  return readInstances(config, 'waystone.integrations.argocd').map(instance => {
    const { name, url, tls, headers } = instance;
    return createArgoCdClient({
      instance: name,
      baseUrl: url,
      tls,
      headers,
      logger,
      token: instance.config.getString('token'),
      namespace: instance.config.getOptionalString('namespace'),
      caches: () => cachesOf?.(name) ?? [],
    });
  });
}
