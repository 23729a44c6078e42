import { NotFoundError } from '@backstage/errors';
import type { AlertmanagerClient } from './Client';

/**
 * All Alertmanagers of the configuration.
 *
 * @public
 */
export interface AlertmanagerService {
  readonly clients: readonly AlertmanagerClient[];
  /** @throws NotFoundError if no instance has the name. */
  get(instance: string): AlertmanagerClient;
}

/** @internal */
export class DefaultAlertmanagerService implements AlertmanagerService {
  readonly clients: readonly AlertmanagerClient[];

  constructor(clients: readonly AlertmanagerClient[]) {
    this.clients = clients;
  }

  get(instance: string): AlertmanagerClient {
    const client = this.clients.find(item => item.instance === instance);
    if (!client) {
      throw new NotFoundError(
        `No Alertmanager '${instance}' in 'waystone.integrations.alertmanager.instances'; there are: ${
          this.clients.map(item => item.instance).join(', ') || 'none'
        }`,
      );
    }
    return client;
  }
}
