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
