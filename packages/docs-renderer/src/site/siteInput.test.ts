import fs from 'node:fs/promises';
import path from 'node:path';
import { temporaryFolders } from '../__testUtils__/temporaryFolder';
import { SiteRenderer } from '../pool/SiteRenderer';
import { buildSite } from './buildSite';

const folderOf = temporaryFolders();

async function build(files: Readonly<Record<string, string>>, inside = '.') {
  const root = path.join(await folderOf(files), inside);
  const outputDir = await folderOf({});
  const report = await buildSite({
    root,
    outputDir,
    renderer: new SiteRenderer(),
  });
  const read = (name: string) =>
    fs.readFile(path.join(outputDir, name), 'utf8');
  /** Titles and addresses of the navigation, sections as their titles. */
  const navigation = async () => {
    const html = await read('index.html');
    const list = html.slice(0, html.indexOf('data-md-type="toc"'));
    return [
      ...list.matchAll(
        /<a href="([^"]*)" class="md-nav__link[^"]*"[^>]*>(?:<[^>]+>)*([^<]*)/g,
      ),
    ].map(([, href, title]) => `${title} ${href}`);
  };
  return { report, read, navigation };
}

const PAGE = { 'docs/index.md': '# I\n' };

describe('What mkdocs.yml may say', () => {
  it('INHERIT takes the base of the same folder, and mappings are merged', async () => {
    const { report, read, navigation } = await build({
      'base.yml':
        'site_name: Base\nsite_description: All\nmarkdown_extensions:\n  - toc:\n      permalink: "#"\nextra:\n  a: 1\n',
      'mkdocs.yml':
        'INHERIT: base.yml\nsite_name: Own\nextra:\n  b: 2\nnav:\n  - Start: index.md\n',
      ...PAGE,
    });
    expect(report).toMatchObject({ siteName: 'Own', problems: [] });
    expect(await read('index.html')).toContain('title="Permanent link">#</a>');
    expect(await navigation()).toEqual(['Start ./']);
    expect(JSON.parse(await read('techdocs_metadata.json'))).toMatchObject({
      site_description: 'All',
    });
  });

  it('!ENV gives the default, and never a variable of the portal', async () => {
    const { report, read } = await build({
      'mkdocs.yml':
        'site_name: !ENV [HOME, Fallback]\nsite_description: !ENV PATH\nrepo_url: !ENV HOME\n',
      ...PAGE,
    });
    expect(report).toMatchObject({ siteName: 'Fallback', problems: [] });
    expect(JSON.parse(await read('techdocs_metadata.json'))).toMatchObject({
      site_description: '',
    });
  });

  it('Python tags of real sites are read as what they name', async () => {
    const { report, read } = await build({
      'mkdocs.yml': `site_name: S
markdown_extensions:
  - pymdownx.emoji:
      emoji_index: !!python/name:material.extensions.emoji.twemoji
      emoji_generator: !!python/name:material.extensions.emoji.to_svg
  - pymdownx.superfences:
      custom_fences:
        - name: mermaid
          class: mermaid
          format: !!python/name:pymdownx.superfences.fence_code_format
  - toc:
      slugify: !!python/object/apply:pymdownx.slugs.slugify
        kwds:
          case: lower
`,
      'docs/index.md': '# Über uns\n\n```mermaid\ngraph LR\n```\n',
    });
    expect(report.problems).toEqual([]);
    expect(await read('index.html')).toContain('<h1 id="über-uns">');
    expect(await read('index.html')).toContain('<pre class="mermaid">');
  });

  it('docs_dir, nested nav, addresses as files, and links to edit', async () => {
    const { report, read, navigation } = await build({
      'mkdocs.yml':
        'site_name: S\ndocs_dir: pages\nuse_directory_urls: false\nrepo_url: https://github.com/o/r\nedit_uri_template: edit/main/pages/{path}\nextra:\n  any: thing\nnav:\n  - index.md\n  - A:\n      - B:\n          - Deep: a/b.md\n',
      'pages/index.md': '# I\n\n[b](a/b.md)\n',
      'pages/a/b.md': '# B\n',
    });
    expect(report.problems).toEqual([]);
    expect(await navigation()).toEqual(['I ./', 'Deep a/b.html']);
    expect(await read('index.html')).toContain('<a href="a/b.html">b</a>');
    expect(await read('a/b.html')).toContain(
      'href="https://github.com/o/r/edit/main/pages/a/b.md"',
    );
  });

  it('not_in_nav leaves pages out of the navigation, not out of the site', async () => {
    const { read, navigation } = await build({
      'mkdocs.yml': 'site_name: S\nnot_in_nav: |\n  /hidden.md\n  drafts/\n',
      ...PAGE,
      'docs/hidden.md': '# Hidden\n',
      'docs/drafts/a.md': '# Draft\n',
      'docs/shown.md': '# Shown\n',
    });
    expect(await navigation()).toEqual(['I ./', 'Shown shown/']);
    expect(await read('hidden/index.html')).toContain('<h1 id="hidden">');
    expect(await read('drafts/a/index.html')).toContain('<h1 id="draft">');
  });

  it('exclude_docs can take back what it excludes', async () => {
    const { report, navigation } = await build({
      'mkdocs.yml': 'site_name: S\nexclude_docs: |\n  x/*\n  !x/kept.md\n',
      ...PAGE,
      'docs/x/kept.md': '# Kept\n',
      'docs/x/gone.md': '# Gone\n',
    });
    expect(report.pages).toBe(2);
    expect(await navigation()).toContain('Kept x/kept/');
  });

  it('monorepo includes, with and without quotes, inside of sections and of each other', async () => {
    const { report, read, navigation } = await build({
      'mkdocs.yml':
        'site_name: All\nplugins: [techdocs-core, monorepo]\nnav:\n  - index.md\n  - Services:\n      - Orders: !include services/orders/mkdocs.yml\n',
      ...PAGE,
      'services/orders/mkdocs.yml':
        "site_name: orders\nnav:\n  - Home: index.md\n  - Api: '!include api/mkdocs.yml'\n",
      'services/orders/docs/index.md': '# Orders\n',
      'services/orders/api/mkdocs.yml': 'site_name: orders/api\n',
      'services/orders/api/docs/index.md': '# Api\n',
    });
    expect(report.problems).toEqual([]);
    expect(await read('orders/index.html')).toContain('<h1 id="orders">');
    expect(report.pages).toBe(3);
    expect((await navigation()).slice(0, 2)).toEqual(['I ./', 'Home orders/']);
  });

  it('several sites of one repository are built each from its folder', async () => {
    const files = {
      'one/mkdocs.yml': 'site_name: One\n',
      'one/docs/index.md': '# One\n\n[two](../../two/docs/index.md)\n',
      'two/mkdocs.yml': 'site_name: Two\n',
      'two/docs/index.md': '# Two\n',
    };
    const one = await build(files, 'one');
    expect(one.report).toMatchObject({ siteName: 'One', pages: 1 });
    expect(one.report.problems.map(({ code }) => code)).toEqual([
      'link-target-missing',
    ]);
    expect((await build(files, 'two')).report).toMatchObject({
      siteName: 'Two',
      problems: [],
    });
  });

  it('.pages orders, names and hides folders', async () => {
    const { navigation } = await build({
      'mkdocs.yml': 'site_name: S\nplugins: [awesome-pages]\n',
      ...PAGE,
      'docs/.pages':
        'nav:\n  - guide\n  - First: index.md\n  - Site: https://example.com\n  - ...\n',
      'docs/guide/.pages': 'title: The guide\narrange:\n  - z.md\n  - a.md\n',
      'docs/guide/a.md': '# A\n',
      'docs/guide/z.md': '# Z\n',
      'docs/old/.pages': 'hide: true\n',
      'docs/old/o.md': '# O\n',
      'docs/rest.md': '# Rest\n',
    });
    expect(await navigation()).toEqual([
      'Z guide/z/',
      'A guide/a/',
      'First ./',
      'Site https://example.com',
      'Rest rest/',
    ]);
  });

  it('SUMMARY.md of literate-nav, with groups and stars', async () => {
    const { navigation } = await build({
      'mkdocs.yml':
        'site_name: S\nplugins:\n  - literate-nav:\n      nav_file: NAV.md\n',
      'docs/NAV.md':
        '# Contents\n\n* [Second](b.md)\n* Group\n    * [Start](index.md)\n    * c/*.md\n',
      ...PAGE,
      'docs/b.md': '# B\n',
      'docs/c/one.md': '# One\n',
      'docs/c/two.md': '# Two\n',
    });
    expect(await navigation()).toEqual([
      'Second b/',
      'Start ./',
      'One c/one/',
      'Two c/two/',
    ]);
  });

  it('a glossary of abbreviations is part of every page', async () => {
    const { report, read } = await build({
      'mkdocs.yml':
        'site_name: S\nmarkdown_extensions:\n  - abbr\n  - pymdownx.snippets:\n      auto_append: [docs/includes/terms.md]\n',
      'docs/index.md': '# I\n\nThe HTML.\n',
      'docs/includes/terms.md': '*[HTML]: Hyper Text\n',
    });
    expect(report.problems).toEqual([]);
    expect(await read('index.html')).toContain(
      'The <abbr title="Hyper Text">HTML</abbr>.',
    );
  });

  it('front matter names, describes, tags and hides', async () => {
    const { read } = await build({
      'docs/index.md':
        '---\ntitle: Other\ndescription: About it\ntags: [a, b]\nhide:\n  - navigation\n  - toc\n  - footer\n---\n# I\n\n## Part\n',
      'docs/next.md': '# Next\n',
    });
    const html = await read('index.html');
    expect(html).toContain('<meta name="description" content="About it">');
    expect(html).toContain('<span class="md-tag">b</span>');
    expect(html).toMatch(/data-md-type="navigation" hidden/);
    expect(html).toMatch(/data-md-type="toc" hidden/);
    expect(html).not.toContain('md-footer');
    expect(await read('next/index.html')).toContain('Previous: Other');
  });
});
