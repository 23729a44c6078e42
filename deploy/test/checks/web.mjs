import assert from 'node:assert/strict';
import { ask } from '../client.mjs';

/** What a browser gets before anybody has signed in. */
export function checks({ installation }) {
  const [a, b] = installation.replicas;

  return {
    'the frontend is served with tight headers': async () => {
      for (const replica of installation.replicas) {
        for (const path of ['/', '/catalog/default/component/some-service']) {
          const { status, headers, body } = await ask(replica, path);
          assert.equal(status, 200, path);
          assert.match(body, /<div id="root">/);
          const policy = readPolicy(headers['content-security-policy']);
          assert.deepEqual(policy.get('default-src'), ["'self'"]);
          assert.deepEqual(policy.get('frame-ancestors'), ["'none'"]);
          assert.deepEqual(policy.get('object-src'), ["'none'"]);
          assert.deepEqual(policy.get('form-action'), ["'self'"]);
          assert.deepEqual(policy.get('base-uri'), ["'self'"]);
          assert.deepEqual(policy.get('connect-src'), ["'self'"]);
          assert.ok(policy.has('upgrade-insecure-requests'));
          for (const [name, sources] of policy) {
            for (const source of sources) {
              assert.doesNotMatch(
                source,
                /^(https?:|wss?:|\*)$/,
                `${name} ${source}`,
              );
            }
          }
          assert.ok(!policy.get('script-src').includes("'unsafe-inline'"));
          assert.match(headers['strict-transport-security'], /max-age=\d{7,}/);
          assert.equal(headers['x-content-type-options'], 'nosniff');
          assert.equal(headers['x-powered-by'], undefined);
          assert.equal(headers['access-control-allow-origin'], undefined);
        }
      }
    },

    'the scripts of the frontend are served by both replicas': async () => {
      const { body } = await ask(a, '/');
      const scripts = [...body.matchAll(/<script[^>]+src="([^"]+)"/g)].map(
        ([, src]) => src,
      );
      assert.ok(scripts.length > 0, 'the page has no scripts');
      for (const src of scripts) {
        for (const replica of [a, b]) {
          const { status, headers } = await ask(replica, src);
          assert.equal(status, 200, src);
          assert.match(headers['content-type'], /javascript/);
        }
      }
    },

    'the configuration given to browsers has no sandbox and no secrets':
      async () => {
        const { body } = await ask(a, '/');
        const [, text] =
          /<script type="backstage.io\/config">([^]*?)<\/script>/.exec(body) ??
          [];
        const configs = JSON.parse(text);
        assert.ok(configs.length > 0);
        for (const { data } of configs) {
          assert.equal(data.waystone?.sandbox, undefined);
          assert.equal(data.auth?.providers?.guest, undefined);
          assert.equal(data.backend?.database, undefined);
        }
        const merged = Object.assign(
          {},
          ...configs.map(({ data }) => data.app),
        );
        assert.equal(merged.baseUrl, 'https://portal.example');
        const { secrets, postgres } = installation;
        for (const secret of [
          secrets.session,
          secrets.client,
          postgres.password,
        ]) {
          assert.ok(!body.includes(secret), 'a secret is in the page');
        }
      },

    'there is no guest sign-in': async () => {
      for (const path of ['start', 'refresh', 'handler/frame', 'logout']) {
        for (const method of ['GET', 'POST']) {
          const { status } = await ask(
            a,
            `/api/auth/guest/${path}?env=production`,
            {
              method,
              headers: { 'x-requested-with': 'XMLHttpRequest' },
            },
          );
          assert.equal(status, 404, `${method} ${path}`);
        }
      }
    },

    'the API asks for a token': async () => {
      for (const path of [
        '/api/catalog/entities',
        '/api/catalog/entities/by-query?limit=1',
        '/api/scaffolder/v2/tasks',
        '/api/search/query?term=x',
        '/api/notifications/notifications',
        '/api/kubernetes/clusters',
        '/api/user-settings/buckets',
        '/api/techdocs/metadata/entity/default/component/x',
        '/api/mcp-actions/v1',
      ]) {
        const { status, body } = await ask(a, path);
        assert.equal(status, 401, `${path}: ${status} ${body.slice(0, 200)}`);
      }
      const { status } = await ask(a, '/api/catalog/entities', {
        token: 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJ1c2VyOmRlZmF1bHQvYWRtaW4ifQ.',
      });
      assert.equal(status, 401);
    },

    'other origins are not let in': async () => {
      const { headers } = await ask(a, '/api/catalog/entities', {
        headers: { origin: 'https://evil.example' },
      });
      assert.equal(headers['access-control-allow-origin'], undefined);
    },

    'the log is one JSON object a line': () => {
      const strange = a.log
        .split('\n')
        .filter(Boolean)
        // Written by Backstage before its logger exists
        .filter(line => !line.startsWith('Loading config from '))
        .filter(line => {
          try {
            const { level, message } = JSON.parse(line);
            return !level || typeof message !== 'string';
          } catch {
            return true;
          }
        });
      assert.deepEqual(strange, []);
    },

    'replicas tell each other of events': () => {
      for (const { log, name } of installation.replicas) {
        assert.ok(
          !/events backend not found/.test(log),
          `Replica ${name} gave up on the event bus: signals reach the browsers of one replica only`,
        );
      }
    },
  };
}

/** @param {string} text */
function readPolicy(text) {
  return new Map(
    text.split(';').map(directive => {
      const [name, ...sources] = directive.trim().split(/\s+/);
      return [name, sources];
    }),
  );
}
