import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Config } from '@backstage/config';
import { readInstances } from '../core/readInstances';
import type { VaultClient } from './Client';
import { createVaultClient } from './createVaultClient';
import { readVaultAuth } from './VaultAuth';

const KEY = 'waystone.integrations.vault';

/**
 * Makes the clients of all instances in the configuration.
 *
 * @throws InputError that names the key and what is wrong with its value, never the value of a secret.
 *
 * @internal
 */
export function readVaultClients(
  config: Config,
  logger?: LoggerService,
): VaultClient[] {
  return readInstances(config, KEY).map((instance, index) => {
    const { name, url, tls, headers } = instance;
    return createVaultClient({
      instance: name,
      baseUrl: url,
      tls,
      headers,
      namespace: instance.config.getOptionalString('namespace'),
      auth: readVaultAuth(instance.config, `${KEY}.instances[${index}]`),
      logger,
    });
  });
}
