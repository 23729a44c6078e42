import { NotFoundError } from '@backstage/errors';
import type { PrometheusClient } from './Client';

/**
 * All Prometheus servers of the configuration.
 *
 * @public
 */
export interface PrometheusService {
  readonly clients: readonly PrometheusClient[];
  /** @throws NotFoundError if no instance has the name. */
  get(instance: string): PrometheusClient;
}

/** @internal */
export class DefaultPrometheusService implements PrometheusService {
  readonly clients: readonly PrometheusClient[];

  constructor(clients: readonly PrometheusClient[]) {
    this.clients = clients;
  }

  get(instance: string): PrometheusClient {
    const client = this.clients.find(item => item.instance === instance);
    if (!client) {
      throw new NotFoundError(
        `No Prometheus '${instance}' in 'waystone.integrations.prometheus.instances'; there are: ${
          this.clients.map(item => item.instance).join(', ') || 'none'
        }`,
      );
    }
    return client;
  }
}
