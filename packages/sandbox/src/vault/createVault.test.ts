import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { exportJWK, SignJWT } from 'jose';
import { Client } from 'pg';
import { answerListRequests } from '../http/answerListRequests';
import { createTestContext } from '../testUtils/createTestContext';
import { createVault } from './createVault';
import type { Vault } from './createVault';

const DATABASE_URL =
  process.env.BACKSTAGE_TEST_DATABASE_POSTGRES18_CONNECTION_STRING;
const database = DATABASE_URL ? new URL(DATABASE_URL) : undefined;

/** A Vault that answers on a port of its own. */
class TestVault {
  readonly log: string[] = [];
  vault!: Vault;
  #server!: Server;
  readonly #folder: string;
  readonly token = 'token-of-the-tests';

  static async start(folder: string): Promise<TestVault> {
    const test = new TestVault(folder);
    await test.#listen();
    return test;
  }

  private constructor(folder: string) {
    this.#folder = folder;
  }

  async #listen(): Promise<void> {
    const context = createTestContext({
      stateFolder: this.#folder,
      log: (_system, message) => this.log.push(message),
    });
    this.vault = createVault(
      {
        ...context,
        ...(database && {
          postgres: {
            host: database.hostname,
            port: Number(database.port),
            user: decodeURIComponent(database.username),
            password: decodeURIComponent(database.password),
          },
        }),
      },
      {
        reviewToken: (cluster, jwt) =>
          cluster === 'nonprod' && jwt === 'service-account-token'
            ? { namespace: 'orders', serviceAccount: 'portal' }
            : undefined,
      },
    );
    const app = express();
    app.use(this.vault.path, this.vault.handler);
    this.#server = createServer(app);
    answerListRequests(this.#server);
    await new Promise<void>(resolve => {
      this.#server.listen(0, '127.0.0.1', resolve);
    });
    await this.vault.start!();
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async call(
    method: string,
    path: string,
    body?: object,
    token: string | undefined = this.token,
  ): Promise<{ status: number; body: any }> {
    const answer = await fetch(
      `http://127.0.0.1:${this.port}/vault/v1/${path}`,
      {
        method,
        headers: {
          ...(token && { 'X-Vault-Token': token }),
          'Content-Type': 'application/json',
        },
        body: body && JSON.stringify(body),
      },
    );
    const text = await answer.text();
    return { status: answer.status, body: text ? JSON.parse(text) : undefined };
  }

  async stop(): Promise<void> {
    await this.vault.stop!();
    this.#server.closeAllConnections();
    await new Promise(resolve => {
      this.#server.close(resolve);
    });
  }
}

describe('Vault of the sandbox', () => {
  let folder: string;
  let test: TestVault;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'waystone-vault-'));
    test = await TestVault.start(folder);
  });

  afterEach(async () => {
    await test.stop();
    rmSync(folder, { recursive: true });
  });

  it('keeps everything over a restart, in a file that only its owner reads', async () => {
    await test.call('POST', 'secret/data/a/b', { data: { key: 'value' } });
    const { body } = await test.call('POST', 'auth/token/create', {
      policies: ['default'],
      ttl: '1h',
    });
    const file = join(folder, 'vault/vault.json');
    // eslint-disable-next-line no-bitwise
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await test.stop();
    test = await TestVault.start(folder);
    await expect(test.call('GET', 'secret/data/a/b')).resolves.toMatchObject({
      status: 200,
      body: { data: { data: { key: 'value' } } },
    });
    await expect(
      test.call(
        'GET',
        'auth/token/lookup-self',
        undefined,
        body.auth.client_token,
      ),
    ).resolves.toMatchObject({ status: 200 });
    expect(JSON.parse(readFileSync(file, 'utf8')).sealed).toBe(false);
  });

  it('is sealed, standby or active, and says so by its status', async () => {
    await expect(test.call('GET', 'sys/health')).resolves.toMatchObject({
      status: 200,
      body: { sealed: false, standby: false },
    });
    test.vault.setStandby(true);
    await expect(test.call('GET', 'sys/health')).resolves.toMatchObject({
      status: 429,
    });
    await expect(
      test.call('GET', 'sys/health?standbyok=true'),
    ).resolves.toMatchObject({ status: 200 });
    test.vault.setStandby(false);

    test.vault.seal();
    await expect(test.call('GET', 'sys/health')).resolves.toMatchObject({
      status: 503,
      body: { sealed: true },
    });
    await expect(test.call('GET', 'secret/data/a')).resolves.toEqual({
      status: 503,
      body: { errors: ['Vault is sealed'] },
    });
    await expect(
      test.call('POST', 'sys/unseal', { key: 'd3Jvbmcta2V5LXdyb25nLWtleQ==' }),
    ).resolves.toMatchObject({ status: 400 });
    await expect(
      test.call('POST', 'sys/unseal', { key: test.vault.unsealKey }),
    ).resolves.toMatchObject({ status: 200, body: { sealed: false } });
    await expect(test.call('GET', 'secret/data/a')).resolves.toEqual({
      status: 404,
      body: { errors: [] },
    });
  });

  it('expires and restores secrets for stories', async () => {
    test.vault.writeSecret('secret/pay', { key: 'v' }, { owner: 'pay' });
    expect(test.vault.readSecret('secret/pay')).toEqual({ key: 'v' });
    expect(test.vault.expireSecret('secret/pay')).toBe(true);
    expect(test.vault.readSecret('secret/pay')).toBeUndefined();
    await expect(test.call('GET', 'secret/data/pay')).resolves.toMatchObject({
      status: 404,
      body: {
        data: { data: null, metadata: { custom_metadata: { owner: 'pay' } } },
      },
    });
    expect(test.vault.restoreSecret('secret/pay')).toBe(true);
    await expect(test.call('GET', 'secret/data/pay')).resolves.toMatchObject({
      status: 200,
    });
    expect(test.vault.expireSecret('secret/none')).toBe(false);
    expect(() => test.vault.readSecret('nowhere/a')).toThrow(
      /no KV engine of version 2/,
    );
  });

  it('answers the method LIST, which Node does not know', async () => {
    test.vault.writeSecret('secret/a/b', { key: 'v' });
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(test.port, '127.0.0.1', () => {
        socket.write(
          `LIST /vault/v1/secret/metadata/ HTTP/1.1\r\nHost: localhost\r\nX-Vault-Token: ${test.token}\r\n\r\n`,
        );
      });
      let text = '';
      socket.on('data', chunk => {
        text += chunk;
      });
      socket.on('end', () => resolve(text));
      socket.on('error', reject);
    });
    expect(answer).toMatch(/^HTTP\/1\.1 200/);
    expect(answer).toContain('"keys":["a/"]');
    // Other nonsense is refused as before.
    const nonsense = await new Promise<string>(resolve => {
      const socket = connect(test.port, '127.0.0.1', () => {
        socket.write('NONSENSE\r\n\r\n');
      });
      let text = '';
      socket.on('data', chunk => {
        text += chunk;
      });
      socket.on('close', () => resolve(text));
    });
    expect(nonsense).toMatch(/^HTTP\/1\.1 400/);
  });

  it('logs pods in by their service account', async () => {
    await test.call('POST', 'auth/kubernetes/config', {
      kubernetes_host: 'http://localhost:7008/kubernetes/nonprod/',
    });
    await test.call('POST', 'auth/kubernetes/role/portal', {
      bound_service_account_names: ['portal'],
      bound_service_account_namespaces: ['orders'],
      token_policies: ['default'],
      token_ttl: '15m',
    });
    await test.call('POST', 'auth/kubernetes/role/other', {
      bound_service_account_names: ['*'],
      bound_service_account_namespaces: ['billing'],
    });
    const logIn = (role: string, jwt: string) =>
      test.call('POST', 'auth/kubernetes/login', { role, jwt }, '');
    await expect(
      logIn('portal', 'service-account-token'),
    ).resolves.toMatchObject({
      status: 200,
      body: {
        auth: {
          lease_duration: 900,
          renewable: true,
          metadata: {
            role: 'portal',
            service_account_name: 'portal',
            service_account_namespace: 'orders',
          },
        },
      },
    });
    await expect(logIn('portal', 'another')).resolves.toMatchObject({
      status: 403,
    });
    await expect(logIn('other', 'service-account-token')).resolves.toEqual({
      status: 403,
      body: { errors: ['namespace not authorized'] },
    });
    expect(test.vault.expireTokens('auth/kubernetes/')).toBe(1);
  });

  it('logs in whoever has a signed token', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
    });
    const keys = createServer((_request, response) => {
      exportJWK(publicKey).then(jwk =>
        response.end(
          JSON.stringify({ keys: [{ ...jwk, kid: '1', alg: 'RS256' }] }),
        ),
      );
    });
    await new Promise<void>(resolve => {
      keys.listen(0, '127.0.0.1', resolve);
    });
    await test.call('POST', 'auth/jwt/config', {
      jwks_url: `http://127.0.0.1:${(keys.address() as AddressInfo).port}/keys`,
      bound_issuer: 'https://ci.example',
    });
    await test.call('POST', 'auth/jwt/role/ci', {
      role_type: 'jwt',
      user_claim: 'sub',
      bound_audiences: ['vault'],
      bound_claims: { repository: ['orders'] },
      claim_mappings: { repository: 'repository' },
    });
    const logIn = async (claims: object, audience = 'vault') => {
      const jwt = await new SignJWT({ repository: 'orders', ...claims })
        .setProtectedHeader({ alg: 'RS256', kid: '1' })
        .setIssuer('https://ci.example')
        .setAudience(audience)
        .setSubject('run-1')
        .setExpirationTime('5m')
        .sign(privateKey);
      return test.call('POST', 'auth/jwt/login', { role: 'ci', jwt }, '');
    };
    await expect(logIn({})).resolves.toMatchObject({
      status: 200,
      body: { auth: { metadata: { role: 'ci', repository: 'orders' } } },
    });
    await expect(logIn({ repository: 'other' })).resolves.toMatchObject({
      status: 400,
    });
    await expect(logIn({}, 'elsewhere')).resolves.toMatchObject({
      status: 400,
    });
    await expect(
      test.call('POST', 'auth/jwt/login', { role: 'ci', jwt: 'a.b.c' }, ''),
    ).resolves.toMatchObject({ status: 400 });
    await new Promise(resolve => {
      keys.closeAllConnections();
      keys.close(resolve);
    });
  });

  it('refuses bodies and methods as the real server does', async () => {
    const send = (body: string) =>
      new Promise<number>((resolve, reject) => {
        const request = httpRequest(
          {
            port: test.port,
            path: '/vault/v1/secret/data/a',
            method: 'POST',
            headers: { 'X-Vault-Token': test.token },
          },
          answer => {
            answer.resume();
            resolve(answer.statusCode!);
          },
        );
        request.on('error', reject);
        request.end(body);
      });
    await expect(send('{"data":')).resolves.toBe(400);
    await expect(send('[]')).resolves.toBe(400);
    await expect(test.call('PURGE', 'secret/data/a')).resolves.toMatchObject({
      status: 405,
    });
    await expect(
      test.call('PATCH', 'secret/data/a', { data: {} }),
    ).resolves.toMatchObject({ status: 415 });
    await expect(
      test.call('GET', 'secret/data/__proto__'),
    ).resolves.toMatchObject({ status: 404 });
  });

  it('ends tokens and what hangs on them', async () => {
    const { body: parent } = await test.call('POST', 'auth/token/create', {
      ttl: '1h',
    });
    const { body: child } = await test.call(
      'POST',
      'auth/token/create',
      { ttl: '1s', policies: ['default'] },
      parent.auth.client_token,
    );
    const lookUp = (token: string) =>
      test.call('GET', 'auth/token/lookup-self', undefined, token);
    await expect(lookUp(child.auth.client_token)).resolves.toMatchObject({
      status: 200,
    });
    await new Promise(resolve => setTimeout(resolve, 1100));
    await expect(lookUp(child.auth.client_token)).resolves.toMatchObject({
      status: 403,
    });
    const { body: other } = await test.call(
      'POST',
      'auth/token/create',
      {},
      parent.auth.client_token,
    );
    await test.vault.revokeAll();
    for (const token of [parent, other]) {
      await expect(lookUp(token.auth.client_token)).resolves.toMatchObject({
        status: 403,
      });
    }
    await expect(lookUp(test.token)).resolves.toMatchObject({ status: 200 });
  });

  (database ? describe : describe.skip)('with PostgreSQL', () => {
    it('makes accounts in the embedded PostgreSQL that end with their lease and with the token', async () => {
      const canLogIn = async (user: string, password: string) => {
        const client = new Client({
          host: database!.hostname,
          port: Number(database!.port),
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
      };
      const untilGone = async (user: string, password: string) => {
        while (await canLogIn(user, password)) {
          await new Promise(resolve => setTimeout(resolve, 50));
        }
      };
      await test.call('POST', 'database/roles/orders', {
        db_name: 'embedded',
        creation_statements: `CREATE ROLE "{{name}}" WITH LOGIN PASSWORD '{{password}}' VALID UNTIL '{{expiration}}';`,
        default_ttl: '1s',
        max_ttl: '1h',
      });
      const short = await test.call('GET', 'database/creds/orders');
      const { username, password } = short.body.data;
      await expect(canLogIn(username, password)).resolves.toBe(true);
      await untilGone(username, password);

      await test.call('POST', 'database/roles/orders', { default_ttl: '1h' });
      const { body: token } = await test.call('POST', 'auth/token/create', {
        ttl: '1h',
      });
      const long = await test.call(
        'GET',
        'database/creds/orders',
        undefined,
        token.auth.client_token,
      );
      await expect(
        canLogIn(long.body.data.username, long.body.data.password),
      ).resolves.toBe(true);
      await test.call('POST', 'auth/token/revoke', {
        token: token.auth.client_token,
      });
      await untilGone(long.body.data.username, long.body.data.password);
      expect(test.log).toEqual([]);
    });
  });
});
