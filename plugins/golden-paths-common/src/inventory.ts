import { z } from 'zod';

/** What a run can make. @public */
export const createdKindSchema = z.enum([
  'repository',
  'secret',
  'infrastructure-request',
  'argocd-application',
  'catalog-location',
  /** Something that only a person can remove. */
  'manual',
]);

/** @public */
export type CreatedKind = z.infer<typeof createdKindSchema>;

/**
 * `announced`: it was about to be made when the run ended, so it may be there or not. `created`: it is there, as far as
 * the run knows. `removed`: somebody removed it.
 *
 * @public
 */
export const createdStateSchema = z.enum(['announced', 'created', 'removed']);

/** @public */
export type CreatedState = z.infer<typeof createdStateSchema>;

/** One thing that a run has made. @public */
export const createdResourceSchema = z.object({
  id: z.uuid(),
  kind: createdKindSchema,
  /** Its name, for people. */
  title: z.string(),
  url: z.string().optional(),
  state: createdStateSchema,
  createdAt: z.iso.datetime(),
  removedAt: z.iso.datetime().optional(),
  /** Reference of a user. */
  removedBy: z.string().optional(),
});

/** @public */
export type CreatedResource = z.infer<typeof createdResourceSchema>;

/** `GET /golden-paths/tasks/:taskId/inventory` @public */
export const inventorySchema = z.object({
  /** In the order in which they were made. */
  resources: z.array(createdResourceSchema),
  /** Whether the one who asks may remove them. */
  removable: z.boolean(),
  /** Whether the run has ended. While it runs, nothing can be removed. */
  ended: z.boolean(),
  /** Whether it has ended well. */
  completed: z.boolean(),
});

/** @public */
export type Inventory = z.infer<typeof inventorySchema>;

/** `POST /golden-paths/tasks/:taskId/inventory/(preview|remove)` @public */
export const removalRequestSchema = z.strictObject({
  /** What is to be removed. */
  ids: z.array(z.uuid()).min(1).max(100),
});

/** What would become of one thing. @public */
export const removalStepSchema = z.object({
  id: z.uuid(),
  kind: createdKindSchema,
  title: z.string(),
  /** False if there is nothing to remove any more. */
  present: z.boolean(),
  /** Set if it is not touched, with the reason. */
  refused: z.string().optional(),
  /** What to know before, a sentence each. */
  notes: z.array(z.string()),
});

/** @public */
export type RemovalStep = z.infer<typeof removalStepSchema>;

/** @public */
export const removalPreviewSchema = z.object({
  /** In the order in which they are removed: what was made last goes first. */
  steps: z.array(removalStepSchema),
});

/** @public */
export type RemovalPreview = z.infer<typeof removalPreviewSchema>;

/** @public */
export const removalResultSchema = z.object({
  removed: z.array(z.uuid()),
  /** What failed. What was made before it is left, because it may be needed. */
  failed: z.object({ id: z.uuid(), message: z.string() }).optional(),
  inventory: inventorySchema,
});

/** @public */
export type RemovalResult = z.infer<typeof removalResultSchema>;
