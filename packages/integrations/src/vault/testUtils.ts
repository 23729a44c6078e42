import type { VaultClient } from './Client';
import { DefaultVaultService } from './VaultService';
import type { VaultService } from './VaultService';

/**
 * A Vault for the tests of others: it has what is given, and fails loudly at anything else.
 *
 * @public
 */
export function mockVaultClient(parts: Partial<VaultClient> = {}): VaultClient {
  const named = { instance: 'main', namespace: '', ...parts };
  return new Proxy(named as VaultClient, {
    get(target, name, receiver) {
      if (name in target || typeof name === 'symbol' || name === 'then') {
        return Reflect.get(target, name, receiver);
      }
      return () => {
        throw new Error(
          `The mocked Vault was not told what to do on '${name}'`,
        );
      };
    },
  });
}

/** @public */
export function mockVaultService(
  ...clients: readonly VaultClient[]
): VaultService {
  return new DefaultVaultService(clients);
}
