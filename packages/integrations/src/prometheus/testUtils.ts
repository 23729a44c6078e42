import type { PrometheusClient } from './Client';
import { DefaultPrometheusService } from './PrometheusService';
import type { PrometheusService } from './PrometheusService';

/**
 * A Prometheus for the tests of others: it has what is given, and fails loudly at anything else.
 *
 * @public
 */
export function mockPrometheusClient(
  parts: Partial<PrometheusClient> = {},
): PrometheusClient {
  const named = { instance: 'main', ...parts };
  return new Proxy(named as PrometheusClient, {
    get(target, name, receiver) {
      if (name in target || typeof name === 'symbol' || name === 'then') {
        return Reflect.get(target, name, receiver);
      }
      return () => {
        throw new Error(
          `The mocked Prometheus was not told what to do on '${name}'`,
        );
      };
    },
  });
}

/** @public */
export function mockPrometheusService(
  ...clients: readonly PrometheusClient[]
): PrometheusService {
  return new DefaultPrometheusService(clients);
}
