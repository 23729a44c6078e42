export {
  createdKindSchema,
  createdResourceSchema,
  createdStateSchema,
  inventorySchema,
  removalPreviewSchema,
  removalRequestSchema,
  removalResultSchema,
  removalStepSchema,
} from './inventory';
export type {
  CreatedKind,
  CreatedResource,
  CreatedState,
  Inventory,
  RemovalPreview,
  RemovalResult,
  RemovalStep,
} from './inventory';
