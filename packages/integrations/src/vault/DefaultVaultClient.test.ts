import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigReader } from '@backstage/config';
import { trace } from '@opentelemetry/api';
import type { Span, Tracer } from '@opentelemetry/api';
import { ScriptedServer } from '../testUtils/ScriptedServer';
import type { ScriptedAnswer } from '../testUtils/ScriptedServer';
import { createVaultClient } from './createVaultClient';
import type { VaultClient } from './Client';
import { readVaultClients } from './readVaultClients';
import type { VaultAuth } from './VaultAuth';

const TOKEN = 's.token-of-the-portal';
const VALUE = 'value-that-nobody-may-see';
const REF = { mount: 'secret', path: 'orders/stripe' };

const self = (ttl = 0): ScriptedAnswer => ({
  body: { data: { display_name: 'portal', ttl, renewable: false } },
});

describe('the client of Vault', () => {
  let server: ScriptedServer;
  const clients: VaultClient[] = [];
  let folder: string;

  const connect = (auth: VaultAuth = { method: 'token', token: TOKEN }) => {
    const lines: string[] = [];
    const log = (message: string) => void lines.push(message);
    const logger = {
      error: log,
      warn: log,
      info: log,
      debug: log,
      child: () => logger,
    };
    const client = createVaultClient({
      instance: 'main',
      baseUrl: server.url,
      auth,
      logger,
      limits: { retryMinMs: 1, retryMaxMs: 2 },
    });
    clients.push(client);
    return { client, lines };
  };

  beforeEach(async () => {
    server = await ScriptedServer.start();
    folder = await mkdtemp(join(tmpdir(), 'waystone-vault-'));
  });

  afterEach(async () => {
    await Promise.all(clients.splice(0).map(client => client.close()));
    await server.stop();
    await rm(folder, { recursive: true });
  });

  it('reads the file of a service account anew at each login', async () => {
    const tokenFile = join(folder, 'token');
    let logins = 0;
    server.script = async request => {
      if (request.url.endsWith('/login')) {
        logins += 1;
        // Kubernetes changes the file while the portal runs.
        await writeFile(tokenFile, 'second-jwt-of-the-pod\n');
        return {
          body: {
            auth: {
              client_token: `s.token-${logins}`,
              lease_duration: 900,
              renewable: true,
            },
          },
        };
      }
      return request.headers['x-vault-token'] === 's.token-1'
        ? { status: 403, body: { errors: ['permission denied'] } }
        : { status: 404, body: { errors: [] } };
    };
    const { client } = connect({
      method: 'kubernetes',
      mount: 'kubernetes/nonprod',
      role: 'portal',
      tokenFile,
    });
    const error = await client.findSecret(REF).catch(e => e);
    expect(error).toMatchObject({ code: 'unauthenticated' });
    expect(error.message).toContain('ENOENT');

    await writeFile(tokenFile, 'first-jwt-of-the-pod\n');
    await expect(client.findSecret(REF)).resolves.toBeUndefined();
    const sent = server.requests
      .filter(({ url }) => url === '/v1/auth/kubernetes/nonprod/login')
      .map(({ body }) => JSON.parse(body));
    expect(sent).toEqual([
      { role: 'portal', jwt: 'first-jwt-of-the-pod' },
      { role: 'portal', jwt: 'second-jwt-of-the-pod' },
    ]);
  });

  it('logs in again once, not again and again', async () => {
    server.script = request =>
      request.url.endsWith('/login')
        ? {
            body: {
              auth: {
                client_token: `s.token-${server.requests.length}`,
                lease_duration: 900,
                renewable: true,
              },
            },
          }
        : { status: 403, body: { errors: ['permission denied'] } };
    const { client } = connect({
      method: 'jwt',
      mount: 'jwt',
      role: 'portal',
      jwt: 'jwt-of-the-portal',
    });
    await expect(client.findSecret(REF)).rejects.toMatchObject({
      code: 'unauthenticated',
    });
    expect(server.requests.map(({ url }) => url)).toEqual([
      '/v1/auth/jwt/login',
      '/v1/secret/data/orders/stripe',
      '/v1/auth/jwt/login',
      '/v1/secret/data/orders/stripe',
    ]);
  });

  it('takes a refusal by a policy for what it is', async () => {
    server.script = request =>
      request.url.endsWith('lookup-self')
        ? self()
        : {
            status: 403,
            body: {
              errors: ['1 error occurred:\n\t* permission denied\n\n'],
            },
          };
    const { client } = connect();
    await expect(client.findSecret(REF)).rejects.toMatchObject({
      code: 'denied',
    });
    expect(server.requests).toHaveLength(2);
  });

  it('never makes an account twice by itself', async () => {
    server.script = request =>
      request.url.endsWith('lookup-self')
        ? self()
        : { status: 503, body: { errors: ['try again'] } };
    const { client } = connect();
    await expect(
      client.createDatabaseCredentials({ mount: 'database', role: 'orders' }),
    ).rejects.toMatchObject({ code: 'unavailable' });
    expect(
      server.requests.filter(({ url }) => url.includes('/creds/')),
    ).toHaveLength(1);
    await expect(client.findSecret(REF)).rejects.toMatchObject({
      code: 'unavailable',
    });
    expect(
      server.requests.filter(({ url }) => url.includes('/data/')).length,
    ).toBeGreaterThan(1);
  });

  it.each([
    [{ initialized: true, sealed: false, standby: false }, 'active'],
    [{ initialized: true, sealed: false, standby: true }, 'standby'],
    [{ initialized: true, sealed: true, standby: true }, 'sealed'],
    [{ initialized: false, sealed: true, standby: true }, 'uninitialized'],
  ])('tells the state %j: %s, without a token', async (body, state) => {
    server.script = { body };
    const { client } = connect();
    await expect(client.health()).resolves.toMatchObject({ state });
    expect(server.requests[0].headers['x-vault-token']).toBeUndefined();
  });

  it('is not healthy while it is sealed', async () => {
    server.script = {
      body: { initialized: true, sealed: true, standby: true },
    };
    const { client } = connect();
    await expect(client.upstream.probe()).rejects.toMatchObject({
      code: 'unavailable',
      reason: 'it is sealed',
    });
  });

  it('refuses paths that lead elsewhere', async () => {
    server.script = self();
    const { client } = connect();
    for (const path of ['../sys/seal', 'a//b', 'a/./b', 'a.', '']) {
      await expect(
        client.writeSecret({ mount: 'secret', path }, { a: 1 }),
      ).rejects.toThrow(/cannot be a part of it/);
    }
    await client
      .findSecret({ mount: 'secret', path: 'a?version=1#b' })
      .catch(() => {});
    expect(server.requests.at(-1)!.url).toBe(
      '/v1/secret/data/a%3Fversion%3D1%23b',
    );
  });

  it('shows no secret in errors, logs and spans', async () => {
    const spans: unknown[] = [];
    trace.setGlobalTracerProvider({
      getTracer: () =>
        ({
          startSpan: (name: string, options: unknown) => {
            spans.push(name, options);
            const note = (...values: unknown[]) => void spans.push(values);
            return {
              setStatus: note,
              setAttributes: note,
              recordException: note,
              end: () => spans.push('end'),
            } as unknown as Span;
          },
        } as unknown as Tracer),
    });
    server.script = request => {
      if (request.url.endsWith('lookup-self')) {
        return self();
      }
      // A server that repeats everything it got, as bad proxies do.
      return {
        status: 500,
        body: {
          errors: [
            `failed: ${request.body} ${request.headers['x-vault-token']}`,
          ],
        },
      };
    };
    const { client, lines } = connect();
    const errors: any[] = [];
    for (const call of [
      client.writeSecret(REF, {
        password: VALUE,
        nested: { pin: 12345678, text: 'with "quotes" in it' },
      }),
      client.patchSecret(REF, { password: VALUE }),
      client.wrap({ password: VALUE }, { ttlSeconds: 60 }),
      client.unwrap(VALUE),
      client.revokeLease(VALUE),
    ]) {
      errors.push(await call.catch(e => e));
    }
    server.script = request =>
      request.url.endsWith('lookup-self')
        ? self()
        : { body: { data: { data: VALUE, metadata: VALUE } } };
    errors.push(await client.findSecret(REF).catch(e => e));
    const { client: stranger, lines: others } = connect({
      method: 'appRole',
      mount: 'approle',
      roleId: 'role-id',
      secretId: VALUE,
    });
    server.script = request => ({
      status: 400,
      body: { errors: [`invalid: ${request.body}`] },
    });
    errors.push(await stranger.findSecret(REF).catch(e => e));

    expect(errors).toHaveLength(7);
    expect(spans.filter(item => item === 'end').length).toBeGreaterThan(6);
    const told = JSON.stringify([
      errors.map(error => [error, error.message, error.stack, `${error}`]),
      lines,
      others,
      spans,
      client.upstream.health(),
    ]);
    expect(told).toContain('***');
    for (const secret of [VALUE, '12345678', 'quotes', TOKEN]) {
      expect(told).not.toContain(secret);
    }
    trace.disable();
  });

  it('reads its configuration and says what is wrong with it', async () => {
    const read = (instance: object) => {
      const made = readVaultClients(
        new ConfigReader({
          waystone: { integrations: { vault: { instances: [instance] } } },
        }),
      );
      clients.push(...made);
      return made;
    };
    const main = { name: 'main', url: 'https://vault.example.com' };
    const [client] = read({
      ...main,
      namespace: 'platform/portal/',
      auth: { method: 'kubernetes', role: 'portal' },
    });
    expect(client).toMatchObject({
      instance: 'main',
      namespace: 'platform/portal',
    });
    expect(client.inNamespace('team').namespace).toBe('platform/portal/team');
    expect(client.upstream).toMatchObject({
      system: 'vault',
      url: 'https://vault.example.com',
    });
    expect(() =>
      read({ ...main, auth: { method: 'token', token: 'a', tokenFile: 'b' } }),
    ).toThrow(/set either 'token' or 'tokenFile'/);
    expect(() => read({ ...main, auth: { method: 'ldap' } })).toThrow(
      /'ldap' is none of token, kubernetes, jwt, appRole/,
    );
    expect(() => read(main)).toThrow(/auth/);
  });
});
