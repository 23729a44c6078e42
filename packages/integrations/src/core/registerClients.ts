import type { RootLifecycleService } from '@backstage/backend-plugin-api';
import type { Upstream, UpstreamRegistry } from './UpstreamRegistry';

/**
 * Makes clients known to the platform's health page, and closes them when the process ends.
 *
 * @internal
 */
export function registerClients(
  clients: readonly {
    readonly upstream: Upstream;
    close(): Promise<void>;
  }[],
  services: {
    readonly lifecycle: RootLifecycleService;
    readonly registry: UpstreamRegistry;
  },
): void {
  clients.forEach(client => services.registry.register(client.upstream));
  services.lifecycle.addShutdownHook(async () => {
    await Promise.all(clients.map(client => client.close()));
  });
}
