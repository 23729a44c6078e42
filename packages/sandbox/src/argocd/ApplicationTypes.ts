import type { KubernetesObject } from '../kubernetes/KubernetesCluster';

/** Where the manifests are. @internal */
export interface ApplicationSource {
  readonly repoURL: string;
  readonly path?: string;
  readonly targetRevision?: string;
  readonly chart?: string;
  readonly ref?: string;
  readonly helm?: object;
  readonly plugin?: object;
  readonly directory?: {
    readonly recurse?: boolean;
    readonly include?: string;
    readonly exclude?: string;
  };
  readonly kustomize?: KustomizeOverrides;
}

/** What an Application changes in the kustomization of its folder. @internal */
export interface KustomizeOverrides {
  readonly namePrefix?: string;
  readonly nameSuffix?: string;
  readonly namespace?: string;
  readonly images?: readonly string[];
  readonly commonLabels?: Readonly<Record<string, string>>;
  readonly labelWithoutSelector?: boolean;
  readonly labelIncludeTemplates?: boolean;
  readonly forceCommonLabels?: boolean;
  readonly commonAnnotations?: Readonly<Record<string, string>>;
  readonly commonAnnotationsEnvsubst?: boolean;
  readonly forceCommonAnnotations?: boolean;
  readonly replicas?: readonly {
    readonly name: string;
    readonly count: number | string;
  }[];
  readonly patches?: readonly object[];
  readonly components?: readonly string[];
  readonly ignoreMissingComponents?: boolean;
}

/** @internal */
export interface ApplicationDestination {
  readonly server?: string;
  readonly name?: string;
  readonly namespace?: string;
}

/** @internal */
export interface IgnoredDifference {
  readonly group?: string;
  readonly kind: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly jsonPointers?: readonly string[];
  readonly jqPathExpressions?: readonly string[];
  readonly managedFieldsManagers?: readonly string[];
}

/** @internal */
export interface RetryStrategy {
  readonly limit?: number;
  readonly refresh?: boolean;
  readonly backoff?: {
    readonly duration?: string;
    readonly factor?: number;
    readonly maxDuration?: string;
  };
}

/** @internal */
export interface SyncPolicy {
  readonly automated?: {
    readonly enabled?: boolean;
    readonly prune?: boolean;
    readonly selfHeal?: boolean;
    readonly allowEmpty?: boolean;
  };
  readonly syncOptions?: readonly string[];
  readonly retry?: RetryStrategy;
  readonly managedNamespaceMetadata?: {
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

/** @internal */
export interface ApplicationSpec {
  readonly project: string;
  readonly source?: ApplicationSource;
  readonly sources?: readonly ApplicationSource[];
  readonly destination: ApplicationDestination;
  readonly syncPolicy?: SyncPolicy;
  readonly ignoreDifferences?: readonly IgnoredDifference[];
  readonly revisionHistoryLimit?: number;
}

/** @internal */
export interface SyncOperationResource {
  readonly group?: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

/** @internal */
export interface SyncRequest {
  readonly revision?: string;
  readonly revisions?: readonly string[];
  readonly prune?: boolean;
  readonly dryRun?: boolean;
  readonly source?: ApplicationSource;
  readonly sources?: readonly ApplicationSource[];
  readonly resources?: readonly SyncOperationResource[];
  readonly syncOptions?: readonly string[];
  readonly syncStrategy?: {
    readonly apply?: { readonly force?: boolean };
    readonly hook?: { readonly force?: boolean };
  };
  readonly autoHealAttemptsCount?: number;
}

/** @internal */
export interface Operation {
  readonly sync?: SyncRequest;
  readonly initiatedBy?: {
    readonly username?: string;
    readonly automated?: boolean;
  };
  readonly info?: readonly { readonly name: string; readonly value: string }[];
  readonly retry?: RetryStrategy;
}

/** @internal */
export type OperationPhase =
  | 'Running'
  | 'Terminating'
  | 'Failed'
  | 'Error'
  | 'Succeeded';

/** @internal */
export interface ResourceResult {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly status?: 'Synced' | 'SyncFailed' | 'Pruned' | 'PruneSkipped';
  readonly message?: string;
  readonly hookType?: string;
  readonly hookPhase?: OperationPhase;
  readonly syncPhase?: string;
  readonly images?: readonly string[];
}

/** @internal */
export interface SyncResult {
  readonly revision: string;
  readonly revisions?: readonly string[];
  readonly source?: ApplicationSource;
  readonly sources?: readonly ApplicationSource[];
  readonly resources?: readonly ResourceResult[];
}

/** @internal */
export interface OperationState {
  readonly operation: Operation;
  readonly phase: OperationPhase;
  readonly message?: string;
  readonly startedAt: string;
  readonly finishedAt?: string;
  readonly retryCount?: number;
  readonly syncResult?: SyncResult;
}

/** @internal */
export type HealthCode =
  | 'Healthy'
  | 'Suspended'
  | 'Progressing'
  | 'Missing'
  | 'Degraded'
  | 'Unknown';

/** @internal */
export interface HealthStatus {
  readonly status: HealthCode;
  readonly message?: string;
}

/** @internal */
export interface ResourceStatus {
  readonly group?: string;
  readonly version: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly status?: 'Synced' | 'OutOfSync' | 'Unknown';
  readonly health?: HealthStatus;
  readonly hook?: boolean;
  readonly requiresPruning?: boolean;
  readonly syncWave?: number;
}

/** @internal */
export interface ApplicationCondition {
  readonly type: string;
  readonly message: string;
  readonly lastTransitionTime?: string;
}

/** @internal */
export interface RevisionHistory {
  readonly id: number;
  readonly revision?: string;
  readonly revisions?: readonly string[];
  readonly deployedAt: string;
  readonly deployStartedAt?: string;
  readonly source?: ApplicationSource;
  readonly sources?: readonly ApplicationSource[];
  readonly initiatedBy?: Operation['initiatedBy'];
}

/** @internal */
export interface ApplicationStatus {
  readonly sync?: {
    readonly status: 'Synced' | 'OutOfSync' | 'Unknown';
    readonly revision?: string;
    readonly revisions?: readonly string[];
    readonly comparedTo?: object;
  };
  readonly health?: HealthStatus & { readonly lastTransitionTime?: string };
  readonly operationState?: OperationState;
  readonly resources?: readonly ResourceStatus[];
  readonly conditions?: readonly ApplicationCondition[];
  readonly history?: readonly RevisionHistory[];
  readonly summary?: {
    readonly images?: readonly string[];
    readonly externalURLs?: readonly string[];
  };
  readonly reconciledAt?: string;
  readonly sourceType?: string;
  readonly controllerNamespace?: string;
  readonly resourceHealthSource?: string;
}

/** An Argo CD Application, as far as the sandbox reads it. @internal */
export interface Application extends KubernetesObject {
  readonly spec: ApplicationSpec;
  readonly status?: ApplicationStatus;
  readonly operation?: Operation;
}

/** @internal */
export const APPLICATION_TYPE = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
} as const;

/** @internal */
export const PROJECT_TYPE = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'AppProject',
} as const;

/** @internal */
export const APPLICATION_SET_TYPE = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'ApplicationSet',
} as const;

/** Makes Argo CD look at an Application now: `normal` or `hard`. @internal */
export const REFRESH_ANNOTATION = 'argocd.argoproj.io/refresh';

/** Keeps the sandbox from reconciling an Application whose source does not exist. @internal */
export const SIMULATED_ANNOTATION = 'sandbox.waystone.dev/simulated';

/** The sources of an Application: one, or several. @internal */
export function sourcesOf(spec: ApplicationSpec): readonly ApplicationSource[] {
  if (spec.sources && spec.sources.length > 0) {
    return spec.sources;
  }
  return spec.source ? [spec.source] : [];
}

/** Whether Argo CD syncs by itself: `enabled` counts as true when it is not set. @internal */
export function isAutomated(spec: ApplicationSpec): boolean {
  const automated = spec.syncPolicy?.automated;
  return (
    automated !== undefined && automated !== null && automated.enabled !== false
  );
}

/** The time in the form of Kubernetes, in whole seconds. @internal */
export function kubernetesTime(date = new Date()): string {
  return date.toISOString().replace(/\.\d+Z$/, 'Z');
}
