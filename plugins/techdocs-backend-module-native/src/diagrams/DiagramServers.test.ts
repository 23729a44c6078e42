import fs from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import { ConfigReader } from '@backstage/config';
import { buildSite, SiteRenderer } from '@waystone/docs-renderer';
import type { Knex } from 'knex';
import { readNativeDocsConfig } from '../config/readNativeDocsConfig';
import { DiagramServers, versionOf } from './DiagramServers';
import { DiagramStore } from './DiagramStore';

jest.setTimeout(60_000);

const PICTURE =
  '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><text>drawn</text></svg>';
const HOSTILE = `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">
<script>alert(1)</script><foreignObject><p>x</p></foreignObject>
<image href="https://evil.example/x.png"/><text>kept</text></svg>`;

interface Asked {
  readonly method?: string;
  readonly url?: string;
  readonly type?: string;
  readonly body: string;
}

describe('DiagramServers', () => {
  const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
  let knex: Knex;
  let store: DiagramStore;
  let server: http.Server;
  let address: string;
  let asked: Asked[];
  let inFlight: number;
  let mostInFlight: number;
  const opened: DiagramServers[] = [];
  const folders: string[] = [];

  beforeAll(async () => {
    knex = await databases.init('POSTGRES_18');
    await knex.migrate.latest({
      directory: resolvePackagePath(
        '@waystone/plugin-techdocs-backend-module-native',
        'migrations',
      ),
    });
    store = new DiagramStore(knex);
    // Answers as Kroki does, by what the diagram says
    server = http.createServer(async (request, response) => {
      let body = '';
      for await (const part of request) body += part;
      asked.push({
        method: request.method,
        url: request.url,
        type: request.headers['content-type'],
        body,
      });
      mostInFlight = Math.max(mostInFlight, ++inFlight);
      response.on('close', () => inFlight--);
      if (body.startsWith('slow')) return;
      if (body.startsWith('wait')) {
        await new Promise(resolve => setTimeout(resolve, 30));
      }
      if (body.startsWith('fail')) {
        response.writeHead(500).end(`stack of ${address}`);
      } else if (body.startsWith('wrong')) {
        // As Kroki: what is wrong is a picture for those who ask for pictures
        response
          .writeHead(400)
          .end(
            request.headers.accept?.startsWith('text/plain')
              ? 'Error 400: Syntax Error? (line: 1)'
              : '<svg xmlns="http://www.w3.org/2000/svg"><text>Error</text></svg>',
          );
      } else if (body.startsWith('away')) {
        response.writeHead(302, { location: 'https://evil.example/' }).end();
      } else {
        const svg = body.startsWith('hostile') ? HOSTILE : PICTURE;
        response
          .writeHead(200, { 'content-type': 'image/svg+xml' })
          .end(body.startsWith('large') ? `${svg}${' '.repeat(9000)}` : svg);
      }
    });
    await new Promise<void>(resolve =>
      server.listen(0, '127.0.0.1', () => resolve()),
    );
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  beforeEach(async () => {
    asked = [];
    inFlight = 0;
    mostInFlight = 0;
    await knex('docs_diagrams').delete();
  });
  afterEach(async () => {
    for (const servers of opened.splice(0)) await servers.close();
    for (const folder of folders.splice(0)) {
      await fs.rm(folder, { recursive: true, force: true });
    }
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise(resolve => server.close(resolve));
  });

  function serversOf(diagrams: object): DiagramServers {
    const { diagrams: config } = readNativeDocsConfig(
      new ConfigReader({ techdocs: { native: { diagrams } } }),
    );
    const servers = new DiagramServers({
      config,
      store,
      logger: mockServices.logger.mock(),
    });
    opened.push(servers);
    return servers;
  }

  async function build(page: string, diagrams: DiagramServers) {
    const root = await fs.mkdtemp(path.join(os.tmpdir(), 'diagrams-'));
    folders.push(root);
    await fs.mkdir(path.join(root, 'docs'));
    await fs.writeFile(path.join(root, 'docs/index.md'), page);
    const outputDir = path.join(root, 'site');
    const report = await buildSite({
      root,
      outputDir,
      renderer: new SiteRenderer(),
      diagrams,
    });
    const pictures = path.join(outputDir, 'assets/diagrams');
    return {
      problems: report.problems.map(({ code, file, line, message, fix }) => ({
        code,
        file,
        line,
        message,
        fix,
      })),
      html: await fs.readFile(path.join(outputDir, 'index.html'), 'utf8'),
      pictures: await Promise.all(
        (
          await fs.readdir(pictures).catch(() => [])
        ).map(name => fs.readFile(path.join(pictures, name), 'utf8')),
      ),
    };
  }

  const fence = (language: string, source: string) =>
    `\`\`\`${language}\n${source}\n\`\`\`\n`;

  it('asks Kroki for what is new, over builds and restarts', async () => {
    const first = serversOf({ kroki: { url: `${address}/` } });
    const page = `# A\n\n${fence('plantuml', 'a -> b')}\n${fence(
      'kroki-bpmn',
      '<x/>',
    )}`;
    const { problems, html, pictures } = await build(page, first);
    expect(problems).toEqual([]);
    expect(html.match(/<figure class="diagram">/g)).toHaveLength(2);
    expect(pictures).toEqual([
      expect.stringContaining('drawn'),
      expect.stringContaining('drawn'),
    ]);
    const sent = { method: 'POST', type: 'text/plain; charset=utf-8' };
    expect(asked).toHaveLength(2);
    expect(asked).toEqual(
      expect.arrayContaining([
        { ...sent, url: '/plantuml/svg', body: 'a -> b\n' },
        { ...sent, url: '/bpmn/svg', body: '<x/>\n' },
      ]),
    );
    const again = serversOf({ kroki: { url: address } });
    const second = await build(
      `${page}\n${fence('dot', 'digraph { x }')}`,
      again,
    );
    expect(second.pictures).toHaveLength(3);
    expect(asked.slice(2)).toEqual([
      { ...sent, url: '/graphviz/svg', body: 'digraph { x }\n' },
    ]);
  });

  it('asks a PlantUML server for PlantUML, and nobody for the rest', async () => {
    const servers = serversOf({ plantuml: { url: `${address}/plantuml` } });
    const { problems, pictures } = await build(
      `${fence('puml', 'a -> b')}\n${fence('d2', 'a -> b')}`,
      servers,
    );
    expect(asked.map(({ url }) => url)).toEqual(['/plantuml/svg']);
    expect(pictures).toHaveLength(1);
    expect(problems.map(({ code }) => code)).toEqual(['diagram-source']);
  });

  it('asks nobody unless a server is named', async () => {
    const servers = serversOf({});
    expect(servers.types).toEqual([]);
    const { problems } = await build(fence('plantuml', 'a -> b'), servers);
    expect(problems.map(({ code }) => code)).toEqual(['diagram-source']);
    expect(asked).toEqual([]);
  });

  it('what the server answers is cleaned, and never trusted', async () => {
    const servers = serversOf({ kroki: { url: address } });
    const { pictures } = await build(fence('plantuml', 'hostile'), servers);
    expect(pictures[0]).toContain('kept');
    expect(pictures[0]).not.toMatch(/script|onload|foreignObject|evil/);
  });

  it('failures show the source and tell the author, not where the server is', async () => {
    const servers = serversOf({
      kroki: { url: address },
      timeoutMilliseconds: 300,
      answerBytes: 5000,
      sourceBytes: 2000,
    });
    const sources = [
      'fail',
      'wrong',
      'slow',
      'large',
      'away',
      'x'.repeat(3000),
    ];
    const { problems, html, pictures } = await build(
      sources.map(source => fence('plantuml', source)).join('\n'),
      servers,
    );
    expect(pictures).toEqual([]);
    for (const source of sources) expect(html).toContain(source);
    expect(
      problems.map(({ code, file, line, message, fix }) => [
        code,
        `${file}:${line}`,
        message.replace('The diagram is shown as its source: ', ''),
        fix,
      ]),
    ).toEqual([
      [
        'diagram-failed',
        'docs/index.md:1',
        'the diagram server answered 500.',
        expect.stringContaining('again'),
      ],
      [
        'diagram-failed',
        'docs/index.md:5',
        'the diagram server answered 400: Syntax Error? (line: 1).',
        'Correct the source of the diagram.',
      ],
      [
        'diagram-failed',
        'docs/index.md:9',
        'the diagram server did not answer within 0.3 seconds.',
        expect.stringContaining('smaller'),
      ],
      [
        'diagram-failed',
        'docs/index.md:13',
        'its picture is larger than 5000 bytes.',
        'Split the diagram.',
      ],
      [
        'diagram-failed',
        'docs/index.md:17',
        'the diagram server answered 302.',
        expect.stringContaining('again'),
      ],
      [
        'diagram-failed',
        'docs/index.md:21',
        'its source is larger than 2000 bytes.',
        expect.stringContaining('Split'),
      ],
    ]);
    expect(JSON.stringify(problems)).not.toMatch(/127\.0\.0\.1|evil/);
    // Nothing of it is kept: the next build asks again
    expect(await knex('docs_diagrams').count().first()).toEqual({ count: '0' });
  });

  it('a server that is not there costs no build', async () => {
    const servers = serversOf({ kroki: { url: 'http://127.0.0.1:9' } });
    const { problems } = await build(fence('plantuml', 'a -> b'), servers);
    expect(problems).toMatchObject([
      { message: expect.stringContaining('cannot be reached') },
    ]);
  });

  it('asks for few at the same time, of all sites together', async () => {
    const servers = serversOf({ kroki: { url: address }, concurrency: 2 });
    const results = await Promise.all(
      [1, 2, 3].map(site =>
        build(
          [1, 2, 3, 4, 5]
            .map(number => fence('plantuml', `wait ${site} ${number}`))
            .join('\n'),
          servers,
        ),
      ),
    );
    expect(results.map(({ pictures }) => pictures.length)).toEqual([5, 5, 5]);
    expect(mostInFlight).toBe(2);
  });

  it('takes addresses of the configuration that are plain ones only', () => {
    for (const url of [
      'file:///etc/passwd',
      'kroki',
      'http://user:secret@kroki.example',
      'http://kroki.example/?a=b',
    ]) {
      expect(() => serversOf({ kroki: { url } })).toThrow(
        'techdocs.native.diagrams.kroki.url must be',
      );
      expect(() => serversOf({ plantuml: { url } })).toThrow(
        'techdocs.native.diagrams.plantuml.url must be',
      );
    }
  });

  it('forgets what nobody asks for, and keeps what is used', async () => {
    await store.put('old', 'a');
    await store.put('used', 'b');
    await knex('docs_diagrams').update({
      used_at: knex.raw("now() - interval '61 days'"),
    });
    expect(await store.find('used')).toBe('b');
    await store.prune();
    expect(await store.find('old')).toBeUndefined();
    expect(await store.find('used')).toBe('b');
  });

  it('other servers are another version of the pages', () => {
    const versions = [
      {},
      { kroki: 'http://a.example' },
      { kroki: 'http://b.example' },
      { plantuml: 'http://a.example' },
    ].map(urls =>
      versionOf({
        timeoutMilliseconds: 1,
        sourceBytes: 1,
        answerBytes: 1,
        concurrency: 1,
        ...urls,
      }),
    );
    expect(versions[0]).toBeUndefined();
    expect(new Set(versions).size).toBe(4);
  });
});
