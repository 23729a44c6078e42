import { z } from 'zod';

/** What somebody or something says of a request before it is submitted. @public */
export const verdictSchema = z.object({
  severity: z.enum(['error', 'warning']),
  /** Who says it. */
  source: z.enum([
    'form',
    'schema',
    'policy',
    'quota',
    'access',
    'conflict',
    'budget',
    'cluster',
    'change',
  ]),
  /** The form field that causes it, such as `costCenter` or `parameters.size`. */
  field: z.string().optional(),
  /** Name of the policy or quota. */
  policy: z.string().optional(),
  message: z.string(),
  /** What to do. */
  fix: z.string().optional(),
});

/** @public */
export const costSchema = z.object({
  monthly: z.number(),
  currency: z.string(),
  lines: z.array(z.object({ label: z.string(), amount: z.number() })),
  /** Undefined if the team has none. */
  budget: z
    .object({
      limit: z.number(),
      /** Of everything else that the team has. */
      used: z.number(),
      after: z.number(),
      state: z.enum(['ok', 'warning', 'over']),
    })
    .optional(),
});

/** @public */
export const approvalNeedSchema = z.object({
  required: z.boolean(),
  /** Why, a sentence each. */
  reasons: z.array(z.string()),
  /** References of users and groups, of whom one has to approve. */
  approvers: z.array(z.string()),
});

/** `POST /requests/preview` @public */
export const previewSchema = z.object({
  /** Whether it can be submitted. */
  submittable: z.boolean(),
  /** The objects as they would be applied. */
  objects: z.array(z.record(z.string(), z.unknown())),
  verdicts: z.array(verdictSchema),
  /** Undefined without a price rule. */
  cost: costSchema.optional(),
  approval: approvalNeedSchema,
  /** What depends on it, for a change or a deletion. */
  dependants: z.array(z.string()),
  cluster: z.string().optional(),
  namespace: z.string().optional(),
  checkedAt: z.iso.datetime(),
});

/** @public */
export type Verdict = z.infer<typeof verdictSchema>;
/** @public */
export type Cost = z.infer<typeof costSchema>;
/** @public */
export type ApprovalNeed = z.infer<typeof approvalNeedSchema>;
/** @public */
export type Preview = z.infer<typeof previewSchema>;
