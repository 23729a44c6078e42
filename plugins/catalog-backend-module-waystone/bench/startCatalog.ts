import { setTimeout as sleep } from 'node:timers/promises';
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

/** Waits until what starts with the backend, such as filling its other tables for the first time, has come to an end. */
export async function untilIdle(knex: Knex): Promise<void> {
  for (let calm = 0; calm < 20; ) {
    await sleep(500);
    const { rows } = await knex.raw<{ rows: { busy: number }[] }>(
      `select count(*)::int as busy from pg_stat_activity
       where datname = current_database() and state <> 'idle' and pid <> pg_backend_pid()`,
    );
    calm = rows[0].busy === 0 ? calm + 1 : 0;
  }
}
