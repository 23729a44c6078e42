import { writeFileSync } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { temporaryFolders } from '../__testUtils__/temporaryFolder';
import { SiteRenderer } from '../pool/SiteRenderer';
import { buildSite } from './buildSite';
import type { SiteFiles } from './SiteOutput';

const folderOf = temporaryFolders();

async function build(files: Readonly<Record<string, string | Uint8Array>>) {
  const root = await folderOf(files);
  const outputDir = path.join(root, '..', `${path.basename(root)}-out`);
  await fs.rm(outputDir, { recursive: true, force: true });
  const report = await buildSite({
    root,
    outputDir,
    renderer: new SiteRenderer(),
    siteName: 'fallback',
    etag: 'abc',
  });
  const read = (name: string) =>
    fs.readFile(path.join(outputDir, name), 'utf8');
  const list = async () =>
    (await fs.readdir(outputDir, { recursive: true, withFileTypes: true }))
      .filter(entry => entry.isFile())
      .map(entry =>
        path.relative(outputDir, path.join(entry.parentPath, entry.name)),
      )
      .sort();
  return { root, report, read, list };
}

const codes = (report: { readonly problems: readonly { code: string }[] }) =>
  report.problems.map(({ code }) => code);

describe('buildSite', () => {
  it('writes pages, search index, metadata and files where TechDocs looks for them', async () => {
    const { report, read, list } = await build({
      'mkdocs.yml':
        'site_name: Orders\nsite_description: All of it\nrepo_url: https://git.example/o/r\nedit_uri: edit/main/docs\nplugins: [techdocs-core]\nnav:\n  - Start: index.md\n  - More:\n      - guide/a.md\n  - Elsewhere: https://example.com\n',
      'docs/index.md': '# Welcome\n\n[a](guide/a.md#part)\n',
      'docs/guide/a.md': '# A\n\n## Part\n\n![x](x.png)\n',
      'docs/guide/x.png': 'image',
      'docs/evil.js': 'alert(1)',
    });
    expect(report.problems).toEqual([]);
    expect(await list()).toEqual([
      '404.html',
      expect.stringMatching(
        /^assets\/stylesheets\/main\.[0-9a-f]{8}\.min\.css$/,
      ),
      'guide/a/index.html',
      'guide/x.png',
      'index.html',
      'search/search_index.json',
      'techdocs_metadata.json',
    ]);
    const page = await read('guide/a/index.html');
    expect(page).toContain('<title>A - Orders</title>');
    expect(page).toContain(
      'href="https://git.example/o/r/edit/main/docs/guide/a.md" title="Edit this page"',
    );
    expect(page).toContain(
      'href="../../" class="md-footer__link md-footer__link--prev"',
    );
    expect(page).toContain(
      '<a href="../../guide/a/" class="md-nav__link md-nav__link--active"',
    );
    expect(page).toContain('src="../x.png"');
    expect(JSON.parse(await read('techdocs_metadata.json'))).toMatchObject({
      site_name: 'Orders',
      site_description: 'All of it',
      etag: 'abc',
      files: expect.arrayContaining(['index.html', 'guide/x.png']),
    });
    const index = JSON.parse(await read('search/search_index.json'));
    expect(index.docs.map((doc: { location: string }) => doc.location)).toEqual(
      ['guide/a/', 'guide/a/#a', 'guide/a/#part', '', '#welcome'],
    );
  });

  it('needs no mkdocs.yml, and takes the README where there is no start page', async () => {
    const { report, read } = await build({
      'README.md': '# Read me\n',
      'docs/b.md': '# B\n',
      'docs/a.md': 'No title\n',
    });
    expect(report).toMatchObject({
      siteName: 'fallback',
      pages: 3,
      problems: [],
    });
    expect(await read('index.html')).toContain('<h1 id="read-me">');
    expect(await read('a/index.html')).toContain('<h1>A</h1>');
  });

  it('includes other sites of the repository below their names', async () => {
    const { report, read } = await build({
      'mkdocs.yml':
        "site_name: All\nnav:\n  - index.md\n  - One: '!include ./one/mkdocs.yml'\n  - Rest: '*include ./services/*/mkdocs.yml'\n",
      'docs/index.md': '[one](one-site/index.md)\n',
      'one/mkdocs.yml': 'site_name: One site\nnav:\n  - Home: index.md\n',
      'one/docs/index.md': '# One\n',
      'services/x/mkdocs.yml': 'site_name: x\n',
      'services/x/docs/index.md': '# X\n',
    });
    expect(report.problems).toEqual([]);
    expect(await read('one-site/index.html')).toContain('<h1 id="one">');
    expect(await read('index.html')).toContain('href="one-site/"');
    expect(await read('x/index.html')).toContain('<h1 id="x">');
  });

  it('finds what is missing, with file, line and what to write instead', async () => {
    const { report } = await build({
      'mkdocs.yml': 'site_name: S\nnav:\n  - index.md\n  - Gone: gone.md\n',
      'docs/index.md':
        '# A\n\n[b](b) ![c](c.png)\n[d](other.md#nowhere-at-all)\n[e](#Part)\n\n## Part\n',
      'docs/b.md': '# B\n',
      'docs/other.md': '# O\n',
    });
    expect(
      report.problems.map(({ code, file, line, fix }) => [
        code,
        file,
        line,
        fix,
      ]),
    ).toEqual([
      [
        'nav-target-missing',
        'mkdocs.yml',
        4,
        'Create the page, or remove the entry.',
      ],
      ['link-target-missing', 'docs/index.md', 3, 'Write "b.md".'],
      [
        'image-missing',
        'docs/index.md',
        3,
        'Correct the path, or create the file.',
      ],
      [
        'link-anchor-missing',
        'docs/index.md',
        4,
        'Link to one of the headings of that page.',
      ],
      ['link-anchor-missing', 'docs/index.md', 5, 'Write "#part".'],
    ]);
  });

  it('orders the navigation by .pages and SUMMARY.md', async () => {
    const awesome = await build({
      'mkdocs.yml': 'site_name: S\nplugins: [techdocs-core, awesome-pages]\n',
      'docs/.pages': 'nav:\n  - b.md\n  - ...\n',
      'docs/index.md': '# I\n',
      'docs/a.md': '# A\n',
      'docs/b.md': '# B\n',
    });
    const html = await awesome.read('index.html');
    const order = [...html.matchAll(/href="([^"]*)" class="md-nav__link/g)];
    expect(order.map(match => match[1])).toEqual(['b/', './', 'a/']);
    const literate = await build({
      'mkdocs.yml': 'site_name: S\nplugins:\n  - literate-nav\n',
      'docs/SUMMARY.md': '- [Second](b.md)\n- Group\n    - [First](index.md)\n',
      'docs/index.md': '# I\n',
      'docs/b.md': '# B\n',
    });
    expect(await literate.read('b/index.html')).toContain('Next: First');
  });

  it('leaves out what exclude_docs names, and what is not a page by name', async () => {
    const { list } = await build({
      'mkdocs.yml': 'site_name: S\nexclude_docs: |\n  drafts/\n  *.tmp\n',
      'docs/index.md': '# I\n',
      'docs/drafts/a.md': '# D\n',
      'docs/x.tmp': 'x',
      'docs/.secret': 'x',
    });
    expect(
      (await list()).filter(name => /drafts|tmp|secret/.test(name)),
    ).toEqual([]);
  });

  it('writes only what is not published yet, and tells what the site has', async () => {
    const root = await folderOf({
      'docs/index.md': '# A\n',
      'docs/b.md': '# B\n',
      'docs/x.png': 'image',
    });
    const renderer = new SiteRenderer();
    let published: SiteFiles | undefined;
    const written = async (name: string) => {
      const outputDir = path.join(root, name);
      const { outputs } = await buildSite({
        root,
        outputDir,
        renderer,
        published,
      });
      published = outputs;
      const entries = await fs.readdir(outputDir, {
        recursive: true,
        withFileTypes: true,
      });
      return entries
        .filter(entry => entry.isFile())
        .map(entry =>
          path.relative(outputDir, path.join(entry.parentPath, entry.name)),
        )
        .sort();
    };
    const all = await written('1');
    expect([...published!.keys()].sort()).toEqual(all);
    expect(await written('2')).toEqual(['techdocs_metadata.json']);

    await fs.writeFile(path.join(root, 'docs/b.md'), '# B\n\nMore\n');
    expect(await written('3')).toEqual([
      'b/index.html',
      'search/search_index.json',
      'techdocs_metadata.json',
    ]);
    await fs.rm(path.join(root, 'docs/x.png'));
    await fs.writeFile(path.join(root, 'mkdocs.yml'), 'site_name: New\n');
    expect(await written('4')).toEqual(
      all.filter(file => !/main\.|x\.png|search/.test(file)),
    );
    expect([...published!.keys()]).not.toContain('x.png');
  });

  it('renders again only what has changed', async () => {
    const root = await folderOf({
      'docs/index.md': '[a](a.md)\n',
      'docs/a.md': '# A\n',
      'docs/b.md': '--8<-- "part.md"\n',
      'docs/part.md': 'one\n',
    });
    const renderer = new SiteRenderer();
    await buildSite({ root, renderer });
    expect(renderer.renderedPages).toBe(4);
    await buildSite({ root, renderer });
    expect(renderer.renderedPages).toBe(4);
    await fs.writeFile(path.join(root, 'docs/a.md'), '# Changed\n');
    await buildSite({ root, renderer });
    expect(renderer.renderedPages).toBe(5);
    // The part and the page that includes it
    await fs.writeFile(path.join(root, 'docs/part.md'), 'two\n');
    await buildSite({ root, renderer });
    expect(renderer.renderedPages).toBe(7);
    // The page that links to what is gone
    await fs.rm(path.join(root, 'docs/a.md'));
    await buildSite({ root, renderer });
    expect(renderer.renderedPages).toBe(8);
  });
});

describe('Hostile sites', () => {
  const SECRET = 'TOP-SECRET-CONTENT';

  it('nothing outside of the folder is read: nav, docs_dir, INHERIT, snippets, images, links', async () => {
    const outside = await folderOf({
      'secret.md': SECRET,
      'mkdocs.yml': `site_name: ${SECRET}`,
    });
    const up = `../${path.basename(outside)}`;
    for (const config of [
      `docs_dir: ${up}`,
      `docs_dir: ${outside}`,
      `INHERIT: ${up}/mkdocs.yml`,
      `INHERIT: ${outside}/mkdocs.yml`,
    ]) {
      await expect(
        build({
          'mkdocs.yml': `site_name: S\n${config}\n`,
          'docs/index.md': '# I\n',
        }),
      ).rejects.toThrow(/folder/);
    }
    const { report, read, list, root } = await build({
      'mkdocs.yml': `site_name: S\nnav:\n  - index.md\n  - ${up}/secret.md\n  - '!include ${up}/mkdocs.yml'\nmarkdown_extensions:\n  - pymdownx.snippets:\n      base_path: ['/', '${up}']\n      auto_append: ['${up}/secret.md', '/etc/passwd']\n`,
      'docs/index.md': `# I\n\n--8<-- "${up}/secret.md"\n\n--8<-- "../${up}/secret.md"\n\n--8<-- "${outside}/secret.md"\n\n--8<-- "https://example.com/x.md"\n\n![x](${up}/secret.md) [y](../../etc/passwd)\n`,
    });
    for (const name of await list()) {
      expect(await read(name)).not.toContain(SECRET);
      expect(await read(name)).not.toContain('root:');
    }
    expect(codes(report)).toContain('snippet-refused');
    expect(codes(report)).toContain('nav-target-missing');
    expect(root).not.toBe(outside);
  });

  it('links that lead out of the folder are left out and reported', async () => {
    const outside = await folderOf({ 'secret.md': SECRET, 'img.png': SECRET });
    const root = await folderOf({
      'docs/index.md': '# I\n\n--8<-- "linked.md"\n\n![x](img.png)\n',
    });
    await fs.symlink(
      path.join(outside, 'secret.md'),
      path.join(root, 'docs/linked.md'),
    );
    await fs.symlink(
      path.join(outside, 'img.png'),
      path.join(root, 'docs/img.png'),
    );
    await fs.symlink(outside, path.join(root, 'docs/folder'));
    await fs.symlink(path.join(root, 'docs'), path.join(root, 'docs/loop'));
    await fs.symlink(
      path.join(root, 'nowhere'),
      path.join(root, 'docs/broken.md'),
    );
    const outputDir = await folderOf({});
    const report = await buildSite({
      root,
      outputDir,
      renderer: new SiteRenderer(),
    });
    expect(codes(report)).toEqual(
      expect.arrayContaining([
        'file-refused',
        'snippet-refused',
        'image-missing',
      ]),
    );
    const files = await fs.readdir(outputDir, {
      recursive: true,
      withFileTypes: true,
    });
    for (const file of files.filter(entry => entry.isFile())) {
      expect(
        await fs.readFile(path.join(file.parentPath, file.name), 'utf8'),
      ).not.toContain(SECRET);
    }
  });

  it('a page beside a folder of its name gives way to the start page of the folder, and says so', async () => {
    const root = await folderOf({
      'docs/index.md': '# Start\n\n[run](run.md)\n',
      'docs/run.md': '# Beside\n',
      'docs/run/README.md': '# Inside\n',
      'docs/other.md': '# Other\n',
      'docs/other/deep.md': '# Deep\n',
    });
    const outputDir = await folderOf({});
    const report = await buildSite({
      root,
      outputDir,
      renderer: new SiteRenderer(),
    });
    expect(report.problems).toMatchObject([
      { code: 'link-target-missing', file: 'docs/index.md', line: 3 },
      {
        code: 'address-taken',
        file: 'docs/run.md',
        line: 1,
        message:
          'The page is left out: "docs/run/README.md" has the same address.',
      },
    ]);
    expect(
      await fs.readFile(path.join(outputDir, 'run/index.html'), 'utf8'),
    ).toContain('>Inside');
  });

  it('billion laughs, Python objects, hooks and mapping-style extensions do nothing', async () => {
    const laughs = [
      'a: &a [x,x,x,x,x,x,x,x,x]',
      ...'bcdefghi'
        .split('')
        .map(
          (name, index) =>
            `${name}: &${name} [${Array(9)
              .fill(`*${'abcdefghi'[index]}`)
              .join(',')}]`,
        ),
    ].join('\n');
    await expect(
      build({
        'mkdocs.yml': `site_name: S\n${laughs}\n`,
        'docs/index.md': '# I\n',
      }),
    ).rejects.toThrow(/anchors/);
    const { report } = await build({
      'mkdocs.yml':
        "site_name: S\nhooks: [evil.py]\nextra: !!python/object/apply:os.system ['touch /tmp/x']\ntheme:\n  custom_dir: ..\nmarkdown_extensions:\n  evil.module:\n    x: !!python/name:os.system\n  toc:\n    permalink: '#'\n",
      'docs/index.md': '# I\n',
    });
    expect(codes(report)).toEqual(['config-unsupported', 'config-unsupported']);
  });

  it('bad YAML is said with line and column', async () => {
    await expect(
      build({
        'mkdocs.yml': 'site_name: S\nnav:\n  - a: b: c\n',
        'docs/index.md': '# I\n',
      }),
    ).rejects.toMatchObject({
      problems: [
        expect.objectContaining({
          code: 'config-invalid',
          file: 'mkdocs.yml',
          line: 3,
        }),
      ],
    });
  });

  it('limits hold: pages, files, bytes, depth', async () => {
    const root = await folderOf(
      Object.fromEntries(
        Array.from({ length: 30 }, (_, index) => [`docs/${index}.md`, '# A\n']),
      ),
    );
    const run = (limits: Parameters<typeof buildSite>[0]['limits']) =>
      buildSite({ root, renderer: new SiteRenderer(), limits });
    await expect(run({ pages: 20 })).rejects.toThrow('more than 20 pages');
    await expect(run({ files: 20 })).rejects.toThrow('more than 20 files');
    await expect(run({ totalBytes: 50 })).rejects.toThrow('MB');
    await fs.mkdir(path.join(root, `docs/${'d/'.repeat(40)}`), {
      recursive: true,
    });
    await expect(run({ depth: 10 })).rejects.toThrow('nested more than 10');
  });

  it('a page that is too large is left out, and one that is not UTF-8 is shown', async () => {
    const { report, read } = await build({
      'docs/index.md': new Uint8Array([
        0x23, 0x20, 0x47, 0x72, 0xfc, 0xdf, 0x65,
      ]),
      'docs/large.md': 'a'.repeat(3 * 1024 * 1024),
    });
    expect(codes(report)).toEqual(['encoding-invalid', 'file-too-large']);
    expect(await read('index.html')).toContain('Grüße');
  });

  it('a page of 100 MB is left out without being read', async () => {
    const root = await folderOf({ 'docs/index.md': '# A\n' });
    const huge = path.join(root, 'docs/huge.md');
    await fs.writeFile(huge, '# Huge\n');
    await fs.truncate(huge, 100 * 1024 * 1024);
    const { pages, problems } = await buildSite({
      root,
      renderer: new SiteRenderer(),
    });
    expect(pages).toBe(1);
    expect(problems).toMatchObject([
      { code: 'file-too-large', file: 'docs/huge.md' },
    ]);
  });

  it('10,000 pages are built, and one more is refused', async () => {
    const root = await folderOf({ 'docs/index.md': '# A\n' });
    for (let page = 1; page < 10_000; page++) {
      writeFileSync(path.join(root, `docs/${page}.md`), `# ${page}\n`);
    }
    const buildAll = () => buildSite({ root, renderer: new SiteRenderer() });
    expect((await buildAll()).pages).toBe(10_000);
    writeFileSync(path.join(root, 'docs/more.md'), '# More\n');
    await expect(buildAll()).rejects.toThrow('more than 10000 pages');
  }, 120_000);

  it('front matter and nav titles are text', async () => {
    const { read } = await build({
      'mkdocs.yml':
        'site_name: "</title><script>alert(1)</script>"\nnav:\n  - "<img src=x onerror=alert(1)>": index.md\n  - "javascript": "javascript:alert(1)"\n',
      'docs/index.md':
        '---\ntitle: "</title><script>alert(2)</script>"\ndescription: "\\"><script>alert(3)</script>"\ntags: ["<script>"]\n---\n# I\n',
    });
    const html = await read('index.html');
    expect(html).not.toMatch(/<script|<img|href="javascript/);
  });

  it('links files instead of copying them, where the folder is thrown away', async () => {
    const root = await folderOf({
      'docs/index.md': '# I\n\n![x](x.png)\n',
      'docs/x.png': 'image',
    });
    await fs.symlink('x.png', path.join(root, 'docs/y.png'));
    const inode = async (folder: string, name: string) =>
      (await fs.lstat(path.join(folder, name))).ino;
    const source = await inode(root, 'docs/x.png');
    const renderer = new SiteRenderer();
    for (const linkFiles of [false, true]) {
      const outputDir = await folderOf({});
      await buildSite({ root, outputDir, renderer, linkFiles });
      expect((await inode(outputDir, 'x.png')) === source).toBe(linkFiles);
      expect((await inode(outputDir, 'y.png')) === source).toBe(linkFiles);
      expect(await fs.readFile(path.join(outputDir, 'y.png'), 'utf8')).toBe(
        'image',
      );
    }
  });
});
