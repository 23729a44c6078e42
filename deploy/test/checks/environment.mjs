import assert from 'node:assert/strict';

/** The process ends with EX_CONFIG of sysexits.h: the configuration is wrong, a restart does not help. */
const CONFIGURATION_ERROR = 78;

/** A missing variable must not show up as something else later. */
export function checks({ installation, started }) {
  return {
    'two replicas become ready': async () => {
      await started;
      return installation.replicas
        .map(
          ({ name, readyAfterMs }) =>
            `${name} ${(readyAfterMs / 1000).toFixed(1)} s`,
        )
        .join(', ');
    },

    'and can be started at the same time on an empty database': () => {
      if (installation.simultaneousStart) throw installation.simultaneousStart;
    },

    'a missing variable stops the start and is named with its file':
      async () => {
        const { AUTH_OIDC_CLIENT_SECRET, ...rest } = installation.environment;
        const replica = await installation.startReplica('incomplete', {
          ...rest,
          POSTGRES_HOST: '',
        });
        const { code } = await replica.exited;
        const { log } = replica;
        assert.equal(code, CONFIGURATION_ERROR, log);
        const messages = log
          .trim()
          .split('\n')
          .map(line => JSON.parse(line).message);
        assert.deepEqual(messages, [
          'The environment variable POSTGRES_HOST is not set. app-config.yaml needs it for backend.database.connection.host.',
          'The environment variable AUTH_OIDC_CLIENT_SECRET is not set. app-config.production.yaml needs it for auth.providers.oidc.production.clientSecret.',
        ]);
        for (const secret of [
          AUTH_OIDC_CLIENT_SECRET,
          rest.POSTGRES_PASSWORD,
        ]) {
          assert.ok(!log.includes(secret), 'a secret is in the log');
        }
      },
  };
}
