import { z } from 'zod';

// Argo CD leaves out what is empty, writes null for empty lists, and adds fields with every version: what is not read
// here is dropped, and nothing is required but what identifies a thing.

const text = z
  .string()
  .nullish()
  .transform(value => value || undefined);

function list<S extends z.ZodType>(item: S) {
  return z
    .array(item)
    .nullish()
    .transform(value => value ?? []);
}

const stringMap = z
  .record(z.string(), z.string())
  .nullish()
  .transform(value => value ?? {});

/** @public */
export const syncStatusSchema = z
  .enum(['Synced', 'OutOfSync', 'Unknown'])
  .catch('Unknown');

/** @public */
export const healthCodeSchema = z
  .enum([
    'Healthy',
    'Progressing',
    'Degraded',
    'Suspended',
    'Missing',
    'Unknown',
  ])
  .catch('Unknown');

const healthSchema = z.object({
  status: healthCodeSchema.optional(),
  message: text,
  lastTransitionTime: text,
});

const sourceSchema = z.object({
  repoURL: text,
  path: text,
  targetRevision: text,
  chart: text,
});

const initiatorSchema = z.object({
  username: text,
  automated: z.boolean().nullish(),
});

const resourceResultSchema = z.object({
  group: text,
  version: text,
  kind: z.string(),
  namespace: text,
  name: z.string(),
  status: text,
  message: text,
  hookType: text,
  hookPhase: text,
  syncPhase: text,
});

const operationSchema = z.object({
  initiatedBy: initiatorSchema.nullish(),
  sync: z
    .object({
      revision: text,
      revisions: list(z.string()),
      prune: z.boolean().nullish(),
      dryRun: z.boolean().nullish(),
    })
    .nullish(),
});

/** The last or the present operation. @public */
export const operationStateSchema = z.object({
  phase: z
    .enum(['Running', 'Terminating', 'Failed', 'Error', 'Succeeded'])
    .optional()
    .catch(undefined),
  message: text,
  startedAt: text,
  finishedAt: text,
  retryCount: z.coerce.number().nullish(),
  operation: operationSchema.nullish(),
  syncResult: z
    .object({
      revision: text,
      revisions: list(z.string()),
      resources: list(resourceResultSchema),
    })
    .nullish(),
});

const resourceStatusSchema = z.object({
  group: text,
  version: text,
  kind: z.string(),
  namespace: text,
  name: z.string(),
  status: syncStatusSchema.optional(),
  health: healthSchema.nullish(),
  hook: z.boolean().nullish(),
  requiresPruning: z.boolean().nullish(),
  syncWave: z.coerce.number().nullish(),
});

/** One deployment that can be rolled back to. `id` grows and is no index. @public */
export const historyEntrySchema = z.object({
  id: z.coerce.number().default(0),
  revision: text,
  revisions: list(z.string()),
  deployedAt: text,
  deployStartedAt: text,
  source: sourceSchema.nullish(),
  sources: list(sourceSchema),
  initiatedBy: initiatorSchema.nullish(),
});

/** An Application. An Application that was just made has no status. @public */
export const applicationSchema = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: text,
    uid: text,
    resourceVersion: text,
    labels: stringMap,
    annotations: stringMap,
    creationTimestamp: text,
    deletionTimestamp: text,
  }),
  spec: z
    .object({
      project: text,
      source: sourceSchema.nullish(),
      sources: list(sourceSchema),
      destination: z
        .object({ server: text, name: text, namespace: text })
        .nullish(),
      syncPolicy: z
        .object({
          automated: z
            .object({
              enabled: z.boolean().nullish(),
              prune: z.boolean().nullish(),
              selfHeal: z.boolean().nullish(),
            })
            .nullish(),
        })
        .nullish(),
    })
    .nullish(),
  operation: operationSchema.nullish(),
  status: z
    .object({
      sync: z
        .object({
          status: syncStatusSchema.optional(),
          revision: text,
          revisions: list(z.string()),
        })
        .nullish(),
      health: healthSchema.nullish(),
      operationState: operationStateSchema.nullish(),
      resources: list(resourceStatusSchema),
      conditions: list(
        z.object({ type: z.string(), message: text, lastTransitionTime: text }),
      ),
      history: list(historyEntrySchema),
      summary: z
        .object({ images: list(z.string()), externalURLs: list(z.string()) })
        .nullish(),
      reconciledAt: text,
    })
    .nullish(),
});

/** @public */
export type ArgoCdApplication = z.output<typeof applicationSchema>;
/** @public */
export type ArgoCdHistoryEntry = z.output<typeof historyEntrySchema>;
/** @public */
export type ArgoCdOperationState = z.output<typeof operationStateSchema>;
/** @public */
export type ArgoCdResourceStatus = z.output<typeof resourceStatusSchema>;

/** @internal */
export const applicationListSchema = z.object({
  metadata: z.object({ resourceVersion: text }).nullish(),
  items: list(applicationSchema),
});

/** @internal */
export const streamMessageSchema = z.union([
  z.object({
    result: z.object({
      type: z.enum(['ADDED', 'MODIFIED', 'DELETED']),
      application: applicationSchema,
    }),
  }),
  z.object({
    error: z.object({
      grpc_code: z.number().optional(),
      http_code: z.number().optional(),
      message: text,
    }),
  }),
]);

const referenceSchema = z.object({
  group: text,
  version: text,
  kind: z.string(),
  namespace: text,
  name: z.string(),
  uid: text,
});

/** A live object of an Application, and what it came from. @public */
export const resourceNodeSchema = referenceSchema.extend({
  parentRefs: list(referenceSchema),
  info: list(z.object({ name: z.string(), value: text })),
  images: list(z.string()),
  health: healthSchema.nullish(),
  createdAt: text,
  resourceVersion: text,
});

/** @public */
export const resourceTreeSchema = z.object({
  nodes: list(resourceNodeSchema),
  orphanedNodes: list(resourceNodeSchema),
});

/** @public */
export type ArgoCdResourceNode = z.output<typeof resourceNodeSchema>;
/** @public */
export type ArgoCdResourceTree = z.output<typeof resourceTreeSchema>;

/** Reads a field that holds JSON as text; `null` and nothing at all are undefined. */
const jsonText = z
  .string()
  .nullish()
  .transform((value, context): unknown => {
    if (!value) {
      return undefined;
    }
    try {
      return JSON.parse(value) ?? undefined;
    } catch {
      context.addIssue({ code: 'custom', message: 'not JSON' });
      return z.NEVER;
    }
  });

/** One object as Git has it and as it is. @public */
export const managedResourceSchema = z.object({
  group: text,
  kind: z.string(),
  namespace: text,
  name: z.string(),
  targetState: jsonText,
  liveState: jsonText,
  normalizedLiveState: jsonText,
  predictedLiveState: jsonText,
  modified: z.boolean().nullish(),
  hook: z.boolean().nullish(),
  resourceVersion: text,
});

/** @public */
export type ArgoCdManagedResource = z.output<typeof managedResourceSchema>;

/** @internal */
export const managedResourcesSchema = z.object({
  items: list(managedResourceSchema),
});

/** Argo CD says no more than this: neither the commit nor how it was rendered. @internal */
export const manifestsSchema = z.object({ manifests: list(jsonText) });

/** @internal */
export const revisionMetadataSchema = z.object({
  author: text,
  date: text,
  message: text,
  tags: list(z.string()),
});

/** @public */
export type ArgoCdRevisionMetadata = z.output<typeof revisionMetadataSchema>;

const windowSchema = z.object({
  kind: text,
  schedule: text,
  duration: text,
  manualSync: z.boolean().nullish(),
});

/** @internal */
export const syncWindowsSchema = z.object({
  activeWindows: list(windowSchema),
  assignedWindows: list(windowSchema),
  canSync: z
    .boolean()
    .nullish()
    .transform(value => value ?? false),
});

/** @public */
export type ArgoCdSyncWindows = z.output<typeof syncWindowsSchema>;

/** @internal */
export const versionSchema = z.object({ Version: text });
/** @internal */
export const userInfoSchema = z.object({
  loggedIn: z.boolean().nullish(),
  username: text,
});
/** @internal */
export const emptySchema = z.looseObject({}).nullish();
