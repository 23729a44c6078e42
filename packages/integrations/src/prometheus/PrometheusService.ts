import { findInstance } from '../core/findInstance';
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
    return findInstance(this.clients, instance, {
      system: 'Prometheus',
      key: 'waystone.integrations.prometheus.instances',
    });
  }
}
