import type { BackendRoute, VaultBackend } from '../VaultBackend';
import type { VaultCore } from '../VaultCore';
import { createLeaseRoutes } from './leaseRoutes';
import { createMountRoutes } from './mountRoutes';
import { createNamespaceRoutes } from './namespaceRoutes';
import { createPolicyRoutes } from './policyRoutes';
import { createWrappingRoutes } from './wrappingRoutes';

/**
 * What is below `sys/` and needs a token. Health and the seal are answered before any token is looked at.
 *
 * @internal
 */
export class SystemBackend implements VaultBackend {
  readonly routes: readonly BackendRoute[];

  constructor(core: VaultCore, namespace: string) {
    this.routes = [
      ...createMountRoutes(core, namespace),
      ...createPolicyRoutes(core, namespace),
      ...createLeaseRoutes(core, namespace),
      ...createWrappingRoutes(core),
      ...createNamespaceRoutes(core, namespace),
      {
        pattern: /^audit$/,
        sudo: true,
        operations: { read: () => ({ data: {} }) },
      },
      {
        pattern: /^seal$/,
        sudo: true,
        operations: {
          update: () => {
            core.setSealed(true);
            return undefined;
          },
        },
      },
    ];
  }
}
