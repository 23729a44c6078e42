import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Config } from '@backstage/config';
import { readAuthorization } from '../core/readAuthorization';
import { readInstances } from '../core/readInstances';
import type { AlertmanagerClient } from './Client';
import { createAlertmanagerClient } from './createAlertmanagerClient';

const KEY = 'waystone.integrations.alertmanager';

/**
 * Makes the clients of all instances in the configuration.
 *
 * @throws InputError that names the key and what is wrong with its value, never the value of a secret.
 *
 * @internal
 */
export function readAlertmanagerClients(
  config: Config,
  logger?: LoggerService,
): AlertmanagerClient[] {
  return readInstances(config, KEY).map((instance, index) => {
    const { name, url, tls, headers, config: own } = instance;
    return createAlertmanagerClient({
      instance: name,
      baseUrl: url,
      tls,
      headers,
      logger,
      ...readAuthorization(
        own.getOptionalConfig('auth'),
        `${KEY}.instances[${index}].auth`,
      ),
    });
  });
}
