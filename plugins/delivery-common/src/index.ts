/**
 * The contract of the delivery pillar.
 *
 * @packageDocumentation
 */

export {
  DELIVERY_CHANNEL,
  DELIVERY_STATES,
  deliveryStateSchema,
  deploymentSchema,
  freshnessSchema,
  healthSchema,
  initiatorSchema,
  operationSchema,
  syncSchema,
  worstState,
} from './deployment';
export type {
  DeliveryState,
  Deployment,
  Freshness,
  Health,
  Initiator,
  Operation,
  Sync,
} from './deployment';
export {
  changedFieldSchema,
  driftedObjectSchema,
  driftResponseSchema,
} from './drift';
export type { ChangedField, DriftedObject, DriftResponse } from './drift';
export {
  commitSchema,
  HISTORY_PAGE_SIZE,
  historyEntrySchema,
  historyQuerySchema,
  historyResponseSchema,
} from './history';
export type {
  Commit,
  HistoryEntry,
  HistoryQuery,
  HistoryResponse,
} from './history';
export {
  deliveryPermissions,
  deliveryServiceReadPermission,
} from './permissions';
export {
  environmentColumnSchema,
  serviceResponseSchema,
  serviceSchema,
  SERVICES_MOST,
  SERVICES_PAGE_SIZE,
  servicesQuerySchema,
  servicesResponseSchema,
} from './service';
export type {
  EnvironmentColumn,
  Service,
  ServiceResponse,
  ServicesFilter,
  ServicesQuery,
  ServicesResponse,
} from './service';
