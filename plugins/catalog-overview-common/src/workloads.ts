import { z } from 'zod';
import { proposalTargetSchema, pullRequestSchema } from './problems';

/** What runs in a cluster and no entity of the catalog stands for. @public */
export const unregisteredWorkloadSchema = z.object({
  /** Names it to ask for a pull request. */
  id: z.string(),
  /** Such as `Deployment`. */
  kind: z.string(),
  name: z.string(),
  cluster: z.string(),
  namespace: z.string(),
  /** By the environments of the portal. */
  environment: z.string(),
  /** By the name of the namespace. */
  system: z.string().optional(),
  /** Since when it is there, as RFC 3339. */
  since: z.string().optional(),
  image: z.string().optional(),
  /** The catalog-info.yaml that would register it. */
  file: z.string(),
  proposal: proposalTargetSchema,
  pullRequest: pullRequestSchema.optional(),
});

/** `GET /waystone/unregistered` @public */
export const unregisteredResponseSchema = z.object({
  items: z.array(unregisteredWorkloadSchema),
  /** Whether there are more than are said. */
  truncated: z.boolean(),
  /** Clusters of which nothing, or nothing current, is known. */
  unknown: z.array(z.string()),
});

/** The body of `POST /waystone/unregistered/pull-request` @public */
export const proposeWorkloadSchema = z.object({
  id: z.string().min(1).max(500),
});

/** @public */
export type UnregisteredWorkload = z.infer<typeof unregisteredWorkloadSchema>;
/** @public */
export type UnregisteredResponse = z.infer<typeof unregisteredResponseSchema>;
