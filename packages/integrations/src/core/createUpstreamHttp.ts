import { DefaultUpstreamHttp } from './DefaultUpstreamHttp';
import type { UpstreamHttp } from './UpstreamHttp';
import type { UpstreamHttpOptions } from './UpstreamHttpOptions';

/**
 * Creates the HTTP client of one instance of an upstream system. Make one for each instance and keep it: the pool of
 * connections, the circuit breaker and the bulkhead are in it.
 *
 * @throws TypeError if the base URL is not one.
 *
 * @public
 */
export function createUpstreamHttp(options: UpstreamHttpOptions): UpstreamHttp {
  return new DefaultUpstreamHttp(options);
}
