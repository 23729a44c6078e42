export type { Freshness } from './core/Freshness';
export { UpstreamError } from './core/UpstreamError';
export type {
  UpstreamErrorCode,
  UpstreamErrorOptions,
} from './core/UpstreamError';
export type { UpstreamHealth } from './core/UpstreamHealth';
export { pathOf } from './core/UpstreamHttp';
export type {
  UpstreamHttp,
  UpstreamRequest,
  UpstreamResponse,
} from './core/UpstreamHttp';
export { createUpstreamHttp } from './core/createUpstreamHttp';
export { errorCodeOf, readReason } from './core/explainAnswer';
export type { UpstreamFailure } from './core/explainFailure';
export type { UpstreamTls } from './core/HttpTransport';
export type {
  UpstreamHttpOptions,
  UpstreamLimits,
} from './core/UpstreamHttpOptions';
export { readInstances, readTls, readUrl } from './core/readInstances';
export type { InstanceConfig } from './core/readInstances';
export type {
  Upstream,
  UpstreamCache,
  UpstreamProbe,
  UpstreamRegistry,
} from './core/UpstreamRegistry';
export { requestSignal } from './core/requestSignal';
export { upstreamRegistryServiceRef } from './core/upstreamRegistryServiceRef';
export { StaleWhileRevalidateCache } from './core/StaleWhileRevalidateCache';
export type {
  Cached,
  CacheKey,
  Loaded,
  LoadContext,
  StaleWhileRevalidateCacheOptions,
} from './core/StaleWhileRevalidateCache';
export type {
  AccessDecision,
  AccessUser,
  ResourceAttributes,
} from './kubernetes/AccessReviews';
export type {
  ApplyOptions,
  DeleteOptions,
  EventOptions,
  GetOptions,
  Impersonation,
  KubernetesClient,
  KubernetesPatch,
  ListOptions,
  ObjectList,
  PodLogOptions,
  ReadOptions,
  WriteOptions,
  WriteResult,
} from './kubernetes/Client';
export { createKubernetesClient } from './kubernetes/createKubernetesClient';
export type { CreateKubernetesClientOptions } from './kubernetes/createKubernetesClient';
export { kubernetesFailureOf } from './kubernetes/errors';
export type {
  FieldConflict,
  InvalidField,
  KubernetesFailure,
} from './kubernetes/errors';
export type {
  ClusterError,
  ClusterItem,
  KubernetesService,
  MultiClusterResult,
} from './kubernetes/KubernetesService';
export { MultiClusterCache } from './kubernetes/MultiClusterCache';
export type { ClusterFreshness } from './kubernetes/MultiClusterCache';
export { parsePolicyDenials } from './kubernetes/policyDenials';
export type { PolicyDenial } from './kubernetes/policyDenials';
export { kubernetesServiceRef } from './kubernetes/serviceRef';
export { kubernetesObjectSchema } from './kubernetes/types';
export type {
  KindRef,
  KubernetesEvent,
  KubernetesManifest,
  KubernetesMetadata,
  KubernetesObject,
  ObjectRef,
  ResourceKind,
} from './kubernetes/types';
export type {
  CacheChange,
  WatchedCache,
  WatchedCacheOptions,
  WatchedCacheState,
} from './kubernetes/WatchedCache';
export type { VaultCallOptions, VaultClient } from './vault/Client';
export { vaultFailureOf } from './vault/errors';
export type { VaultFailure } from './vault/errors';
export { vaultServiceRef } from './vault/serviceRef';
export type { VaultService } from './vault/VaultService';
export type {
  DatabaseCredentials,
  Lease,
  LeaseDetails,
  Secret,
  SecretKeys,
  SecretMetadata,
  SecretRef,
  SecretsEngine,
  SecretVersion,
  StaticDatabaseCredentials,
  UnwrappedAnswer,
  VaultHealth,
  VaultIdentity,
  WrappedAnswer,
} from './vault/types';
export { forgeFailureOf } from './forge/errors';
export type { ForgeFailure } from './forge/errors';
export type { ForgeService } from './forge/ForgeService';
export type {
  CommitFilesOptions,
  CreateRepositoryOptions,
  ForgeCallOptions,
  GitForge,
  MergePullRequestOptions,
  OpenPullRequestOptions,
} from './forge/GitForge';
export { forgesServiceRef } from './forge/serviceRef';
export type {
  Comparison,
  FileChange,
  ForgeCommit,
  ForgeFile,
  ForgePerson,
  ForgeRepository,
  ForgeTree,
  ForgeTreeEntry,
  PullRequest,
  RepositoryRef,
  WorkflowJob,
  WorkflowRun,
  WorkflowStep,
  WrittenCommit,
} from './forge/types';
export type {
  ApplicationCache,
  ApplicationCacheChange,
  ApplicationCacheState,
} from './argocd/ApplicationCache';
export type { ArgoCdService } from './argocd/ArgoCdService';
export type {
  ArgoCdApplicationEvent,
  ArgoCdApplicationRef,
  ArgoCdCallOptions,
  ArgoCdClient,
  ArgoCdFilter,
  ArgoCdSyncOptions,
} from './argocd/Client';
export { argoCdFailureOf } from './argocd/errors';
export type { ArgoCdFailure } from './argocd/errors';
export { argoCdServiceRef } from './argocd/serviceRef';
export type { CachedApplication } from './argocd/toCachedApplication';
export type {
  ArgoCdApplication,
  ArgoCdHistoryEntry,
  ArgoCdManagedResource,
  ArgoCdOperationState,
  ArgoCdResourceNode,
  ArgoCdResourceStatus,
  ArgoCdResourceTree,
  ArgoCdRevisionMetadata,
  ArgoCdSyncWindows,
} from './argocd/types';
export type {
  PrometheusCallOptions,
  PrometheusClient,
  PrometheusList,
  PrometheusRangeOptions,
  PrometheusSeriesOptions,
  PrometheusTimeRange,
} from './prometheus/Client';
export { createPrometheusClient } from './prometheus/createPrometheusClient';
export { prometheusFailureOf } from './prometheus/errors';
export type { PrometheusFailure } from './prometheus/errors';
export {
  promql,
  Promql,
  promqlDuration,
  promqlSelector,
} from './prometheus/promql';
export type { LabelConditions, LabelOperator } from './prometheus/promql';
export type { PrometheusService } from './prometheus/PrometheusService';
export { prometheusServiceRef } from './prometheus/serviceRef';
export type {
  PrometheusAlert,
  PrometheusNotes,
  PrometheusPoint,
  PrometheusQueryResult,
  PrometheusRangeResult,
  PrometheusRule,
  PrometheusRuleGroup,
  PrometheusSample,
  PrometheusSeries,
  PrometheusTarget,
} from './prometheus/types';
export type { AlertmanagerService } from './alertmanager/AlertmanagerService';
export type {
  AlertmanagerAlertFilter,
  AlertmanagerCallOptions,
  AlertmanagerClient,
  AlertmanagerSilenceDraft,
} from './alertmanager/Client';
export { alertmanagerServiceRef } from './alertmanager/serviceRef';
export type {
  AlertmanagerAlert,
  AlertmanagerAlertGroup,
  AlertmanagerSilence,
  AlertmanagerStatus,
} from './alertmanager/types';
