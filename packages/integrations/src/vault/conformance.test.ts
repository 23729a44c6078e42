import { Client } from 'pg';
import { startSandbox, testDatabaseUrl } from '../testUtils/startSandbox';
import { testVaultClient } from './conformance';
import type { VaultUnderTest } from './conformance';

/** Names a real Vault or OpenBao and a token with every right. */
const { WAYSTONE_TEST_VAULT_ADDR, WAYSTONE_TEST_VAULT_TOKEN } = process.env;

jest.setTimeout(60_000);

describe('the sandbox', () => {
  testVaultClient({
    create: async () => {
      const sandbox = await startSandbox();
      return {
        url: `${sandbox.url}/vault`,
        token: sandbox.token,
        database: testDatabase(),
        close: () => sandbox.stop(),
      };
    },
  });
});

if (WAYSTONE_TEST_VAULT_ADDR && WAYSTONE_TEST_VAULT_TOKEN) {
  describe('the real server', () => {
    testVaultClient({
      create: async () => ({
        url: WAYSTONE_TEST_VAULT_ADDR,
        token: WAYSTONE_TEST_VAULT_TOKEN,
        database: testDatabase(),
      }),
    });
  });
}

/** The test run's PostgreSQL, if there is one; both Vaults reach it on this machine. */
function testDatabase(): VaultUnderTest['database'] {
  const url = testDatabaseUrl();
  if (!url) {
    return undefined;
  }
  return {
    connectionUrl: `postgresql://{{username}}:{{password}}@${url.host}/postgres?sslmode=disable`,
    username: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    canLogIn: async (user, password) => {
      const client = new Client({
        host: url.hostname,
        port: Number(url.port),
        database: 'postgres',
        user,
        password,
      });
      try {
        await client.connect();
        return true;
      } catch {
        return false;
      } finally {
        await client.end();
      }
    },
  };
}
