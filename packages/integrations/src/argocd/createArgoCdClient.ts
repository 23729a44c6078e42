import { createUpstreamHttp } from '../core/createUpstreamHttp';
import type { UpstreamCache } from '../core/UpstreamRegistry';
import type { UpstreamHttpOptions } from '../core/UpstreamHttpOptions';
import type { ArgoCdClient } from './Client';
import { DefaultArgoCdClient } from './DefaultArgoCdClient';
import { parseArgoCdError } from './errors';

/** @public */
export interface ArgoCdClientOptions
  extends Omit<
    UpstreamHttpOptions,
    'system' | 'authorization' | 'parseError' | 'secrets'
  > {
  /** Of a project role or an account with the `apiKey` capability. */
  readonly token: string;
  /** Where the Application objects are, if not in Argo CD's own namespace. */
  readonly namespace?: string;
  /** What is held of it in memory, for the health page. */
  readonly caches?: () => readonly UpstreamCache[];
}

/**
 * Creates the client of one Argo CD.
 *
 * @public
 */
export function createArgoCdClient(options: ArgoCdClientOptions): ArgoCdClient {
  const { token, namespace, caches, ...http } = options;
  return new DefaultArgoCdClient({
    namespace,
    caches,
    http: createUpstreamHttp({
      ...http,
      system: 'argocd',
      secrets: [token],
      authorization: () => ({ authorization: `Bearer ${token}` }),
      parseError: parseArgoCdError,
    }),
  });
}
