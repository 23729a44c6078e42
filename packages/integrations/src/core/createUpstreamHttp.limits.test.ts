import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { generate } from 'selfsigned';
import { ScriptedServer } from '../testUtils/ScriptedServer';
import { createUpstreamHttp } from './createUpstreamHttp';
import type { UpstreamHttp } from './UpstreamHttp';
import type { UpstreamHttpOptions } from './UpstreamHttpOptions';

const READ = { operation: 'read-thing', path: '/things/1' };
const WRITE = { ...READ, operation: 'write-thing', method: 'POST' as const };

describe('createUpstreamHttp protects', () => {
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

  describe('limits', () => {
    it('of size hold before, while and after the answer is unpacked', async () => {
      const http = create({ limits: { maxBytes: 1000 } });
      const large = 'x'.repeat(5000);
      for (const script of [
        { body: large, headers: { 'content-length': '5000' } },
        { body: large },
        { body: large, gzip: true },
      ]) {
        server.script = script;
        await expect(http.text(READ)).rejects.toMatchObject({
          code: 'too-large',
          advice: 'Narrow what is asked for',
        });
      }
      expect(server.requests).toHaveLength(3);
      server.script = { body: large, gzip: true };
      await expect(
        http.text({ ...READ, maxBytes: 6000 }),
      ).resolves.toHaveLength(5000);
      expect(server.requests.at(-1)?.headers['accept-encoding']).toBe('gzip');
    });

    it('of time hold for the first byte, for the whole, and for the caller', async () => {
      server.script = { hang: true };
      const http = create({ limits: { firstByteTimeoutMs: 60 } });
      await expect(http.text(READ)).rejects.toMatchObject({
        code: 'timeout',
        reason: 'no answer within 0.1 s',
      });
      expect(server.requests).toHaveLength(3);
      await expect(
        create().text({ ...WRITE, timeoutMs: 40 }),
      ).rejects.toMatchObject({ code: 'timeout' });
      server.script = {
        // A byte now and then is no answer either.
        stream: response => {
          const timer = setInterval(() => response.write('x'), 10);
          response.on('close', () => clearInterval(timer));
        },
      };
      await expect(
        create().text({ ...READ, timeoutMs: 100 }),
      ).rejects.toMatchObject({
        code: 'timeout',
        reason: 'it took longer than 0.1 s',
      });
      const caller = new AbortController();
      const patient = create();
      const call = patient.text({ ...READ, signal: caller.signal });
      setTimeout(() => caller.abort(), 20);
      await expect(call).rejects.toMatchObject({ code: 'cancelled' });
      await expect(
        patient.text({ ...READ, signal: AbortSignal.abort() }),
      ).rejects.toMatchObject({ code: 'cancelled' });
    });

    it('of calls at once: some wait, the rest is refused', async () => {
      const open: (() => void)[] = [];
      server.script = () =>
        new Promise(resolve => {
          open.push(() => resolve({ body: 'right' }));
        });
      const http = create({
        limits: { inFlight: 2, queued: 4, firstByteTimeoutMs: 8000 },
      });
      const calls = [1, 2, 3, 4, 5].map(() => http.text(READ));
      const caller = new AbortController();
      const impatient = http.text({ ...READ, signal: caller.signal });
      await expect(http.text(READ)).rejects.toMatchObject({
        code: 'overloaded',
        retryable: true,
      });
      expect(http.health()).toMatchObject({ inFlight: 2, queued: 4 });
      // Who no longer waits gets an answer at once, not when it is their turn.
      caller.abort();
      await expect(impatient).rejects.toMatchObject({ code: 'cancelled' });
      while (server.requests.length < 5) {
        open.splice(0).forEach(answer => answer());
        await new Promise(resolve => setTimeout(resolve, 5));
      }
      open.splice(0).forEach(answer => answer());
      await expect(Promise.all(calls)).resolves.toHaveLength(5);
      expect(http.health()).toMatchObject({ inFlight: 0, queued: 0 });
    });

    it('of redirects: only reads, only below the base URL', async () => {
      const other = await ScriptedServer.start({ body: 'stolen' });
      const http = create({
        baseUrl: `${server.url}/gate`,
        authorization: () => ({ Authorization: 'Bearer a-token' }),
      });
      server.script = ({ url }) =>
        url === '/gate/moved'
          ? { body: 'right' }
          : { status: 301, headers: { location: '/gate/moved' } };
      await expect(http.text(READ)).resolves.toBe('right');
      for (const location of [
        `${other.url}/gate/things`,
        '/elsewhere',
        '/gate/../admin',
        '//evil.example.com/gate',
        'not a url://',
      ]) {
        server.script = { status: 302, headers: { location } };
        await expect(http.text(READ)).rejects.toMatchObject({
          code: 'unexpected-answer',
          status: 302,
        });
      }
      server.script = { status: 307, headers: { location: '/gate/moved' } };
      await expect(http.text(WRITE)).rejects.toMatchObject({ status: 307 });
      await expect(http.text(READ)).rejects.toMatchObject({ status: 307 });
      expect(other.requests).toHaveLength(0);
      await other.stop();
    });
  });

  describe('the breaker', () => {
    it('does not hide from the health of a system why it refuses', async () => {
      const http = create({
        limits: { breakerFailedConnections: 2, breakerOpenMs: 60_000 },
      });
      server.script = { status: 200, body: 'right' };
      await http.text(READ);
      await server.stop();
      // Both are refused at their second attempt, because the first ones of both failed.
      const results = await Promise.allSettled([
        http.text(READ),
        http.text(READ),
      ]);
      expect(
        results.map(result => (result as PromiseRejectedResult).reason.code),
      ).toEqual(['breaker-open', 'breaker-open']);
      expect(http.health()).toMatchObject({
        breaker: 'open',
        reachable: false,
        lastError: { operation: 'read-thing' },
      });
    });

    it('opens when half of the calls fail, and closes after one that works', async () => {
      const http = create({
        limits: { attempts: 1, breakerOpenMs: 50 },
      });
      server.script = () =>
        server.requests.length % 2 ? { status: 500 } : { body: 'right' };
      for (let call = 0; call < 20; call++) {
        await http.text(READ).catch(() => {});
      }
      server.script = { status: 500 };
      await http.text(READ).catch(() => {});
      expect(http.health().breaker).toBe('open');
      const before = server.requests.length;
      await expect(http.text(READ)).rejects.toMatchObject({
        code: 'breaker-open',
        advice: expect.stringContaining('Try again in'),
      });
      expect(server.requests).toHaveLength(before);

      server.script = { body: 'right' };
      await untilRight(() => http.text(READ));
      expect(http.health()).toMatchObject({
        breaker: 'closed',
        reachable: true,
      });
    });

    it('does not mind answers that are the caller’s fault', async () => {
      server.script = { status: 404 };
      const http = create();
      for (let call = 0; call < 40; call++) {
        await http.text(READ).catch(() => {});
      }
      expect(http.health().breaker).toBe('closed');
    });
  });

  describe('TLS', () => {
    it('trusts the authority of the instance, and nothing else', async () => {
      const { cert, private: key } = await generate(
        [{ name: 'commonName', value: 'localhost' }],
        { keySize: 2048, algorithm: 'sha256' },
      );
      const secure = createServer({ cert, key }, (_request, response) =>
        response.end('right'),
      );
      secure.listen(0, '127.0.0.1');
      await once(secure, 'listening');
      const { port } = secure.address() as AddressInfo;
      const options = { baseUrl: `https://localhost:${port}` };
      await expect(
        create({ ...options, tls: { ca: cert } }).text(READ),
      ).resolves.toBe('right');
      await expect(create(options).text(READ)).rejects.toMatchObject({
        code: 'unreachable',
        reason: expect.stringContaining('its certificate is not trusted'),
        advice: expect.stringContaining('tls.ca'),
      });
      await expect(
        create({
          ...options,
          tls: { dangerouslyDisableVerification: true },
        }).text(READ),
      ).resolves.toBe('right');
      await expect(
        create({ baseUrl: `https://${server.url.slice(7)}` }).text(READ),
      ).rejects.toMatchObject({
        code: 'unreachable',
        advice: expect.stringContaining('https or http'),
      });
      secure.closeAllConnections();
      secure.close();
    });
  });
});

async function untilRight(call: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await call();
      return;
    } catch {
      await new Promise(resolve => setTimeout(resolve, 5));
    }
  }
}
