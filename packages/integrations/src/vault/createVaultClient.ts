import type { UpstreamHttpOptions } from '../core/UpstreamHttpOptions';
import type { VaultClient } from './Client';
import { DefaultVaultClient } from './DefaultVaultClient';
import type { VaultAuth } from './VaultAuth';
import { VaultHttp } from './VaultHttp';

/** @public */
export interface VaultClientOptions
  extends Omit<
    UpstreamHttpOptions,
    'system' | 'authorization' | 'parseError' | 'secrets'
  > {
  /** The root namespace unless given; of Vault Enterprise and OpenBao. */
  readonly namespace?: string;
  readonly auth: VaultAuth;
}

/**
 * Creates the client of one Vault or OpenBao. It logs in with the first call that needs a token.
 *
 * @public
 */
export function createVaultClient(options: VaultClientOptions): VaultClient {
  const { namespace, ...http } = options;
  return new DefaultVaultClient({
    instance: options.instance,
    namespace,
    http: new VaultHttp({ ...http, namespace }),
  });
}
