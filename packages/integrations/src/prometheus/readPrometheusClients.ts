import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Config } from '@backstage/config';
import { readAuthorization } from '../core/readAuthorization';
import { readInstances } from '../core/readInstances';
import type { PrometheusClient } from './Client';
import { createPrometheusClient } from './createPrometheusClient';

const KEY = 'waystone.integrations.prometheus';

/**
 * Makes the clients of all instances in the configuration.
 *
 * @throws InputError that names the key and what is wrong with its value, never the value of a secret.
 *
 * @internal
 */
export function readPrometheusClients(
  config: Config,
  logger?: LoggerService,
): PrometheusClient[] {
  return readInstances(config, KEY).map((instance, index) => {
    const { name, url, tls, headers, config: own } = instance;
    const tenant = own.getOptionalString('tenant');
    return createPrometheusClient({
      instance: name,
      baseUrl: url,
      tls,
      headers,
      logger,
      tenant: tenant
        ? { name: tenant, header: own.getOptionalString('tenantHeader') }
        : undefined,
      ...readAuthorization(
        own.getOptionalConfig('auth'),
        `${KEY}.instances[${index}].auth`,
      ),
    });
  });
}
