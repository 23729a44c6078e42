import fs from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { commands } from '../commands';
import { runCommand } from '../runCommand';
import { KrokiDrawer } from './KrokiDrawer';
import { PreviewServer } from './PreviewServer';

describe('waystone docs', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'waystone-cli-'));
    await fs.mkdir(path.join(folder, 'docs'));
    await fs.writeFile(
      path.join(folder, 'docs/index.md'),
      '# Start\n\n[gone](gone.md)\n',
    );
  });
  afterEach(() => fs.rm(folder, { recursive: true, force: true }));

  async function run(
    words: readonly string[],
    environment: Readonly<Record<string, string>> = {},
  ) {
    let output = '';
    let errors = '';
    const code = await runCommand(words, commands, {
      write: text => {
        output += text;
      },
      writeError: text => {
        errors += text;
      },
      environment,
      workingDirectory: folder,
    });
    return { code, output, errors };
  }

  it('says what there is, and how a command is used', async () => {
    expect((await run([])).output).toContain('waystone docs check');
    expect((await run(['docs', 'check', '--help'])).output).toContain(
      '--fail-on',
    );
    expect(await run(['docs', 'nothing'])).toMatchObject({ code: 2 });
    expect(await run(['docs', 'check', '--nothing'])).toMatchObject({
      code: 2,
    });
    expect(await run(['docs', 'check', 'a', 'b'])).toMatchObject({ code: 2 });
    expect(await run(['docs', 'check', '--fail-on', 'x'])).toMatchObject({
      code: 2,
    });
  });

  it('check: file, line, what to do; the exit code says whether something was found', async () => {
    const found = await run(['docs', 'check']);
    expect(found.code).toBe(1);
    expect(found.output).toContain(
      'docs/index.md:3  warning  The link "gone.md" leads nowhere.',
    );
    expect(await run(['docs', 'check', '--fail-on', 'error'])).toMatchObject({
      code: 0,
    });
    await fs.writeFile(path.join(folder, 'docs/gone.md'), '# Here\n');
    expect(await run(['docs', 'check'])).toMatchObject({ code: 0 });
  });

  it('check --json is the report', async () => {
    const { output } = await run(['docs', 'check', '--json']);
    expect(JSON.parse(output)).toMatchObject({
      pages: 1,
      problems: [
        { code: 'link-target-missing', file: 'docs/index.md', line: 3 },
      ],
    });
  });

  it('check writes annotations in a GitHub workflow', async () => {
    const { output } = await run(['docs', 'check'], {
      GITHUB_ACTIONS: 'true',
      GITHUB_WORKSPACE: path.dirname(folder),
    });
    expect(output).toContain(
      `::warning file=${path.basename(
        folder,
      )}/docs/index.md,line=3,title=link-target-missing::The link "gone.md" leads nowhere.`,
    );
  });

  it('check says what is wrong with mkdocs.yml', async () => {
    await fs.writeFile(path.join(folder, 'mkdocs.yml'), 'site_name: "x\n');
    const { code, output } = await run(['docs', 'check', '--github']);
    expect(code).toBe(1);
    expect(output).toMatch(
      /^::error file=mkdocs.yml|::error file=.*mkdocs.yml/,
    );
  });

  it('build writes the pages, and never over others', async () => {
    expect(await run(['docs', 'build', '--output', 'out'])).toMatchObject({
      code: 0,
    });
    expect(
      await fs.readFile(path.join(folder, 'out/index.html'), 'utf8'),
    ).toContain('<h1 id="start">');
    expect(await run(['docs', 'build', '--output', 'out'])).toMatchObject({
      code: 2,
    });
  });

  it('has diagrams drawn by the server that --kroki names, and by none else', async () => {
    const asked: string[] = [];
    const kroki = http.createServer((request, response) => {
      asked.push(request.url ?? '');
      request.resume().on('end', () => {
        if (request.url?.startsWith('/d2')) {
          const wantsText = request.headers.accept?.startsWith('text/plain');
          response
            .writeHead(400)
            .end(
              wantsText
                ? 'Error 400: no such shape\nat line 1'
                : '<svg>no such shape</svg>',
            );
        } else {
          response
            .writeHead(200, { 'content-type': 'image/svg+xml' })
            .end(
              '<svg xmlns="http://www.w3.org/2000/svg"><g onload="x()"/></svg>',
            );
        }
      });
    });
    await new Promise<void>(resolve => kroki.listen(0, '127.0.0.1', resolve));
    const { port } = kroki.address() as AddressInfo;
    const address = `http://127.0.0.1:${port}`;
    await fs.writeFile(
      path.join(folder, 'docs/index.md'),
      '# Start\n\n```plantuml\na -> b\n```\n\n```d2\nx\n```\n',
    );
    try {
      await run(['docs', 'build', '--output', 'without']);
      expect(asked).toEqual([]);
      const built = await run([
        'docs',
        'build',
        '--output',
        'out',
        '--kroki',
        `${address}/`,
      ]);
      expect(asked.sort()).toEqual(['/d2/svg', '/plantuml/svg']);
      expect(built.errors).toContain(
        'docs/index.md:7  warning  The diagram is shown as its source: the diagram server answered 400: no such shape.',
      );
      const diagrams = path.join(folder, 'out/assets/diagrams');
      const [picture] = await fs.readdir(diagrams);
      const svg = await fs.readFile(path.join(diagrams, picture), 'utf8');
      expect(svg).toContain('<svg');
      expect(svg).not.toContain('onload');
      const server = await PreviewServer.start({
        root: folder,
        host: 'localhost',
        port: 0,
        diagrams: KrokiDrawer.fromOption(address),
        log: () => {},
      });
      try {
        const page = await (await fetch(server.url)).text();
        const source = /src="(assets\/diagrams\/[^"]+)"/.exec(page)?.[1];
        const shown = await fetch(`${server.url}${source}`);
        expect(shown.headers.get('content-type')).toBe('image/svg+xml');
        expect(await shown.text()).toBe(svg);
      } finally {
        await server.stop();
      }
    } finally {
      kroki.closeAllConnections();
      await new Promise(resolve => kroki.close(resolve));
    }
    expect(await run(['docs', 'check', '--kroki', address])).toMatchObject({
      code: 1,
      output: expect.stringContaining('the diagram server cannot be reached'),
    });
    expect(await run(['docs', 'check', '--kroki', 'kroki'])).toMatchObject({
      code: 2,
    });
  });

  it('serve shows pages, tells open ones of changes, and serves nothing else', async () => {
    const server = await PreviewServer.start({
      root: folder,
      host: 'localhost',
      port: 0,
      log: () => {},
    });
    try {
      const text = async (url: string) =>
        (await fetch(server.url + url)).text();
      expect(await text('')).toContain('<h1 id="start">');
      expect((await fetch(`${server.url}..%2f..%2fetc/passwd`)).status).toBe(
        404,
      );
      const events = await fetch(`${server.url}__waystone/changes`);
      const reader = events.body!.getReader();
      await reader.read();
      await fs.writeFile(path.join(folder, 'docs/index.md'), '# Changed\n');
      const { value } = await reader.read();
      expect(new TextDecoder().decode(value)).toContain('data: changed');
      expect(await text('')).toContain('<h1 id="changed">');
      await reader.cancel();
    } finally {
      await server.stop();
    }
  });
});
