import { findInstance } from '../core/findInstance';
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
    return findInstance(this.clients, instance, {
      system: 'Alertmanager',
      key: 'waystone.integrations.alertmanager.instances',
    });
  }
}
