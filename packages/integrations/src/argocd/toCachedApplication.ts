import type { ArgoCdApplication, ArgoCdResourceStatus } from './types';

/**
 * What is held of an Application: of its objects only those that are out of sync, and how many there are.
 *
 * @public
 */
export interface CachedApplication extends Omit<ArgoCdApplication, 'status'> {
  readonly status?:
    | (Omit<NonNullable<ArgoCdApplication['status']>, 'resources'> & {
        readonly resourceCount: number;
        readonly outOfSync: readonly Pick<
          ArgoCdResourceStatus,
          'group' | 'kind' | 'namespace' | 'name' | 'requiresPruning'
        >[];
      })
    | null;
}

/** The fields of a stream that the cache reads. @internal */
export const STREAM_FIELDS: readonly string[] = [
  'result.type',
  ...[
    'metadata.name',
    'metadata.namespace',
    'metadata.uid',
    'metadata.resourceVersion',
    'metadata.labels',
    'metadata.annotations',
    'metadata.creationTimestamp',
    'metadata.deletionTimestamp',
    'spec.project',
    'spec.source',
    'spec.sources',
    'spec.destination',
    'spec.syncPolicy',
    'operation',
    'status.sync.status',
    'status.sync.revision',
    'status.sync.revisions',
    'status.health',
    'status.operationState.phase',
    'status.operationState.message',
    'status.operationState.startedAt',
    'status.operationState.finishedAt',
    'status.operationState.retryCount',
    'status.operationState.operation',
    'status.operationState.syncResult.revision',
    'status.operationState.syncResult.revisions',
    'status.resources',
    'status.conditions',
    'status.history',
    'status.summary',
  ].map(field => `result.application.${field}`),
];

/** The fields of a list that show whether a held Application is current. @internal */
export const DIGEST_FIELDS: readonly string[] = [
  'metadata.name',
  'metadata.namespace',
  'metadata.deletionTimestamp',
  'spec.project',
  'spec.source',
  'spec.sources',
  'status.sync.status',
  'status.sync.revision',
  'status.health',
  'status.operationState.phase',
  'status.operationState.startedAt',
  'status.operationState.finishedAt',
].map(field => `items.${field}`);

const UNREAD_ANNOTATIONS =
  /^kubectl\.kubernetes\.io\/last-applied|^argocd\.argoproj\.io\/(refresh|tracking-id)/;

/** Keeps of an Application what is read. @internal */
export function toCachedApplication(
  application: ArgoCdApplication,
): CachedApplication {
  const { status, metadata, ...rest } = application;
  const { resources, operationState, ...kept } = status ?? { resources: [] };
  return Object.freeze({
    ...rest,
    metadata: {
      ...metadata,
      annotations: Object.fromEntries(
        Object.entries(metadata.annotations).filter(
          ([name]) => !UNREAD_ANNOTATIONS.test(name),
        ),
      ),
    },
    status: status && {
      ...(kept as Omit<NonNullable<ArgoCdApplication['status']>, 'resources'>),
      // What was done to each object is read from the Application itself when somebody wants to see it.
      operationState: operationState && {
        ...operationState,
        syncResult: operationState.syncResult && {
          ...operationState.syncResult,
          resources: [],
        },
      },
      resourceCount: resources.length,
      outOfSync: resources
        .filter(resource => resource.status === 'OutOfSync')
        .map(({ group, kind, namespace, name, requiresPruning }) => ({
          group,
          kind,
          namespace,
          name,
          requiresPruning,
        })),
    },
  });
}

/** What of an Application a list can tell too. @internal */
export function digestOf(
  application: ArgoCdApplication | CachedApplication,
): string {
  const { metadata, spec, status } = application;
  return JSON.stringify([
    metadata.deletionTimestamp,
    spec?.project,
    spec?.source,
    spec?.sources,
    status?.sync?.status,
    status?.sync?.revision,
    status?.health?.status,
    status?.operationState?.phase,
    status?.operationState?.startedAt,
    status?.operationState?.finishedAt,
  ]);
}
