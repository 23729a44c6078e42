import { createBackendModule } from '@backstage/backend-plugin-api';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { catalogProcessingExtensionPoint } from '@backstage/plugin-catalog-node';
import type { EntityProvider } from '@backstage/plugin-catalog-node';
import type { Knex } from 'knex';

/** The catalog's backend, with ours or as it is in stock. Everybody may see everything. */
export async function startCatalog(options: {
  readonly knex: Knex;
  readonly stock?: boolean;
  readonly provider?: EntityProvider;
}): Promise<{ url: string; stop(): Promise<void> }> {
  const { knex, provider, stock } = options;
  const backend = await startTestBackend({
    features: [
      mockServices.database.factory({ knex }),
      mockServices.rootConfig.factory({
        data: { app: { baseUrl: 'http://localhost' } },
      }),
      import('@backstage/plugin-catalog-backend'),
      ...(stock ? [] : [import('../src')]),
      ...(provider
        ? [
            createBackendModule({
              pluginId: 'catalog',
              moduleId: 'bench',
              register(reg) {
                reg.registerInit({
                  deps: { processing: catalogProcessingExtensionPoint },
                  async init({ processing }) {
                    processing.addEntityProvider(provider);
                  },
                });
              },
            }),
          ]
        : []),
    ],
  });
  return {
    url: `http://localhost:${backend.server.port()}`,
    stop: () => backend.stop(),
  };
}
