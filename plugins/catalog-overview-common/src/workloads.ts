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
  /** Whether nobody knows its repository, so that one can be chosen. */
  isRepositoryOpen: z.boolean().optional(),
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
  /** The address of the repository, of those whose repository nobody knows. */
  repository: z.url().max(1000).optional(),
});

/** `GET /waystone/unregistered/repositories`: where its file can go. @public */
export const workloadRepositoriesQuerySchema = z.object({
  id: z.string().min(1).max(500),
  /** Part of a name. */
  q: z.string().max(100).default(''),
});

/** @public */
export const workloadRepositoriesResponseSchema = z.object({
  items: z.array(
    z.object({
      url: z.string(),
      /** With that of its account, such as `shop/order-service`. */
      name: z.string(),
      description: z.string(),
    }),
  ),
});

/** `GET /waystone/unregistered/placed`: the workload with the file as it would be in a repository. @public */
export const placedWorkloadQuerySchema = proposeWorkloadSchema.required();

/** @public */
export type ProposeWorkload = z.infer<typeof proposeWorkloadSchema>;
/** @public */
export type UnregisteredWorkload = z.infer<typeof unregisteredWorkloadSchema>;
/** @public */
export type WorkloadRepositoriesResponse = z.infer<
  typeof workloadRepositoriesResponseSchema
>;
/** @public */
export type UnregisteredResponse = z.infer<typeof unregisteredResponseSchema>;
