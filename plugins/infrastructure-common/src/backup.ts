import { z } from 'zod';

/** A backup of a resource. @public */
export const backupSchema = z.object({
  name: z.string(),
  /** What a restore names; only of those that are completed. */
  id: z.string().optional(),
  state: z.enum(['running', 'completed', 'failed']),
  startedAt: z.string().optional(),
  completedAt: z.string().optional(),
  /** Why it failed. */
  problem: z.string().optional(),
});

/** `GET /requests/:id/backups`, the newest first. @public */
export const backupListSchema = z.object({
  items: z.array(backupSchema),
  totalItems: z.number().int(),
  /** When the last one that can be restored was completed. */
  lastGoodAt: z.string().optional(),
  /** Six fields, seconds first, in UTC; undefined if none are made by themselves. */
  schedule: z.string().optional(),
  nextAt: z.string().optional(),
  /** Why none are made by themselves although they should be. */
  problem: z.string().optional(),
});

/** @public */
export type Backup = z.infer<typeof backupSchema>;
/** @public */
export type BackupList = z.infer<typeof backupListSchema>;
