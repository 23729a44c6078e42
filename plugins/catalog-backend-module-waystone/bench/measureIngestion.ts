import { setTimeout as sleep } from 'node:timers/promises';
import type { EntityProviderConnection } from '@backstage/plugin-catalog-node';
import { openDatabase } from './database';
import { startCatalog } from './startCatalog';

/** How many components a second go from a provider to where they can be read, in stock and with our module. */
export async function measureIngestion(
  url: string,
  components: number,
): Promise<{ stock: number; waystone: number }> {
  return {
    stock: await ingest(url, components, true),
    waystone: await ingest(url, components, false),
  };
}

async function ingest(url: string, components: number, stock: boolean) {
  const { close, knex } = await openDatabase(
    url,
    `ingest_${stock ? 'stock' : 'waystone'}_${Date.now()}`,
  );
  let connection: EntityProviderConnection | undefined;
  const catalog = await startCatalog({
    knex,
    stock,
    provider: {
      getProviderName: () => 'bench',
      connect: async given => {
        connection = given;
      },
    },
  });
  try {
    // Until migrations and triggers are there
    await sleep(3_000);
    const start = performance.now();
    await connection!.applyMutation({
      type: 'full',
      entities: Array.from({ length: components }, (_, n) => ({
        locationKey: 'bench',
        entity: entityOf(n),
      })),
    });
    for (;;) {
      const [{ count }] = await knex('final_entities')
        .whereNotNull('final_entity')
        .count({ count: '*' });
      if (Number(count) >= components) {
        return components / ((performance.now() - start) / 1000);
      }
      await sleep(100);
    }
  } finally {
    await catalog.stop();
    await close();
  }
}

function entityOf(n: number) {
  const location = `url:https://git.example/component-${n}/catalog-info.yaml`;
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: {
      name: `component-${n}`,
      description: `What component-${n} does, in a sentence.`,
      tags: [`tag-${n % 200}`, 'java'],
      annotations: {
        'backstage.io/managed-by-location': location,
        'backstage.io/managed-by-origin-location': location,
        'waystone.dev/tier': String((n % 3) + 1),
      },
    },
    spec: {
      type: 'service',
      lifecycle: 'production',
      owner: `team-${n % 100}`,
      system: `system-${n % 50}`,
      dependsOn: n === 0 ? [] : [`component:component-${n - 1}`],
    },
  };
}
