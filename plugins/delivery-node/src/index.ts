/**
 * Where sources of deployments plug into the delivery pillar.
 *
 * @packageDocumentation
 */

export { ciProvidersExtensionPoint } from './CiProvider';
export type { CiProvider, CiProvidersExtensionPoint } from './CiProvider';
export { deliverySourcesExtensionPoint } from './deliverySourcesExtensionPoint';
export type { DeliverySourcesExtensionPoint } from './deliverySourcesExtensionPoint';
export type { DeliverySource } from './DeliverySource';
export type {
  DeliveryProblem,
  InspectedObject,
  Inspection,
} from './Inspection';
export type { ObservedDeployment, PastDeployment } from './ObservedDeployment';
