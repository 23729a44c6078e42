import { once } from 'node:events';
import { eventually } from '../testUtils/eventually';
import { ScriptedServer } from '../testUtils/ScriptedServer';
import { createUpstreamHttp } from './createUpstreamHttp';
import type { UpstreamHttp } from './UpstreamHttp';

const STREAM = { operation: 'watch-things', path: '/stream' };

describe('lines', () => {
  let server: ScriptedServer;
  let http: UpstreamHttp;

  beforeEach(async () => {
    server = await ScriptedServer.start();
    http = createUpstreamHttp({
      system: 'thing',
      instance: 'main',
      baseUrl: server.url,
      limits: { retryMinMs: 1, retryMaxMs: 5, streams: 2 },
    });
  });

  afterEach(async () => {
    expect(http.health().streams).toBe(0);
    await http.close();
    await eventually(() => server.sockets.size === 0);
    await server.stop();
  });

  async function readAll(options: object = {}): Promise<string[]> {
    const lines = [];
    for await (const line of http.lines({ ...STREAM, ...options })) {
      lines.push(line);
    }
    return lines;
  }

  it('come whole, however the bytes arrive', async () => {
    server.script = {
      stream: async response => {
        const bytes = Buffer.from('{"ä":"€"}\r\n\nzwei\n𝄞 drei');
        for (const byte of bytes) {
          response.write(Buffer.from([byte]));
          await new Promise(setImmediate);
        }
        response.end();
      },
    };
    await expect(readAll()).resolves.toEqual([
      '{"ä":"€"}',
      '',
      'zwei',
      '𝄞 drei',
    ]);
    expect(server.requests[0].headers['accept-encoding']).toBe('identity');
  });

  it('begin after retries, and tell when the answer has begun', async () => {
    const opened = jest.fn();
    server.script = () =>
      server.requests.length < 3 ? { status: 503 } : { body: 'one\n' };
    await expect(readAll({ onHeaders: opened })).resolves.toEqual(['one']);
    expect(opened).toHaveBeenCalledTimes(1);
    expect(opened).toHaveBeenCalledWith(
      expect.objectContaining({ 'content-type': 'text/plain' }),
    );
    server.script = { status: 403 };
    await expect(readAll()).rejects.toMatchObject({ code: 'denied' });
  });

  it('end the connection when the reader leaves, also while it waits', async () => {
    server.script = {
      stream: response => {
        response.write('one\ntwo\n');
      },
    };
    for await (const line of http.lines(STREAM)) {
      expect(line).toBe('one');
      expect(http.health().streams).toBe(1);
      break;
    }
    await eventually(() => server.sockets.size === 0);

    const reader = new AbortController();
    const lines: string[] = [];
    const reading = (async () => {
      for await (const line of http.lines({
        ...STREAM,
        signal: reader.signal,
      })) {
        lines.push(line);
      }
    })();
    await eventually(() => lines.length === 2);
    reader.abort();
    await expect(reading).rejects.toMatchObject({ code: 'cancelled' });
    await eventually(() => server.sockets.size === 0);
    // Nobody has begun to read this one.
    http.lines(STREAM);
    expect(server.requests).toHaveLength(2);
  });

  it('are an error when the connection breaks or falls silent, or one is too long', async () => {
    server.script = {
      stream: (response, request) => {
        response.write('one\ntw');
        setTimeout(() => request.socket.resetAndDestroy(), 20);
      },
    };
    await expect(readAll()).rejects.toMatchObject({
      code: 'unreachable',
      reason: 'the connection broke',
    });
    expect(http.health().reachable).toBe(false);
    server.script = { stream: response => void response.write('one\n') };
    await expect(readAll({ idleTimeoutMs: 30 })).rejects.toMatchObject({
      code: 'timeout',
      reason: 'the stream fell silent',
    });
    server.script = { body: `${'x'.repeat(100)}\n` };
    await expect(readAll({ maxLineBytes: 50 })).rejects.toMatchObject({
      code: 'too-large',
    });
    server.script = { body: 'x'.repeat(100) };
    await expect(readAll({ maxLineBytes: 50 })).rejects.toMatchObject({
      code: 'too-large',
    });
  });

  it('are read no faster than they are wanted', async () => {
    let written = 0;
    server.script = {
      stream: async response => {
        const line = `${'x'.repeat(9999)}\n`;
        const closed = once(response, 'close');
        while (!response.destroyed && written < 100_000_000) {
          written += line.length;
          if (!response.write(line)) {
            await Promise.race([once(response, 'drain'), closed]);
          }
        }
        response.end();
      },
    };
    for await (const line of http.lines({ ...STREAM, idleTimeoutMs: 30 })) {
      expect(line).toHaveLength(9999);
      // Longer than the connection may be silent: only waiting counts.
      await new Promise(resolve => setTimeout(resolve, 100));
      break;
    }
    expect(written).toBeLessThan(20_000_000);
  });

  it('have a limit of their own, and leave calls alone', async () => {
    server.script = ({ url }) =>
      url === '/stream'
        ? { stream: response => void response.write('one\n') }
        : { body: 'right' };
    const streams = [http.lines(STREAM), http.lines(STREAM)].map(lines =>
      lines[Symbol.asyncIterator](),
    );
    await Promise.all(streams.map(stream => stream.next()));
    await expect(readAll()).rejects.toMatchObject({ code: 'overloaded' });
    await expect(
      http.text({ operation: 'read', path: '/other' }),
    ).resolves.toBe('right');
    expect(http.health()).toMatchObject({ inFlight: 0, streams: 2 });
    await Promise.all(streams.map(stream => stream.return?.()));
  });
});
