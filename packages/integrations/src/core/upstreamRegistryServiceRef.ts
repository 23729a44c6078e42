import {
  createServiceFactory,
  createServiceRef,
} from '@backstage/backend-plugin-api';
import { DefaultUpstreamRegistry } from './DefaultUpstreamRegistry';
import type { UpstreamRegistry } from './UpstreamRegistry';

/**
 * Every client of an upstream system registers here, once per process.
 *
 * @public
 */
export const upstreamRegistryServiceRef = createServiceRef<UpstreamRegistry>({
  id: 'waystone.integrations.registry',
  scope: 'root',
  defaultFactory: async service =>
    createServiceFactory({
      service,
      deps: {},
      factory: () => new DefaultUpstreamRegistry(),
    }),
});
