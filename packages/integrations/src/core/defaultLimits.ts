import type { UpstreamLimits } from './UpstreamHttpOptions';

/** The limits of an instance that has none of its own. @internal */
export const defaultLimits: Required<UpstreamLimits> = {
  inFlight: 8,
  queued: 50,
  streams: 100,
  attempts: 3,
  readTimeoutMs: 8000,
  firstByteTimeoutMs: 3000,
  writeTimeoutMs: 25_000,
  maxBytes: 20 * 1024 * 1024,
  retryMinMs: 100,
  retryMaxMs: 2000,
  breakerOpenMs: 15_000,
  breakerFailedConnections: 5,
};
