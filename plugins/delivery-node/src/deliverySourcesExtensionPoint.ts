import { createExtensionPoint } from '@backstage/backend-plugin-api';
import type { DeliverySource } from './DeliverySource';

/**
 * Takes what knows of deployments besides Argo CD.
 *
 * @public
 */
export interface DeliverySourcesExtensionPoint {
  /** @throws Error if there is a source of the name. */
  addSource(source: DeliverySource): void;
}

/** @public */
export const deliverySourcesExtensionPoint =
  createExtensionPoint<DeliverySourcesExtensionPoint>({
    id: 'delivery.sources',
  });
