import assert from 'node:assert/strict';
import { ask } from '../client.mjs';

/** PostgreSQL's default is 100, of which it keeps 3 for superusers; some room is left for people and backups. */
const MAX_CONNECTIONS = 90;
const BURST = 300;
/** Above `waystone.rateLimit.anonymous`. */
const FLOOD = 700;

/** What happens when many ask at the same time. */
export function checks(context) {
  const { installation } = context;
  const { replicas } = installation;

  const countConnections = async () => {
    const [{ count }] = await installation.query(
      'postgres',
      "select count(*)::int as count from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()",
    );
    return count;
  };

  return {
    'the replicas’ connections fit PostgreSQL when idle': async () => {
      const connections = await countConnections();
      assert.ok(connections <= MAX_CONNECTIONS, `${connections} connections`);
      return `${connections} connections`;
    },

    'and under a burst': async () => {
      const paths = [
        '/api/catalog/entities/by-query?limit=20',
        '/api/catalog/entity-facets?facet=kind',
        '/api/search/query?term=a',
        '/api/scaffolder/v2/tasks',
        '/api/notifications/notifications',
        '/api/user-settings/buckets/x/keys/y',
      ];
      let done = false;
      const requests = Promise.all(
        Array.from({ length: BURST }, (_, index) =>
          ask(replicas[index % 2], paths[index % paths.length], {
            token: context.token,
            timeoutMs: 60_000,
          }),
        ),
      ).finally(() => (done = true));
      let highest = 0;
      while (!done) {
        highest = Math.max(highest, await countConnections());
        await new Promise(resolve => setTimeout(resolve, 25));
      }
      const failed = (await requests).filter(({ status }) => status >= 500);
      assert.deepEqual(
        failed.map(({ status, body }) => `${status} ${body.slice(0, 200)}`),
        [],
      );
      assert.ok(highest <= MAX_CONNECTIONS, `${highest} connections`);
      return `${BURST} requests, at most ${highest} connections`;
    },

    'who asks too often is told to wait, health checks are not': async () => {
      const [replica] = replicas;
      const from = '198.51.100.7';
      const answers = [];
      for (let count = 0; count < FLOOD; count += 50) {
        answers.push(
          ...(await Promise.all(
            Array.from({ length: 50 }, () =>
              ask(replica, '/api/catalog/entities', { from }),
            ),
          )),
        );
      }
      const refused = answers.filter(({ status }) => status === 429);
      assert.ok(refused.length > 0, `${FLOOD} requests and none refused`);
      assert.ok(
        answers.every(({ status }) => status === 401 || status === 429),
        'something else than 401 and 429',
      );
      for (const { headers } of refused) {
        assert.match(headers['retry-after'] ?? '', /^[1-9]\d*$/);
      }
      for (const probe of ['liveness', 'readiness']) {
        const health = await ask(replica, `/.backstage/health/v1/${probe}`, {
          from,
        });
        assert.equal(health.status, 200, probe);
      }
      const page = await ask(replica, '/', { from });
      assert.equal(page.status, 200, 'the page itself');
      const other = await ask(replica, '/api/catalog/entities', {
        from: '198.51.100.8',
      });
      assert.equal(other.status, 401, 'another address');
      const person = await ask(
        replica,
        '/api/catalog/entity-facets?facet=kind',
        {
          from,
          token: context.token,
        },
      );
      assert.equal(
        person.status,
        200,
        'a signed-in person at the same address',
      );
      return `${refused.length} of ${FLOOD} refused`;
    },
  };
}
