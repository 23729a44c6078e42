import { z } from 'zod';

const ownerReferenceSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  name: z.string(),
  uid: z.string(),
  controller: z.boolean().optional(),
});

const metadataSchema = z.looseObject({
  name: z.string(),
  namespace: z.string().optional(),
  uid: z.string().optional(),
  resourceVersion: z.string().optional(),
  generation: z.number().optional(),
  creationTimestamp: z.string().nullish(),
  deletionTimestamp: z.string().nullish(),
  labels: z.record(z.string(), z.string()).nullish(),
  annotations: z.record(z.string(), z.string()).nullish(),
  finalizers: z.array(z.string()).nullish(),
  ownerReferences: z.array(ownerReferenceSchema).nullish(),
});

/** Any object. What a kind has beside its metadata is for the reader's own schema. @public */
export const kubernetesObjectSchema = z.looseObject({
  apiVersion: z.string().optional(),
  kind: z.string().optional(),
  metadata: metadataSchema,
});

/** @public */
export type KubernetesMetadata = z.output<typeof metadataSchema>;

/** @public */
export type KubernetesObject = z.output<typeof kubernetesObjectSchema>;

/** An object that is to be written. @public */
export interface KubernetesManifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name?: string;
    readonly generateName?: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
}

/** A kind in one version, such as `apps/v1` `Deployment`. @public */
export interface KindRef {
  readonly apiVersion: string;
  readonly kind: string;
}

/** The address of one object. @public */
export interface ObjectRef extends KindRef {
  /** Left out for objects of the cluster. */
  readonly namespace?: string;
  readonly name: string;
}

/** A kind as the cluster serves it. @public */
export interface ResourceKind extends KindRef {
  readonly group: string;
  readonly version: string;
  /** As in paths and permissions, such as `deployments`. */
  readonly resource: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  /** Such as `status` and `scale`. */
  readonly subresources: readonly string[];
}

export const resourceListSchema = z.object({
  groupVersion: z.string(),
  resources: z.array(
    z.object({
      name: z.string(),
      kind: z.string(),
      namespaced: z.boolean(),
      verbs: z.array(z.string()),
    }),
  ),
});

export const listSchema = z.object({
  apiVersion: z.string().optional(),
  kind: z.string(),
  metadata: z.object({
    resourceVersion: z.string().optional(),
    continue: z.string().optional(),
  }),
  // An empty list of some servers is null.
  items: z.array(kubernetesObjectSchema).nullish(),
});

export const versionSchema = z.object({ gitVersion: z.string() });

export const statusSchema = z.object({
  kind: z.literal('Status'),
  message: z.string().optional(),
  reason: z.string().optional(),
  code: z.number().optional(),
  metadata: z.object({ continue: z.string().optional() }).nullish(),
  details: z
    .object({
      name: z.string().optional(),
      group: z.string().optional(),
      kind: z.string().optional(),
      causes: z
        .array(
          z.object({
            reason: z.string().optional(),
            message: z.string().optional(),
            field: z.string().optional(),
          }),
        )
        .nullish(),
      retryAfterSeconds: z.number().optional(),
    })
    .nullish(),
});

/** The body of an error. @public */
export type KubernetesStatus = z.output<typeof statusSchema>;

export const watchEventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.enum(['ADDED', 'MODIFIED', 'DELETED']),
    object: kubernetesObjectSchema,
  }),
  z.object({
    type: z.literal('BOOKMARK'),
    object: z.looseObject({
      metadata: z.looseObject({ resourceVersion: z.string() }),
    }),
  }),
  z.object({ type: z.literal('ERROR'), object: statusSchema }),
]);

/** @public */
export type KubernetesWatchEvent = z.output<typeof watchEventSchema>;

export const accessReviewSchema = z.object({
  status: z.object({
    allowed: z.boolean(),
    denied: z.boolean().optional(),
    reason: z.string().optional(),
    evaluationError: z.string().optional(),
  }),
});

export const eventSchema = z.looseObject({
  metadata: metadataSchema,
  type: z.string().optional(),
  reason: z.string().optional(),
  note: z.string().optional(),
  eventTime: z.string().nullish(),
  series: z
    .object({ count: z.number(), lastObservedTime: z.string().nullish() })
    .nullish(),
  reportingController: z.string().optional(),
  deprecatedCount: z.number().optional(),
  deprecatedFirstTimestamp: z.string().nullish(),
  deprecatedLastTimestamp: z.string().nullish(),
  deprecatedSource: z.object({ component: z.string().optional() }).nullish(),
  regarding: z
    .object({
      apiVersion: z.string().optional(),
      kind: z.string().optional(),
      namespace: z.string().optional(),
      name: z.string().optional(),
      uid: z.string().optional(),
    })
    .nullish(),
});

/** What has happened to an object. Clusters keep it for about an hour. @public */
export interface KubernetesEvent {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  readonly count: number;
  /** ISO 8601. */
  readonly firstSeenAt?: string;
  readonly lastSeenAt?: string;
  /** Such as `kubelet`. */
  readonly source?: string;
  readonly regarding: Partial<ObjectRef> & { readonly uid?: string };
}
