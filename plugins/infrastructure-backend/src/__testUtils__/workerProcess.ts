/**
 * The worker in a process of its own, so that it can be killed. Its environment says where the database and the cluster
 * are.
 */
import { mockServices } from '@backstage/backend-test-utils';
import { createKubernetesClient } from '@waystone/integrations';
import type { KubernetesService } from '@waystone/integrations';
import createKnex from 'knex';
import { DatabaseRequestStore } from '../database/DatabaseRequestStore';
import { CrossplaneProvisioner } from '../provisioner/CrossplaneProvisioner';
import { RequestWorker } from '../worker/RequestWorker';

const { CLUSTER_URL = '', DATABASE_URL } = process.env;

async function main(): Promise<void> {
  const client = createKubernetesClient({
    cluster: 'nonprod',
    baseUrl: CLUSTER_URL,
  });
  const store = await DatabaseRequestStore.create({
    knex: createKnex({
      client: 'pg',
      connection: DATABASE_URL,
      pool: { min: 0, max: 4 },
    }),
  });
  new RequestWorker({
    store,
    provisioner: new CrossplaneProvisioner({
      kubernetes: { cluster: () => client } as unknown as KubernetesService,
    }),
    logger: mockServices.rootLogger({ level: 'none' }),
    pollMs: 50,
    leaseSeconds: 2,
  }).start();
  process.send?.('started');
}

void main();
