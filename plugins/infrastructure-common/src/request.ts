import { z } from 'zod';
import { requestStatusSchema } from './status';

const entityName = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'is not a name');
const entityRef = z
  .string()
  .max(200)
  .regex(/^[a-z]+:[a-z0-9._-]+\/[A-Za-z0-9._-]+$/, 'is not a full reference');

/** Names of objects: also names of databases, hosts and secrets, so they are short and plain. @public */
export const resourceNameSchema = z
  .string()
  .max(40, 'has more than 40 characters')
  .regex(
    /^[a-z]([a-z0-9-]*[a-z0-9])?$/,
    'is not made of lower-case letters, digits and dashes, beginning with a letter',
  );

/** It becomes the value of a label. */
const costCenter = z
  .string()
  .max(63)
  .regex(
    /^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/,
    'is not made of letters, digits, dots, dashes and underscores',
  );

const parameters = z.record(z.string().max(100), z.unknown());

/** `POST /requests` @public */
export const createRequestSchema = z.strictObject({
  /** Id of an offering. */
  offering: z.string().min(1).max(253),
  name: resourceNameSchema,
  environment: z.string().min(1).max(40),
  /** Name of the system whose namespace it is made in. */
  system: entityName,
  /** The team, as in `group:default/orders`. */
  owner: entityRef,
  /** What needs it, as in `component:default/order-service`. */
  component: entityRef.optional(),
  costCenter: costCenter.optional(),
  parameters,
  /** Days until it ends; only in environments that are not protected. */
  timeToLiveDays: z.number().int().min(1).max(365).optional(),
  deletionProtection: z.boolean().optional(),
  /** For those who approve. */
  reason: z.string().max(500).optional(),
});

/** `POST /requests/preview`; with the id of a request, of a change to it. @public */
export const previewRequestSchema = createRequestSchema.extend({
  requestId: z.uuid().optional(),
  // What is typed is previewed as it is typed, and told to be wrong rather than refused.
  name: z.string().max(253),
  costCenter: z.string().max(63).optional(),
});

/** `PATCH /requests/:id` @public */
export const updateRequestSchema = z
  .strictObject({
    /** The `version` that the change is based on; refused if it is no longer that one. */
    version: z.number().int(),
    parameters: parameters.optional(),
    costCenter: costCenter.optional(),
    deletionProtection: z.boolean().optional(),
    /** Days from now until it ends. */
    timeToLiveDays: z.number().int().min(1).max(365).optional(),
    reason: z.string().max(500).optional(),
  })
  .refine(body => Object.keys(body).some(key => key !== 'version'), {
    error: 'has nothing to change',
  });

/** `POST /requests/:id/(approve|reject)` @public */
export const decisionSchema = z.strictObject({
  comment: z.string().max(500).optional(),
});

/** One request, as lists and details show it. @public */
export const requestSchema = z.object({
  id: z.uuid(),
  /** Changes with every write; see {@link updateRequestSchema}. */
  version: z.number().int(),
  offering: z.string(),
  offeringTitle: z.string(),
  kind: z.string(),
  name: z.string(),
  environment: z.string(),
  cluster: z.string(),
  namespace: z.string(),
  system: z.string(),
  owner: z.string(),
  requester: z.string(),
  component: z.string().optional(),
  costCenter: z.string().optional(),
  parameters: z.record(z.string(), z.unknown()),
  status: requestStatusSchema,
  statusSince: z.iso.datetime(),
  /** What it waits for, or what went wrong, in a sentence. */
  statusReason: z.string().optional(),
  /** Set while the cluster does not answer: nothing is lost, it is tried again. */
  retry: z
    .object({ attempts: z.number().int(), nextAt: z.iso.datetime() })
    .optional(),
  monthlyCost: z
    .object({ amount: z.number(), currency: z.string() })
    .optional(),
  approvers: z.array(z.string()),
  reason: z.string().optional(),
  deletionProtection: z.boolean(),
  /** The Resource that it is in the catalog, once it has been ready. */
  entityRef: z.string(),
  /** Whether there may be backups of it. */
  hasBackups: z.boolean().optional(),
  createdAt: z.iso.datetime(),
  readyAt: z.iso.datetime().optional(),
  expiresAt: z.iso.datetime().optional(),
});

/** What the one who asks may do. @public */
export const requestActionsSchema = z.object({
  update: z.boolean(),
  delete: z.boolean(),
  decide: z.boolean(),
  reveal: z.boolean(),
  retry: z.boolean(),
  /** Whether backups of it can be made now. */
  backUp: z.boolean(),
  /** Whether it can get new credentials now. */
  rotate: z.boolean(),
});

/**
 * A request that is kept while it is written, by `POST /drafts`. Anything but its offering and its team may still be
 * missing or wrong; that is looked at when it is submitted.
 *
 * @public
 */
export const draftSchema = createRequestSchema.extend({
  name: z.string().max(63),
  environment: z.string().max(40),
  system: z.string().max(63),
  costCenter: z.string().max(63).optional(),
});

/** `PUT /drafts/:id` @public */
export const saveDraftSchema = draftSchema.extend({
  /** The `version` that the change is based on; refused if it is no longer that one. */
  version: z.number().int(),
});

/** `POST /drafts/:id/submit` @public */
export const submitDraftSchema = z.strictObject({
  /** The `version` that was looked at. */
  version: z.number().int(),
});

/** `GET /requests/:id` @public */
export const requestDetailSchema = requestSchema.extend({
  actions: requestActionsSchema,
  /** What was written so far, while it was never submitted. */
  draft: draftSchema.optional(),
});

/** `GET /requests` @public */
export const requestQuerySchema = z.object({
  owner: z.union([z.string(), z.array(z.string())]).optional(),
  requester: z.string().optional(),
  status: z
    .union([requestStatusSchema, z.array(requestStatusSchema)])
    .optional(),
  offering: z.string().optional(),
  environment: z.string().optional(),
  component: z.string().optional(),
  /** Only those that the one who asks may decide on. */
  decidable: z.enum(['true']).optional(),
  /** Part of a name. */
  q: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(500).optional(),
});

/** @public */
export const requestListSchema = z.object({
  items: z.array(requestSchema),
  pageInfo: z.object({ nextCursor: z.string().optional() }),
  totalItems: z.number().int(),
});

/** A field that changed. @public */
export const fieldChangeSchema = z.object({
  path: z.string(),
  before: z.unknown().optional(),
  after: z.unknown().optional(),
});

/** Something that happened to a request; it is never changed. @public */
export const requestEventSchema = z.object({
  id: z.number().int(),
  at: z.iso.datetime(),
  /** A user's reference, or `waystone`. */
  actor: z.string(),
  type: z.enum([
    'status',
    'applied',
    'approved',
    'rejected',
    'changed',
    'extended',
    'revealed',
    'reminded',
    'queued',
    'adopted',
    'backed-up',
    'rotated',
  ]),
  from: requestStatusSchema.optional(),
  to: requestStatusSchema.optional(),
  message: z.string().optional(),
  changes: z.array(fieldChangeSchema),
});

/** @public */
export const requestEventListSchema = z.object({
  items: z.array(requestEventSchema),
  totalItems: z.number().int(),
});

/** What is told of a request that has changed. @public */
export const requestChangeSchema = z.object({ request: requestSchema });

/** @public */
export type RequestChange = z.infer<typeof requestChangeSchema>;
/** @public */
export type CreateRequest = z.infer<typeof createRequestSchema>;
/** @public */
export type PreviewRequest = z.infer<typeof previewRequestSchema>;
/** @public */
export type UpdateRequest = z.infer<typeof updateRequestSchema>;
/** @public */
export type Draft = z.infer<typeof draftSchema>;
/** @public */
export type SaveDraft = z.infer<typeof saveDraftSchema>;
/** @public */
export type InfrastructureRequest = z.infer<typeof requestSchema>;
/** @public */
export type RequestDetail = z.infer<typeof requestDetailSchema>;
/** @public */
export type RequestActions = z.infer<typeof requestActionsSchema>;
/** @public */
export type RequestQuery = z.infer<typeof requestQuerySchema>;
/** @public */
export type RequestList = z.infer<typeof requestListSchema>;
/** @public */
export type FieldChange = z.infer<typeof fieldChangeSchema>;
/** @public */
export type RequestEvent = z.infer<typeof requestEventSchema>;
/** @public */
export type RequestEventList = z.infer<typeof requestEventListSchema>;
