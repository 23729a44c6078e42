import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { until } from '../../../packages/launcher/src/processes.mjs';
import { ask } from '../client.mjs';

const READINESS_MS = 2000;
const ANSWER_MS = 5000;
const RECOVERY_MS = 20_000;
const READINESS = '/.backstage/health/v1/readiness';

/** A database that stands still: connections stay open and nothing answers. Worse than one that is gone. */
export function checks(context) {
  const { replicas, postgres } = context.installation;
  const leaks = new RegExp(
    `select |insert |update |from "|ECONN|${postgres.port}|127\\.0\\.0\\.1|${postgres.password}|knex|pool|    at `,
    'i',
  );

  return {
    'a frozen database: not ready within 2 s, answers within 5 s, recovery':
      async () => {
        const processes = processTree(postgres.pid);
        const since = performance.now();
        const age = () => performance.now() - since;
        processes.forEach(pid => process.kill(pid, 'SIGSTOP'));
        try {
          // Under way when the database stops
          const early = replicas.map(replica => read(replica));
          const notReady = await Promise.all(
            replicas.map(async replica => {
              const seen = await until(
                async () => (await ask(replica, READINESS)).status === 503,
                10_000,
                50,
              );
              return seen ? age() : Infinity;
            }),
          );
          const slowest = Math.max(...notReady);
          assert.ok(
            slowest <= READINESS_MS,
            `not ready only after ${Math.round(slowest)} ms`,
          );

          const late = replicas.flatMap(replica => [
            read(replica),
            read(replica),
          ]);
          const answers = await Promise.all([...early, ...late]);
          for (const { status, headers, body, ms } of answers) {
            assert.equal(status, 503, body);
            assert.match(headers['retry-after'] ?? '', /^\d+$/);
            assert.ok(ms <= ANSWER_MS, `answered after ${Math.round(ms)} ms`);
            assert.doesNotMatch(body, leaks);
          }
          for (const replica of replicas) {
            const { status } = await ask(
              replica,
              '/.backstage/health/v1/liveness',
            );
            assert.equal(status, 200, 'liveness');
            const page = await ask(replica, '/');
            assert.equal(page.status, 200, 'the page itself');
          }
          context.frozen = {
            notReadyMs: Math.round(slowest),
            slowestMs: Math.round(Math.max(...answers.map(({ ms }) => ms))),
          };
        } finally {
          processes.forEach(pid => process.kill(pid, 'SIGCONT'));
        }
        const thawed = performance.now();
        for (const replica of replicas) {
          await replica.waitUntilReady(RECOVERY_MS);
          const back = await until(
            async () => (await read(replica)).status === 200,
            RECOVERY_MS,
            100,
          );
          assert.ok(back, `replica ${replica.name} does not recover`);
        }
        const { notReadyMs, slowestMs } = context.frozen;
        return `not ready after ${notReadyMs} ms, slowest answer ${slowestMs} ms, recovered in ${Math.round(
          performance.now() - thawed,
        )} ms`;
      },
  };

  function read(replica) {
    return ask(replica, '/api/catalog/entities/by-query?limit=1', {
      token: context.token,
    });
  }
}

/** PostgreSQL's processes are sessions of their own: a signal to the group would reach the first only. */
function processTree(root) {
  const children = new Map();
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], {
    encoding: 'utf8',
  });
  for (const line of table.trim().split('\n')) {
    const [pid, parent] = line.trim().split(/\s+/).map(Number);
    children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const visit = pid => [pid, ...(children.get(pid) ?? []).flatMap(visit)];
  return visit(root);
}
