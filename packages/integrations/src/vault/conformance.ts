import { request } from 'undici';
import { UpstreamError } from '../core/UpstreamError';
import type { VaultClient } from './Client';
import { createVaultClient } from './createVaultClient';
import { vaultFailureOf } from './errors';
import type { SecretRef } from './types';

/** A Vault that the suite may change. @public */
export interface VaultUnderTest {
  readonly url: string;
  /** With every right. */
  readonly token: string;
  /** A PostgreSQL that this Vault reaches. Without it the database engine is not looked at. */
  readonly database?: {
    /** With `{{username}}` and `{{password}}` in it. */
    readonly connectionUrl: string;
    readonly username: string;
    readonly password: string;
    /** Whether an account can log in. */
    canLogIn(username: string, password: string): Promise<boolean>;
  };
  close?(): Promise<void>;
}

const CREATION = `CREATE ROLE "{{name}}" WITH LOGIN PASSWORD '{{password}}' VALID UNTIL '{{expiration}}'`;
const VALUE = 'value-that-nobody-may-see';

/**
 * What {@link VaultClient} needs of a Vault. Runs on the sandbox and on real servers.
 *
 * @remarks
 * Everything it makes has a name of its own and is removed at the end.
 *
 * @public
 */
export function testVaultClient(options: {
  create(): Promise<VaultUnderTest>;
}): void {
  describe('the client of Vault', () => {
    const id = `waystone-${Math.random().toString(36).slice(2, 8)}`;
    const mount = `${id}/kv`;
    let vault: VaultUnderTest;
    let client: VaultClient;
    const clients: VaultClient[] = [];

    const admin = async (
      method: 'GET' | 'POST' | 'DELETE',
      path: string,
      body?: object,
    ): Promise<any> => {
      const answer = await request(`${vault.url}/v1/${path}`, {
        method,
        headers: {
          'X-Vault-Token': vault.token,
          'Content-Type': 'application/json',
        },
        body: body && JSON.stringify(body),
      });
      const text = await answer.body.text();
      if (answer.statusCode >= 400) {
        throw new Error(`${method} ${path}: ${answer.statusCode} ${text}`);
      }
      return text ? JSON.parse(text) : undefined;
    };

    const connect = (
      auth: Parameters<typeof createVaultClient>[0]['auth'],
      namespace?: string,
    ) => {
      const other = createVaultClient({
        instance: 'test',
        baseUrl: vault.url,
        auth,
        namespace,
      });
      clients.push(other);
      return other;
    };

    const withPolicy = async (policy: string) => {
      const name = `${id}-${Math.random().toString(36).slice(2, 8)}`;
      await admin('POST', `sys/policies/acl/${name}`, { policy });
      const { auth } = await admin('POST', 'auth/token/create', {
        policies: [name],
        ttl: '10m',
      });
      return connect({ method: 'token', token: auth.client_token });
    };

    const tokensOf = async (path: string): Promise<string[]> => {
      const { data } = await admin('GET', 'auth/token/accessors?list=true');
      const found: string[] = [];
      for (const accessor of data.keys as string[]) {
        const token = await admin('POST', 'auth/token/lookup-accessor', {
          accessor,
        }).catch(() => undefined);
        if (token?.data.path === path) {
          found.push(accessor);
        }
      }
      return found;
    };

    const secret = (name: string): SecretRef => ({
      mount,
      path: `folder/${name}`,
    });

    beforeAll(async () => {
      vault = await options.create();
      client = connect({ method: 'token', token: vault.token });
      await admin('POST', `sys/mounts/${mount}`, {
        type: 'kv',
        options: { version: '2' },
      });
    }, 120_000);

    afterAll(async () => {
      await admin('DELETE', `sys/mounts/${mount}`);
      const { data } = await admin('GET', 'sys/policies/acl?list=true');
      for (const name of data.keys as string[]) {
        if (name.startsWith(id)) {
          await admin('DELETE', `sys/policies/acl/${name}`);
        }
      }
      await Promise.all(clients.map(item => item.close()));
      await vault.close?.();
    }, 120_000);

    it('tells its state and who the portal is to it', async () => {
      await expect(client.health()).resolves.toMatchObject({
        state: 'active',
        version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      });
      await expect(client.identity()).resolves.toMatchObject({
        policies: ['root'],
      });
      await expect(client.upstream.probe()).resolves.toMatchObject({
        authenticated: true,
      });
      await expect(client.findEngine(`${mount}/any`)).resolves.toEqual({
        mount,
        type: 'kv',
        version: 2,
      });
      await expect(client.findEngine(`${id}/none`)).resolves.toBeUndefined();
    });

    it('says that a token is not known', async () => {
      const stranger = connect({ method: 'token', token: 's.unknown-token' });
      const error = await stranger.findSecret(secret('a')).catch(e => e);
      expect(error).toBeInstanceOf(UpstreamError);
      expect(error.code).toBe('unauthenticated');
      expect(vaultFailureOf(error)).toEqual({ type: 'token-refused' });
      expect(JSON.stringify([error, error.message, error.stack])).not.toContain(
        's.unknown-token',
      );
      await expect(stranger.upstream.probe()).resolves.toMatchObject({
        authenticated: false,
      });
    });

    it('writes, reads and lists secrets', async () => {
      const ref = secret('basic/a');
      await expect(client.findSecret(ref)).resolves.toBeUndefined();
      await expect(client.findSecretMetadata(ref)).resolves.toBeUndefined();
      await expect(client.findSecretKeys(ref)).resolves.toBeUndefined();
      await expect(client.listSecrets(secret('basic'))).resolves.toEqual([]);

      const data = {
        password: VALUE,
        nested: { port: 5432, tls: { on: true } },
      };
      const version = await client.writeSecret(ref, data);
      expect(version).toEqual({
        version: 1,
        createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
        deletedAt: undefined,
        destroyed: false,
      });
      await expect(client.findSecret(ref)).resolves.toEqual({
        data,
        version,
        customMetadata: {},
      });
      await client.writeSecret(secret('basic/a/below'), { x: 1 });
      // A secret and a folder can have the same name.
      await expect(client.listSecrets(secret('basic'))).resolves.toEqual([
        'a',
        'a/',
      ]);
      await expect(client.findSecretKeys(ref)).resolves.toMatchObject({
        keys: { password: null, nested: { port: null, tls: { on: null } } },
        version: { version: 1 },
      });
      await expect(
        client.findSecretKeys(ref, { depth: 1 }),
      ).resolves.toMatchObject({ keys: { password: null, nested: null } });
    });

    it('keeps to check-and-set', async () => {
      const ref = secret('cas');
      await client.writeSecret(ref, { n: 1 }, { expectedVersion: 0 });
      const again = await client
        .writeSecret(ref, { n: VALUE }, { expectedVersion: 0 })
        .catch(e => e);
      expect(again.code).toBe('conflict');
      expect(vaultFailureOf(again)).toEqual({ type: 'version-changed' });
      expect(`${again.message}${again.stack}`).not.toContain(VALUE);
      await expect(
        client.writeSecret(ref, { n: 2 }, { expectedVersion: 1 }),
      ).resolves.toMatchObject({ version: 2 });

      await client.writeSecretMetadata(ref, { casRequired: true });
      const without = await client.writeSecret(ref, { n: 3 }).catch(e => e);
      expect(vaultFailureOf(without)).toEqual({
        type: 'check-and-set-required',
      });
      await expect(
        client.patchSecret(ref, { m: 1, n: null }, { expectedVersion: 2 }),
      ).resolves.toMatchObject({ version: 3 });
      await expect(client.findSecret(ref)).resolves.toMatchObject({
        data: { m: 1 },
      });
    });

    it('patches only what is there', async () => {
      const error = await client
        .patchSecret(secret('nowhere'), { a: 1 })
        .catch(e => e);
      expect(error).toMatchObject({ code: 'not-found', status: 404 });
    });

    it('tells deleted versions from secrets that never were', async () => {
      const ref = secret('deleted');
      await client.writeSecret(ref, { n: 1 });
      await client.writeSecret(ref, { n: 2 });
      await client.deleteSecret(ref);
      const deleted = await client.findSecret(ref);
      expect(deleted).toMatchObject({
        version: { version: 2, deletedAt: expect.any(String) },
      });
      expect(deleted!.data).toBeUndefined();
      await expect(client.findSecretKeys(ref)).resolves.toMatchObject({
        version: { version: 2 },
      });
      await expect(
        client.findSecret(ref, { version: 1 }),
      ).resolves.toMatchObject({ data: { n: 1 } });
      await expect(
        client.findSecret(ref, { version: 9 }),
      ).resolves.toBeUndefined();

      await client.undeleteSecret(ref, [2]);
      await expect(client.findSecret(ref)).resolves.toMatchObject({
        data: { n: 2 },
      });
      await client.deleteSecret(ref, { versions: [1] });
      await client.destroySecretVersions(ref, [1]);
      await expect(
        client.findSecret(ref, { version: 1 }),
      ).resolves.toMatchObject({ version: { destroyed: true } });
      const metadata = await client.findSecretMetadata(ref);
      expect(metadata!.versions.map(item => item.version)).toEqual([2, 1]);
      expect(metadata!.versions[1].destroyed).toBe(true);

      await client.removeSecret(ref);
      await expect(client.findSecret(ref)).resolves.toBeUndefined();
    });

    it('keeps metadata and as many versions as it is told', async () => {
      const ref = secret('metadata');
      await client.writeSecretMetadata(ref, {
        customMetadata: { owner: 'orders', expires: '2027-01-01' },
        maxVersions: 2,
        deleteVersionAfter: '3h',
      });
      for (const n of [1, 2, 3]) {
        await client.writeSecret(ref, { n });
      }
      await expect(client.findSecretMetadata(ref)).resolves.toMatchObject({
        currentVersion: 3,
        oldestVersion: 2,
        maxVersions: 2,
        deleteVersionAfter: '3h0m0s',
        customMetadata: { owner: 'orders', expires: '2027-01-01' },
        versions: [
          { version: 3, deletedAt: expect.any(String), destroyed: false },
          { version: 2 },
        ],
      });
      // Its time is not over: it is there.
      await expect(client.findSecret(ref)).resolves.toMatchObject({
        data: { n: 3 },
        customMetadata: { owner: 'orders' },
      });
      await expect(
        client.findSecret(ref, { version: 1 }),
      ).resolves.toBeUndefined();
    });

    it('does what policies allow and nothing else', async () => {
      await client.writeSecret(secret('mine/a'), { n: 1 });
      await client.writeSecret(secret('mine/hidden'), { n: 1 });
      await client.writeSecret(secret('team/shared'), { n: 1 });
      const limited = await withPolicy(`
        # Reads its own folder
        path "${mount}/data/folder/mine/*" { capabilities = ["create", "read"] }
        path "${mount}/data/folder/mine/hidden" { capabilities = ["deny"] }
        path "${mount}/data/folder/+/shared" { capabilities = ["read"] }
        path "${mount}/metadata/folder/mine/*" { capabilities = ["list"] }
      `);
      await expect(limited.findSecret(secret('mine/a'))).resolves.toMatchObject(
        { data: { n: 1 } },
      );
      await expect(
        limited.findSecret(secret('team/shared')),
      ).resolves.toBeDefined();
      await expect(
        limited.writeSecret(secret('mine/new'), { n: 1 }),
      ).resolves.toMatchObject({ version: 1 });
      await expect(limited.listSecrets(secret('mine'))).resolves.toEqual([
        'a',
        'hidden',
        'new',
      ]);
      for (const refused of [
        limited.findSecret(secret('mine/hidden')),
        limited.findSecret(secret('team/other')),
        limited.writeSecret(secret('mine/a'), { n: VALUE }),
        limited.deleteSecret(secret('mine/a')),
        limited.findSecretMetadata(secret('mine/a')),
        limited.listSecrets(secret('team')),
      ]) {
        const error = await refused.catch(e => e);
        expect(error).toMatchObject({ code: 'denied', status: 403 });
        expect(`${error.message}${error.stack}`).not.toContain(VALUE);
      }
      const paths = ['mine/x', 'mine/hidden', 'other'].map(
        name => `${mount}/data/folder/${name}`,
      );
      await expect(limited.capabilities(paths)).resolves.toEqual({
        [paths[0]]: ['create', 'read'],
        [paths[1]]: ['deny'],
        [paths[2]]: ['deny'],
      });
    });

    it('hands over answers that can be taken once', async () => {
      const ref = secret('wrapped');
      await client.writeSecret(ref, { password: VALUE });
      const wrapped = await client.wrapSecret(ref, { ttlSeconds: 60 });
      expect(wrapped).toMatchObject({
        ttlSeconds: 60,
        path: `${mount}/data/folder/wrapped`,
      });
      expect(JSON.stringify(wrapped)).not.toContain(VALUE);
      await expect(client.findWrapping(wrapped.token)).resolves.toMatchObject({
        ttlSeconds: 60,
      });
      await expect(client.unwrap(wrapped.token)).resolves.toMatchObject({
        data: { data: { password: VALUE } },
      });
      await expect(client.findWrapping(wrapped.token)).resolves.toBeUndefined();
      const again = await client.unwrap(wrapped.token).catch(e => e);
      expect(again).toMatchObject({ code: 'invalid', status: 400 });
      expect(`${again.message}${again.stack}`).not.toContain(wrapped.token);

      const own = await client.wrap({ a: VALUE }, { ttlSeconds: 60 });
      await expect(client.unwrap(own.token)).resolves.toMatchObject({
        data: { a: VALUE },
      });
    });

    it('logs in with an AppRole, renews, and logs in again when it is revoked', async () => {
      const auth = `${id}-approle`;
      await admin('POST', `sys/auth/${auth}`, { type: 'approle' });
      await admin('POST', `sys/policies/acl/${id}-app`, {
        policy: `path "${mount}/data/*" { capabilities = ["create", "read", "update"] }`,
      });
      await admin('POST', `auth/${auth}/role/portal`, {
        token_policies: [`${id}-app`],
        token_ttl: '20m',
      });
      const role = await admin('GET', `auth/${auth}/role/portal/role-id`);
      const created = await admin(
        'POST',
        `auth/${auth}/role/portal/secret-id`,
        {},
      );
      const portal = connect({
        method: 'appRole',
        mount: auth,
        roleId: role.data.role_id,
        secretId: created.data.secret_id,
      });
      await portal.writeSecret(secret('approle'), { n: 1 });
      await expect(portal.identity()).resolves.toMatchObject({
        policies: expect.arrayContaining([`${id}-app`]),
        renewable: true,
      });

      const before = await tokensOf(`auth/${auth}/login`);
      expect(before).toHaveLength(1);
      await admin('POST', 'auth/token/revoke-accessor', {
        accessor: before[0],
      });
      // Two at once: one login is enough, also for a write.
      await Promise.all([
        portal.findSecret(secret('approle')),
        portal.writeSecret(secret('approle'), { n: 2 }),
      ]);
      const after = await tokensOf(`auth/${auth}/login`);
      expect(after).toHaveLength(1);
      expect(after).not.toEqual(before);

      const wrong = connect({
        method: 'appRole',
        mount: auth,
        roleId: role.data.role_id,
        secretId: 'secret-id-that-is-wrong',
      });
      const error = await wrong.findSecret(secret('approle')).catch(e => e);
      expect(error).toMatchObject({ operation: 'log-in', status: 400 });
      expect(`${error.message}${error.stack}`).not.toContain(
        'secret-id-that-is-wrong',
      );
      await admin('DELETE', `sys/auth/${auth}`);
    });

    it('keeps namespaces apart', async () => {
      const namespace = `${id}-team`;
      const created = await admin(
        'POST',
        `sys/namespaces/${namespace}`,
        {},
      ).catch(error => {
        if (!/unsupported path/.test(error.message)) {
          throw error;
        }
      });
      if (!created) {
        // HashiCorp Vault has them in its Enterprise edition only.
        return;
      }
      const team = client.inNamespace(namespace);
      await admin('POST', `${namespace}/sys/mounts/kv`, {
        type: 'kv',
        options: { version: '2' },
      });
      const ref = { mount: 'kv', path: 'a' };
      await team.writeSecret(ref, { where: 'team' });
      await expect(team.findSecret(ref)).resolves.toMatchObject({
        data: { where: 'team' },
      });
      const outside = await client.findSecret(ref).catch(e => e);
      expect(outside).toMatchObject({ code: 'not-found' });
      expect(vaultFailureOf(outside)).toEqual({ type: 'no-engine' });
      await admin('DELETE', `sys/namespaces/${namespace}`);
    });

    it('says that nothing is mounted at a path', async () => {
      const error = await client
        .findSecret({ mount: `${id}/none`, path: 'a' })
        .catch(e => e);
      expect(vaultFailureOf(error)).toEqual({ type: 'no-engine' });
    });

    it('makes database accounts, renews and takes them back', async () => {
      const { database } = vault;
      if (!database) {
        return;
      }
      const engine = `${id}/db`;
      await admin('POST', `sys/mounts/${engine}`, { type: 'database' });
      await admin('POST', `${engine}/config/main`, {
        plugin_name: 'postgresql-database-plugin',
        connection_url: database.connectionUrl,
        username: database.username,
        password: database.password,
        allowed_roles: ['orders'],
      });
      for (const role of ['orders', 'other']) {
        await admin('POST', `${engine}/roles/${role}`, {
          db_name: 'main',
          creation_statements: [CREATION],
          default_ttl: '1h',
          max_ttl: '2h',
        });
      }
      const role = { mount: engine, role: 'orders' };
      const account = await client.createDatabaseCredentials(role);
      expect(account.lease).toEqual({
        id: expect.stringContaining(`${engine}/creds/orders/`),
        durationSeconds: 3600,
        renewable: true,
      });
      const { username, password, lease } = account;
      await expect(database.canLogIn(username, password)).resolves.toBe(true);
      await expect(client.findLease(lease.id)).resolves.toMatchObject({
        id: lease.id,
        renewable: true,
      });
      await expect(
        client.renewLease(lease.id, { incrementSeconds: 600 }),
      ).resolves.toMatchObject({ durationSeconds: 600 });
      await expect(
        client.renewLease(lease.id, { incrementSeconds: 90 * 3600 }),
      ).resolves.toMatchObject({
        // No longer than max_ttl, of which some seconds may have passed.
        durationSeconds: expect.closeTo(7200, -2),
      });
      await client.revokeLease(lease.id);
      await expect(database.canLogIn(username, password)).resolves.toBe(false);
      await expect(client.findLease(lease.id)).resolves.toBeUndefined();
      const renewed = await client.renewLease(lease.id).catch(e => e);
      expect(renewed).toMatchObject({ code: 'invalid' });

      const other = await client
        .createDatabaseCredentials({ mount: engine, role: 'other' })
        .catch(e => e);
      expect(other).toMatchObject({ status: 500 });
      const wrapped = await client.wrapDatabaseCredentials(role, {
        ttlSeconds: 60,
      });
      const taken = await client.unwrap(wrapped.token);
      expect(taken.lease!.id).toContain(`${engine}/creds/orders/`);
      await admin('DELETE', `sys/mounts/${engine}`);
      await expect(
        database.canLogIn(
          String(taken.data.username),
          String(taken.data.password),
        ),
      ).resolves.toBe(false);
    });
  });
}
