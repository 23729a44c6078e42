import assert from 'node:assert/strict';
import { until } from '../../../packages/launcher/src/processes.mjs';
import { ask } from '../client.mjs';

/** 10 seconds for the load balancer, up to 5 for requests under way, and a little. */
const EXIT_MS = 17_000;

/** A rolling update: one replica is told to stop, nobody notices. */
export function checks(context) {
  const { installation } = context;
  const [stays, leaves] = installation.replicas;

  return {
    'SIGTERM: out of service at once, answers while it drains, exit code 0':
      async () => {
        const since = Date.now();
        leaves.send('SIGTERM');
        const notReady = await until(
          async () =>
            Boolean(leaves.ended) ||
            (await ask(leaves, '/.backstage/health/v1/readiness')).status ===
              503,
          2000,
          50,
        );
        assert.ok(
          notReady && !leaves.ended,
          'it is not taken out of service first',
        );
        const answer = await ask(
          leaves,
          '/api/catalog/entity-facets?facet=kind',
          {
            token: context.token,
          },
        );
        assert.equal(answer.status, 200, `while draining: ${answer.body}`);

        const ended = await until(
          () => Boolean(leaves.ended),
          EXIT_MS + 5000,
          50,
        );
        const took = Date.now() - since;
        assert.ok(ended && took <= EXIT_MS, `still running after ${took} ms`);
        assert.deepEqual(
          leaves.ended,
          { code: 0, signal: null },
          leaves.log.slice(-2000),
        );
        const other = await ask(
          stays,
          '/api/catalog/entity-facets?facet=kind',
          {
            token: context.token,
          },
        );
        assert.equal(other.status, 200, 'the other replica');
        return `ended after ${(took / 1000).toFixed(1)} s`;
      },

    'a start that was killed while it changed a database does not stop the next one':
      async () => {
        // What Knex leaves behind then
        await installation.query(
          'backstage_plugin_catalog',
          'update knex_migrations_lock set is_locked = 1',
        );
        const replica = await installation.startReplica('next');
        await replica.waitUntilReady(60_000);
        return `ready after ${(replica.readyAfterMs / 1000).toFixed(1)} s`;
      },
  };
}
