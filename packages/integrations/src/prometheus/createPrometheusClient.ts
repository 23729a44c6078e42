import { createUpstreamHttp } from '../core/createUpstreamHttp';
import type { UpstreamHttpOptions } from '../core/UpstreamHttpOptions';
import type { PrometheusClient } from './Client';
import { DefaultPrometheusClient } from './DefaultPrometheusClient';
import { parsePrometheusError } from './errors';

/** @public */
export interface PrometheusClientOptions
  extends Omit<UpstreamHttpOptions, 'system' | 'parseError'> {
  /** Whose data is read, where one server has several tenants. */
  readonly tenant?: {
    readonly name: string;
    /** @defaultValue `X-Scope-OrgID`, of Mimir, Cortex and Thanos' receivers */
    readonly header?: string;
  };
}

/**
 * Creates the client of one Prometheus, or of anything with its API.
 *
 * @public
 */
export function createPrometheusClient(
  options: PrometheusClientOptions,
): PrometheusClient {
  const { tenant, headers, ...http } = options;
  return new DefaultPrometheusClient(
    createUpstreamHttp({
      ...http,
      system: 'prometheus',
      parseError: parsePrometheusError,
      headers: {
        ...headers,
        ...(tenant && { [tenant.header ?? 'X-Scope-OrgID']: tenant.name }),
      },
    }),
  );
}
