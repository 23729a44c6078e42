import fs from 'node:fs/promises';
import path from 'node:path';
import { temporaryFolders } from '../__testUtils__/temporaryFolder';
import { renderMarkdown } from '../__testUtils__/renderMarkdown';
import { RenderPool } from '../pool/RenderPool';
import { SiteRenderer } from '../pool/SiteRenderer';
import { buildSite, type BuildSiteOptions } from '../site/buildSite';
import type { Diagram, DiagramDrawer } from './DiagramDrawer';
import { KROKI_TYPES } from './diagramType';

const folderOf = temporaryFolders();

const PICTURE =
  '<svg xmlns="http://www.w3.org/2000/svg"><text>drawn</text></svg>';

function drawerOf(draw: DiagramDrawer['draw']): {
  readonly drawer: DiagramDrawer;
  readonly asked: Diagram[];
} {
  const asked: Diagram[] = [];
  return {
    asked,
    drawer: {
      types: ['plantuml', 'graphviz', 'd2'],
      draw: (diagram, signal) => {
        asked.push(diagram);
        return draw(diagram, signal);
      },
    },
  };
}

async function build(
  files: Readonly<Record<string, string>>,
  diagrams: DiagramDrawer,
  options: Partial<BuildSiteOptions> = {},
) {
  const root = await folderOf(files);
  const outputDir = await folderOf({});
  const report = await buildSite({
    root,
    outputDir,
    renderer: new SiteRenderer(),
    diagrams,
    ...options,
  });
  const read = (name: string) =>
    fs.readFile(path.join(outputDir, name), 'utf8');
  const pictures = async () => {
    const folder = path.join(outputDir, 'assets/diagrams');
    const names = await fs.readdir(folder).catch(() => []);
    return Promise.all(
      names.map(name => read(path.join('assets/diagrams', name))),
    );
  };
  return { report, read, pictures };
}

const UML = '```plantuml\na -> b\n```\n';

describe('Diagrams', () => {
  it('are drawn once for all pages, as images with their source below', async () => {
    const { drawer, asked } = drawerOf(async () => ({ svg: PICTURE }));
    const { report, read, pictures } = await build(
      {
        'docs/index.md': `# I\n\n${UML}`,
        'docs/guide/a.md': `# A\n\n!!! note\n    \`\`\`{ .kroki-plantuml title="A & \\"b\\"" }\n    a -> b\n    \`\`\`\n`,
        'docs/b.md': '# B\n\n```dot\ndigraph { x }\n```\n',
      },
      drawer,
    );
    expect(report.problems).toEqual([]);
    expect(asked).toHaveLength(2);
    expect(asked).toEqual(
      expect.arrayContaining([
        { type: 'plantuml', source: 'a -> b\n' },
        { type: 'graphviz', source: 'digraph { x }\n' },
      ]),
    );
    expect(await pictures()).toEqual([PICTURE, PICTURE]);
    const page = await read('guide/a/index.html');
    const [, source] = /<figure class="diagram"><img src="([^"]+)"/.exec(page)!;
    expect(source).toMatch(/^\.\.\/\.\.\/assets\/diagrams\/[0-9a-f]{32}\.svg$/);
    expect(await read(source.replace('../../', ''))).toBe(PICTURE);
    expect(page).toContain('<summary>Source</summary><div class="language-');
    expect(page).toContain('a -&gt; b');
    expect(await read('index.html')).toContain('alt="Diagram of plantuml"');
    const index = await read('search/search_index.json');
    expect(index).toContain('digraph { x }');
    expect(index).not.toMatch(/[\u{e000}-\u{e003}]|Diagram of/u);
    expect(JSON.parse(await read('techdocs_metadata.json')).files).toContain(
      source.replace('../../', ''),
    );
  });

  it('show their source where they cannot be drawn, and say why', async () => {
    const { drawer } = drawerOf(async ({ type }) => {
      if (type === 'graphviz') return { svg: '<html>Sign in</html>' };
      if (type === 'd2') throw new Error('http://internal.example:8000 fell');
      return {
        problem: 'the diagram server answered 500',
        fix: 'Build the docs again later.',
      };
    });
    const { report, read, pictures } = await build(
      {
        'docs/index.md': `# I\n\n${UML}\n\n\`\`\`dot\ndigraph { x }\n\`\`\`\n\n\`\`\`d2\nx -> y\n\`\`\`\n`,
        'docs/b.md': UML,
      },
      drawer,
    );
    expect(
      report.problems.map(({ code, severity, file, line, message }) => [
        code,
        severity,
        file,
        line,
        message.replace('The diagram is shown as its source: ', ''),
      ]),
    ).toEqual([
      [
        'diagram-failed',
        'warning',
        'docs/b.md',
        1,
        'the diagram server answered 500.',
      ],
      [
        'diagram-failed',
        'warning',
        'docs/index.md',
        3,
        'the diagram server answered 500.',
      ],
      [
        'diagram-failed',
        'warning',
        'docs/index.md',
        8,
        'the answer of the diagram server is no SVG image.',
      ],
      [
        'diagram-failed',
        'warning',
        'docs/index.md',
        12,
        'it could not be drawn.',
      ],
    ]);
    const page = await read('index.html');
    expect(page).toContain('a -&gt; b');
    expect(page).not.toContain('<figure');
    expect(page).not.toMatch(/[\u{e000}-\u{e003}]/u);
    expect(await pictures()).toEqual([]);
  });

  it('are cleaned', async () => {
    const { drawer } = drawerOf(async () => ({
      svg: `<?xml version="1.0"?><?plantuml 1.2025?><!DOCTYPE svg>
<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script>
<foreignObject><iframe src="https://evil.example"/></foreignObject>
<style>.a{fill:\\75rl(https://evil.example)}</style>
<style>@font-face{src:url("data:application/font-woff;base64,AAAA")}</style>
<image href="https://evil.example/x.png"/><a href="javascript:alert(1)"><text>kept</text></a></svg>`,
    }));
    const { pictures } = await build({ 'docs/index.md': UML }, drawer);
    const [picture] = await pictures();
    expect(picture).toMatch(/^<svg xmlns/);
    expect(picture).toContain('kept');
    expect(picture).toContain('font-woff');
    expect(picture).not.toMatch(/script|onload|foreignObject|evil|iframe/);
  });

  it('that take too long together cost their pictures, not the site', async () => {
    const { drawer } = drawerOf(
      (_diagram, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason));
        }),
    );
    const { report, read } = await build({ 'docs/index.md': UML }, drawer, {
      limits: { siteMilliseconds: 2000 },
    });
    expect(report.problems).toMatchObject([
      {
        code: 'diagram-failed',
        message: expect.stringContaining('longer than 1 seconds'),
      },
    ]);
    expect(await read('index.html')).toContain('a -&gt; b');
  });

  it('a page cannot make marks of its own, nor name a language that is none', () => {
    const { html, summary } = renderMarkdown(
      '\u{e002}abc|x\u{e003}y\u{e002}/\u{e003}\n\n```kroki-../../admin\nx\n```\n\n```kroki-constructor\nx\n```\n',
      { diagramTypes: KROKI_TYPES },
    );
    expect(html).not.toMatch(/[\u{e000}-\u{e003}]/u);
    expect(summary.diagrams).toEqual([]);
    expect(summary.problems.map(({ code }) => code)).toEqual([
      'diagram-source',
    ]);
  });

  it('of builds in threads are drawn by the thread of the pool', async () => {
    const { drawer, asked } = drawerOf(async ({ type }) => {
      if (type === 'd2') throw new Error('unexpected');
      return { svg: PICTURE };
    });
    const pool = new RenderPool({ threads: 2, diagrams: drawer });
    const root = await folderOf({
      'docs/index.md': `${UML}\n\n\`\`\`d2\nx\n\`\`\`\n`,
      'docs/a.md': UML,
    });
    const outputDir = await folderOf({});
    const { problems } = await pool.build({ root, outputDir });
    await pool.close();
    expect(asked.map(({ type }) => type).sort()).toEqual(['d2', 'plantuml']);
    expect(problems.map(({ code }) => code)).toEqual(['diagram-failed']);
    expect(
      await fs.readFile(path.join(outputDir, 'a/index.html'), 'utf8'),
    ).toContain('<img src="../assets/diagrams/');
  }, 60_000);

  it('are drawn when a server is there, though the page has not changed', async () => {
    const root = await folderOf({ 'docs/index.md': UML });
    const renderer = new SiteRenderer();
    const before = await buildSite({ root, renderer });
    expect(before.problems.map(({ code }) => code)).toEqual(['diagram-source']);
    const { drawer } = drawerOf(async () => ({ svg: PICTURE }));
    const outputDir = await folderOf({});
    const first = await buildSite({
      root,
      renderer,
      outputDir,
      diagrams: drawer,
    });
    expect(first.problems).toEqual([]);
    // What is published with the same picture is not written again
    const second = await folderOf({});
    await buildSite({
      root,
      renderer,
      outputDir: second,
      diagrams: drawer,
      published: first.outputs,
    });
    expect(await fs.readdir(second)).toEqual(['techdocs_metadata.json']);
  });
});
