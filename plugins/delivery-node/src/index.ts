/**
 * Where sources of deployments plug into the delivery pillar.
 *
 * @packageDocumentation
 */

export { deliverySourcesExtensionPoint } from './deliverySourcesExtensionPoint';
export type { DeliverySourcesExtensionPoint } from './deliverySourcesExtensionPoint';
export type { DeliverySource } from './DeliverySource';
export type { ObservedDeployment, PastDeployment } from './ObservedDeployment';
