import { mockServices } from '@backstage/backend-test-utils';
import { z } from 'zod';
import { ScriptedServer } from '../testUtils/ScriptedServer';
import { createUpstreamHttp } from './createUpstreamHttp';
import { pathOf } from './UpstreamHttp';
import type { UpstreamHttp } from './UpstreamHttp';
import type { UpstreamHttpOptions } from './UpstreamHttpOptions';

const READ = { operation: 'read-thing', path: '/things/1' };
const WRITE = { ...READ, operation: 'write-thing', method: 'POST' as const };

describe('createUpstreamHttp', () => {
  let server: ScriptedServer;
  const clients: UpstreamHttp[] = [];

  beforeEach(async () => {
    server = await ScriptedServer.start();
  });

  afterEach(async () => {
    await Promise.all(clients.splice(0).map(client => client.close()));
    await server.stop();
  });

  function create(options: Partial<UpstreamHttpOptions> = {}): UpstreamHttp {
    const client = createUpstreamHttp({
      system: 'thing',
      instance: 'main',
      baseUrl: server.url,
      ...options,
      limits: { retryMinMs: 1, retryMaxMs: 5, ...options.limits },
    });
    clients.push(client);
    return client;
  }

  describe('requests', () => {
    it('parses what it reads, and says where an answer is not as expected', async () => {
      server.script = { body: { name: 'a', count: 'secret-value', more: 1 } };
      const http = create();
      await expect(
        http.json(READ, z.object({ name: z.string() })),
      ).resolves.toEqual({ name: 'a' });
      const wrong = http.json(READ, z.object({ count: z.number() }));
      await expect(wrong).rejects.toMatchObject({
        name: 'UpstreamError',
        code: 'unexpected-answer',
        message: expect.stringMatching(
          /^thing \(main\) failed to read thing: .*count: .*expected number/,
        ),
      });
      await expect(wrong).rejects.not.toThrow('secret-value');
      expect(server.requests).toHaveLength(2);
    });

    it('sends queries, bodies and headers as they are meant', async () => {
      const http = create({ headers: { 'X-Tenant': 'waystone' } });
      await http.send({
        ...READ,
        path: pathOf`/things/${'a/b c?#%'}`,
        query: { q: 'a b&c', n: 1, on: true, none: undefined, m: ['1', '2'] },
      });
      await http.send({ ...WRITE, body: { a: 1 } });
      await http.send({ ...WRITE, body: new URLSearchParams({ a: '1 2' }) });
      await http.send({
        ...WRITE,
        body: 'a: 1',
        headers: { 'Content-Type': 'application/yaml' },
      });
      const [read, json, form, yaml] = server.requests;
      expect(read).toMatchObject({
        method: 'GET',
        url: '/things/a%2Fb%20c%3F%23%25?q=a+b%26c&n=1&on=true&m=1&m=2',
        headers: { 'x-tenant': 'waystone', accept: 'application/json' },
      });
      expect(json).toMatchObject({
        body: '{"a":1}',
        headers: { 'content-type': 'application/json' },
      });
      expect(form).toMatchObject({
        body: 'a=1+2',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      });
      expect(yaml.headers['content-type']).toBe('application/yaml');
    });

    it('stays below the base URL', async () => {
      const http = create({ baseUrl: `${server.url}/gate/` });
      expect(http.baseUrl).toBe(`${server.url}/gate`);
      await http.send(READ);
      expect(server.requests[0].url).toBe('/gate/things/1');
      for (const path of [
        '/../admin',
        '/a/%2e%2E/admin',
        '/a/./b',
        '//other.example.com/',
        '/a\\..\\b',
        '/a%5c..',
        '/a?b=c',
        '/a#b',
        'a',
        '/a\r\nX-Evil: 1',
      ]) {
        await expect(http.send({ ...READ, path })).rejects.toThrow(
          'Not a path below the base URL',
        );
      }
      expect(() => pathOf`/things/${'..'}`).toThrow('Cannot make a path');
      expect(server.requests).toHaveLength(1);
    });

    it('refuses base URLs that are none, without repeating them', () => {
      for (const [baseUrl, message] of [
        ['ftp://example.com', 'https://'],
        ['nonsense', 'https://'],
        ['https://user:pass-word@example.com', 'password'],
        ['https://example.com/?token=pass-word', 'query'],
      ]) {
        expect(() => create({ baseUrl })).toThrow(message);
        expect(() => create({ baseUrl })).not.toThrow('pass-word');
      }
    });

    it('finds, or does not', async () => {
      server.script = { status: 404, body: { message: 'no such thing' } };
      const http = create();
      await expect(http.findJson(READ, z.unknown())).resolves.toBeUndefined();
      await expect(http.json(READ, z.unknown())).rejects.toMatchObject({
        code: 'not-found',
        reason: 'no such thing',
      });
      server.script = { status: 403 };
      await expect(http.findJson(READ, z.unknown())).rejects.toMatchObject({
        code: 'denied',
      });
    });
  });

  describe('retries', () => {
    it.each([408, 425, 429, 500, 502, 503, 504])(
      'of reads after %d, never of writes',
      async status => {
        server.script = () =>
          server.requests.length < 3 ? { status } : { body: 'right' };
        const http = create();
        await expect(http.text(READ)).resolves.toBe('right');
        expect(server.requests).toHaveLength(3);
        server.requests.length = 0;
        await expect(http.text(WRITE)).rejects.toMatchObject({ status });
        expect(server.requests).toHaveLength(1);
        server.requests.length = 0;
        await expect(http.text({ ...WRITE, idempotent: true })).resolves.toBe(
          'right',
        );
      },
    );

    it.each([400, 401, 403, 404, 409, 410, 415, 422, 501])(
      'never after %d',
      async status => {
        server.script = { status };
        await expect(create().text(READ)).rejects.toMatchObject({ status });
        expect(server.requests).toHaveLength(1);
      },
    );

    it('stop after three tries, and earlier when the budget is used up', async () => {
      server.script = { status: 503 };
      const http = create({ limits: { breakerOpenMs: 1 } });
      await expect(http.text(READ)).rejects.toMatchObject({
        code: 'unavailable',
      });
      expect(server.requests).toHaveLength(3);
      server.script = () =>
        server.requests.length % 2 ? { status: 503 } : { status: 404 };
      for (let call = 0; call < 60; call++) {
        await http.text(READ).catch(() => {});
      }
      // Ten are free, then a tenth of the calls.
      expect(server.requests.length).toBeLessThan(3 + 60 + 10 + 6 + 5);
    });

    it('wait for as long as the system asks, and not beyond the deadline', async () => {
      server.script = () =>
        server.requests.length < 2
          ? { status: 503, headers: { 'retry-after': '1' } }
          : { body: 'right' };
      const http = create();
      const startedAt = Date.now();
      await expect(http.text(READ)).resolves.toBe('right');
      expect(Date.now() - startedAt).toBeGreaterThanOrEqual(990);
      server.script = { status: 503, headers: { 'retry-after': '60' } };
      server.requests.length = 0;
      await expect(http.text(READ)).rejects.toMatchObject({
        retryAfterSeconds: 60,
      });
      expect(server.requests).toHaveLength(1);
    });

    it('of a broken connection never make half an answer', async () => {
      const body = 'x'.repeat(10_000);
      server.script = () =>
        server.requests.length < 2
          ? {
              body,
              resetAfterBytes: 5000,
              headers: { 'content-length': '10000' },
            }
          : { body };
      const http = create();
      await expect(http.text(READ)).resolves.toHaveLength(10_000);
      server.script = { body, resetAfterBytes: 5000 };
      await expect(http.text(WRITE)).rejects.toMatchObject({
        code: 'unreachable',
        reason: 'the connection broke',
      });
    });
  });

  describe('credentials', () => {
    it('are asked for at every try, and renewed once when they are refused', async () => {
      let token = 'token-one';
      const authorization = jest.fn(
        async (refused?: Readonly<Record<string, string>>) => {
          if (refused) {
            token = 'token-two';
          }
          return { Authorization: `Bearer ${token}` };
        },
      );
      server.script = ({ headers }) =>
        headers.authorization === 'Bearer token-two'
          ? { body: 'right' }
          : { status: 401 };
      const http = create({ authorization });
      // Nothing has happened yet, so this holds for writes too.
      await expect(http.text(WRITE)).resolves.toBe('right');
      expect(authorization).toHaveBeenCalledTimes(2);
      expect(authorization).toHaveBeenLastCalledWith({
        authorization: 'Bearer token-one',
      });
      await expect(http.text(READ)).resolves.toBe('right');
      expect(server.requests).toHaveLength(3);

      server.script = { status: 401 };
      await expect(http.text(READ)).rejects.toMatchObject({
        code: 'unauthenticated',
        advice: 'Renew the credentials that the portal has for it',
      });
      expect(server.requests).toHaveLength(4);
      expect(http.health()).toMatchObject({
        reachable: true,
        authenticated: false,
      });
    });

    it('that cannot be had are an error before any call', async () => {
      const http = create({
        authorization: async () => {
          throw new Error('the login is down');
        },
      });
      await expect(http.text(READ)).rejects.toMatchObject({
        code: 'unauthenticated',
        reason: 'there are no credentials for it: the login is down',
      });
      expect(server.requests).toHaveLength(0);
    });

    it('on their way in plain sight are worth a warning', () => {
      const logger = mockServices.logger.mock();
      const authorization = () => ({ Authorization: 'Bearer a-token' });
      create({ logger, authorization, baseUrl: 'http://localhost:1' });
      create({ logger, authorization, baseUrl: 'https://example.com' });
      create({ logger, baseUrl: 'http://example.com' });
      expect(logger.warn).not.toHaveBeenCalled();
      create({ logger, authorization, baseUrl: 'http://example.com' });
      expect(logger.warn).toHaveBeenCalledWith(
        expect.stringContaining('over plain HTTP'),
      );
    });

    it('never show in errors or logs, wherever they come from', async () => {
      const logger = mockServices.logger.mock();
      const http = create({
        logger,
        secrets: ['configured-secret'],
        headers: { 'X-Api-Key': 'key-in-a-header' },
        authorization: () => ({
          Authorization: `Basic ${Buffer.from('user:pass-word').toString(
            'base64',
          )}`,
        }),
        parseError: (_status, _type, body) => ({
          reason: `it said ${body}`,
          details: { body },
        }),
        limits: { attempts: 1, breakerFailedConnections: 1 },
      });
      server.script = ({ headers }) => ({
        status: 500,
        body: `${JSON.stringify(headers)} pass-word configured-secret`,
      });
      const error = await http.text(READ).catch(e => e);
      expect(error.reason).toContain('it said');
      await server.stop();
      await http.text(READ).catch(() => {});
      await http.text(READ).catch(() => {});
      const said = JSON.stringify([
        error,
        error.message,
        error.stack,
        error.details,
        http.health(),
        logger.warn.mock.calls,
      ]);
      for (const secret of [
        'configured-secret',
        'key-in-a-header',
        'pass-word',
        Buffer.from('user:pass-word').toString('base64'),
      ]) {
        expect(said).not.toContain(secret);
      }
      expect(logger.warn).toHaveBeenCalledWith(
        expect.stringContaining('circuit breaker open'),
      );
      await server.listen();
    });
  });
});
