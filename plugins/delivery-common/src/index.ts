/**
 * The contract of the delivery pillar.
 *
 * @packageDocumentation
 */

export {
  ciJobSchema,
  ciJobsResponseSchema,
  ciRunSchema,
  ciRunsResponseSchema,
  ciStatusSchema,
  ciStepSchema,
} from './ci';
export type {
  CiJob,
  CiJobsResponse,
  CiRun,
  CiRunsResponse,
  CiStatus,
  CiStep,
} from './ci';
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
  distanceQuerySchema,
  distanceResponseSchema,
  listedCommitSchema,
} from './distance';
export type { DistanceResponse, ListedCommit } from './distance';
export {
  changedFieldSchema,
  driftedObjectSchema,
  driftResponseSchema,
} from './drift';
export type { ChangedField, DriftedObject, DriftResponse } from './drift';
export {
  causeSchema,
  evidenceSchema,
  explanationResponseSchema,
  explanationSchema,
  objectNameSchema,
} from './explanation';
export type {
  Cause,
  Evidence,
  Explanation,
  ExplanationResponse,
  ObjectName,
} from './explanation';
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
  containerSchema,
  objectEventSchema,
  OBJECTS_MOST,
  objectsResponseSchema,
  runningObjectSchema,
} from './objects';
export type {
  Container,
  ObjectEvent,
  ObjectsResponse,
  RunningObject,
} from './objects';
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
