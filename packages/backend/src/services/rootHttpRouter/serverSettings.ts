import type { Server } from 'node:http';
import { type Config, readDurationFromConfig } from '@backstage/config';
import { InputError } from '@backstage/errors';

/**
 * Limits on how long and how much a client may send, in milliseconds.
 *
 * Node's own defaults leave a connection that sends nothing open for a minute
 * and a slow upload for five.
 */
const DEFAULTS = {
  headersTimeout: 10_000,
  requestTimeout: 60_000,
  // Above the idle timeout of usual load balancers (60 s), so that they never
  // reuse a connection which is just being closed here.
  keepAliveTimeout: 65_000,
  maxHeadersCount: 200,
};

/**
 * Applies `backend.server.*`, with defaults that are not open-ended.
 *
 * @internal
 */
export function applyServerSettings(server: Server, config: Config): void {
  const settings = config.getOptionalConfig('backend.server');
  const duration = (key: string) => readMilliseconds(settings, key);

  server.headersTimeout = duration('headersTimeout') ?? DEFAULTS.headersTimeout;
  server.requestTimeout = duration('requestTimeout') ?? DEFAULTS.requestTimeout;
  server.keepAliveTimeout =
    duration('keepAliveTimeout') ?? DEFAULTS.keepAliveTimeout;
  server.timeout = duration('timeout') ?? server.timeout;
  server.maxHeadersCount =
    settings?.getOptionalNumber('maxHeadersCount') ?? DEFAULTS.maxHeadersCount;
  server.maxRequestsPerSocket =
    settings?.getOptionalNumber('maxRequestsPerSocket') ??
    server.maxRequestsPerSocket;
}

function readMilliseconds(
  config: Config | undefined,
  key: string,
): number | undefined {
  if (!config?.has(key)) {
    return undefined;
  }
  const value = config.getOptional(key);
  if (typeof value === 'number') {
    return value;
  }
  return durationInMilliseconds(
    readDurationFromConfig(config, { key }),
    `backend.server.${key}`,
  );
}

/**
 * A duration from the config as a number, for timeouts of less than a day.
 *
 * @internal
 */
export function durationInMilliseconds(
  duration: ReturnType<typeof readDurationFromConfig>,
  key: string,
): number {
  const {
    hours = 0,
    minutes = 0,
    seconds = 0,
    milliseconds = 0,
    ...longer
  } = duration;
  if (Object.keys(longer).length > 0) {
    throw new InputError(
      `Invalid config '${key}': a timeout of days or more protects nothing, use hours, minutes, seconds or milliseconds`,
    );
  }
  return ((hours * 60 + minutes) * 60 + seconds) * 1000 + milliseconds;
}
