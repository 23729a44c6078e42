import { urlReaderFactoriesServiceRef } from '@backstage/backend-defaults/urlReader';
import {
  createServiceFactory,
  type UrlReaderService,
} from '@backstage/backend-plugin-api';
import {
  mockServices,
  ServiceFactoryTester,
} from '@backstage/backend-test-utils';
import http from 'node:http';
import type { AddressInfo, LookupFunction } from 'node:net';
import { gzipSync } from 'node:zlib';
import { shareGlobalDispatcher } from '../../__testUtils__/shareGlobalDispatcher';
import { createGuardedAgent } from './guardedAgent';
import {
  installOutboundContext,
  runInOutboundContext,
} from './outboundContext';
import { OutboundPolicy } from './OutboundPolicy';
import { urlReaderServiceFactory } from './urlReaderServiceFactory';

async function serve(listener: http.RequestListener) {
  const server = http.createServer(listener);
  let connections = 0;
  server.on('connection', () => {
    connections += 1;
  });
  // Both families, so that no refusal is for want of a listener
  await new Promise<void>(resolve => {
    server.listen(0, '::', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return connections;
    },
    close: () => {
      server.closeAllConnections();
      return new Promise(resolve => server.close(resolve));
    },
  };
}

/** Stands for the readers of integrations: follows redirects, as fetch does. */
const followingReader = {
  async readUrl(url) {
    const response = await fetch(url);
    const body = Buffer.from(await response.arrayBuffer());
    return { buffer: async () => body };
  },
  async readTree(url) {
    const response = await fetch(url);
    return {
      etag: '',
      files: async () => [
        {
          path: 'late',
          // Fetched when asked for, which may be long after
          content: async () =>
            Buffer.from(
              await (await fetch(await response.text())).arrayBuffer(),
            ),
        },
      ],
    } as unknown as ReturnType<UrlReaderService['readTree']>;
  },
} as UrlReaderService;

describe('urlReaderServiceFactory', () => {
  let target: Awaited<ReturnType<typeof serve>>;
  let allowed: Awaited<ReturnType<typeof serve>>;
  let reader: UrlReaderService;
  let origin: string;

  beforeAll(async () => {
    installOutboundContext();
    shareGlobalDispatcher();

    target = await serve((_req, res) => res.end('inner secret'));
    allowed = await serve((req, res) => {
      const url = new URL(req.url!, 'http://localhost');
      const to = url.searchParams.get('to');
      switch (url.pathname) {
        case '/redirect':
          res.writeHead(302, { location: to! }).end();
          break;
        case '/large':
          for (let i = 0; i < 21; i += 1) res.write(Buffer.alloc(1024 * 1024));
          res.end();
          break;
        case '/bomb':
          res.setHeader('content-encoding', 'gzip');
          res.end(gzipSync(Buffer.alloc(25 * 1024 * 1024)));
          break;
        case '/gzip':
          res.setHeader('content-encoding', 'gzip');
          res.end(gzipSync('unpacked'));
          break;
        case '/link':
          res.end(to);
          break;
        default:
          res.end('fine');
      }
    });
    origin = `http://127.0.0.1:${allowed.port}`;

    reader = await ServiceFactoryTester.from(urlReaderServiceFactory, {
      dependencies: [
        mockServices.rootConfig.factory({
          data: {
            backend: {
              reading: {
                allow: [
                  { host: `127.0.0.1:${allowed.port}` },
                  { host: `127.0.0.1:${target.port}` },
                  { host: `localhost:${target.port}` },
                  { host: `localhost.:${target.port}` },
                  { host: `*.example:${target.port}` },
                ],
              },
            },
            waystone: {
              outbound: { allowPrivate: [`127.0.0.1:${allowed.port}`] },
            },
          },
        }),
        createServiceFactory({
          service: urlReaderFactoriesServiceRef,
          deps: {},
          factory: () => () =>
            [
              {
                predicate: ({ hash }) => hash === '#integration',
                reader: followingReader,
              },
            ],
        }),
      ],
    }).getSubject();
  });

  afterAll(async () => {
    await Promise.all([target.close(), allowed.close()]);
  });

  const read = async (url: string) =>
    (await (await reader.readUrl(url)).buffer()).toString();

  const notations = () =>
    [
      '127.0.0.1',
      'localhost',
      'localhost.',
      '127.1',
      '2130706433',
      '0177.0.0.1',
      '0x7f000001',
      '127.0.0.1.',
      '0.0.0.0',
      '[::1]',
      '[::]',
      '[::ffff:127.0.0.1]',
      '[::ffff:7f00:1]',
      '[0:0:0:0:0:0:7f00:1]',
    ].map(host => `http://${host}:${target.port}/`);

  it('should read from what is allowed', async () => {
    expect(await read(`${origin}/`)).toBe('fine');
    expect(await read(`${origin}/gzip`)).toBe('unpacked');
    expect(await read(`${origin}/redirect?to=/gzip`)).toBe('unpacked');
    expect(await read(`${origin}/#integration`)).toBe('fine');
  });

  it('should refuse private addresses in any notation, without connecting', async () => {
    for (const url of notations()) {
      // By itself, after the redirect of an allowed host, and the same by a reader
      // that leaves redirects to fetch.
      for (const attempt of [
        url,
        `${url}#integration`,
        `${origin}/redirect?to=${encodeURIComponent(url)}`,
        `${origin}/redirect?to=${encodeURIComponent(url)}#integration`,
      ]) {
        const failure = await read(attempt).then(
          text => text,
          error => error,
        );
        expect([attempt, typeof failure]).toEqual([attempt, 'object']);
      }
    }
    expect(target.connections).toBe(0);
  });

  it('should say what to do, without the address behind a name', async () => {
    await expect(
      read(`http://localhost:${target.port}/x?token=1`),
    ).rejects.toThrow(
      expect.objectContaining({
        name: 'NotAllowedError',
        message:
          `Could not read 'http://localhost:${target.port}/x': Connections to 'localhost:${target.port}' are not allowed, because it is not a public address. ` +
          `If the portal is meant to read from there, list 'localhost:${target.port}' in the config at 'waystone.outbound.allowPrivate'`,
      }),
    );
  });

  it('should guard what is fetched later', async () => {
    const tree = await reader.readTree(
      `${origin}/link?to=http://localhost:${target.port}/#integration`,
    );
    const [file] = await tree.files();
    await new Promise(resolve => setImmediate(resolve));
    await expect(file.content()).rejects.toThrow('are not allowed');
    expect(target.connections).toBe(0);
  });

  it('should limit the size of answers, also of compressed ones', async () => {
    for (const path of ['/large', '/bomb']) {
      await expect(read(`${origin}${path}`)).rejects.toThrow(
        `Could not read '${origin}${path}': The answer is larger than 20 MB`,
      );
    }
  });

  it('should leave all other requests alone', async () => {
    const response = await fetch(`http://127.0.0.1:${target.port}/`);
    expect(await response.text()).toBe('inner secret');
  });
});

describe('createGuardedAgent', () => {
  const limits = {
    headersTimeoutMs: 5000,
    totalTimeoutMs: 300,
    maxBytes: 1_000_000,
  };

  beforeAll(() => {
    installOutboundContext();
    shareGlobalDispatcher();
  });

  it('should refuse a name if any of its addresses is private', async () => {
    const server = await serve((_req, res) => res.end('inner'));
    const answers: Record<string, string[]> = {
      'inner.example': ['127.0.0.1'],
      'mixed.example': ['93.184.215.14', '127.0.0.1'],
      'metadata.example': ['169.254.169.254'],
      'nothing.example': [],
    };
    const resolve = ((name, _options, done) =>
      done(
        null,
        answers[name].map(address => ({ address, family: 4 })),
      )) as LookupFunction;

    for (const host of Object.keys(answers)) {
      const context = {
        dispatcher: createGuardedAgent(new OutboundPolicy([]), resolve),
        limits,
        refusal: undefined as Error | undefined,
      };
      await expect(
        runInOutboundContext(context, () =>
          fetch(`http://${host}:${server.port}/`),
        ),
      ).rejects.toThrow('fetch failed');
      expect(context.refusal?.message).toContain(`${host}:${server.port}`);
    }
    expect(server.connections).toBe(0);

    // A name that is allowed may not move to the metadata service
    const context = {
      dispatcher: createGuardedAgent(
        new OutboundPolicy([
          `inner.example:${server.port}`,
          `metadata.example:${server.port}`,
        ]),
        resolve,
      ),
      limits,
      refusal: undefined as Error | undefined,
    };
    await runInOutboundContext(context, async () => {
      const response = await fetch(`http://inner.example:${server.port}/`);
      expect(await response.text()).toBe('inner');
      await expect(
        fetch(`http://metadata.example:${server.port}/`),
      ).rejects.toThrow('fetch failed');
    });
    expect(context.refusal?.name).toBe('OutboundRefusedError');
    await server.close();
  });

  it('should break off an answer that drips', async () => {
    const server = await serve((_req, res) => {
      const timer = setInterval(() => res.write('.'), 20);
      res.on('close', () => clearInterval(timer));
    });
    const context = {
      dispatcher: createGuardedAgent(
        new OutboundPolicy([`127.0.0.1:${server.port}`]),
      ),
      limits,
      refusal: undefined as Error | undefined,
    };
    await expect(
      runInOutboundContext(context, async () =>
        (await fetch(`http://127.0.0.1:${server.port}/`)).text(),
      ),
    ).rejects.toThrow();
    expect(context.refusal?.message).toBe('The answer took longer than 0.3 s');
    await server.close();
  });
});
