import { z } from 'zod';

/** Something that runs in the cluster and uses a connection. @public */
export const consumerSchema = z.object({ kind: z.string(), name: z.string() });

/** `GET /requests/:id/consumers`: what reads the connection, and so needs new credentials. @public */
export const consumersSchema = z.object({
  /** References of what says in the catalog that it depends on it. */
  dependants: z.array(z.string()),
  /** Workloads of its namespace that read the Secret. */
  workloads: z.array(consumerSchema),
  /** Why the workloads could not be read. */
  problem: z.string().optional(),
});

/** `GET /requests/:id/deletion`: what deleting it would do. Nothing happens. @public */
export const deletionPreviewSchema = consumersSchema.extend({
  /** What is deleted with it. */
  objects: z.array(z.object({ kind: z.string(), name: z.string() })),
  isProtected: z.boolean(),
  /** Whether a last backup can be made before, and outlives it. */
  canBackUp: z.boolean(),
  lastGoodBackupAt: z.string().optional(),
});

/** @public */
export type Consumers = z.infer<typeof consumersSchema>;
/** @public */
export type DeletionPreview = z.infer<typeof deletionPreviewSchema>;
