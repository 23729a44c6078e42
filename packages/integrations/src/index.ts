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
export { upstreamRegistryServiceRef } from './core/upstreamRegistryServiceRef';
export { StaleWhileRevalidateCache } from './core/StaleWhileRevalidateCache';
export type {
  Cached,
  CacheKey,
  Loaded,
  LoadContext,
  StaleWhileRevalidateCacheOptions,
} from './core/StaleWhileRevalidateCache';
