import { joinDocuments } from '../search/searchDocuments';
import { renderMarkdown } from '../__testUtils__/renderMarkdown';

describe('renderPage', () => {
  it('points links to the addresses of their pages, as MkDocs does', () => {
    const { html } = renderMarkdown(
      '[a](../other.md#part) ![b](img/x.png) [c](deep/page.md) [d](/absolute) [e](#here)',
      {
        path: 'guide/page.md',
        files: ['other.md', 'guide/img/x.png', 'guide/deep/page.md'],
      },
    );
    expect(html).toContain('href="../../other/#part"');
    expect(html).toContain('src="../img/x.png"');
    expect(html).toContain('href="../deep/page/"');
    expect(html).toContain('href="/absolute"');
    expect(html).toContain('href="#here"');
  });

  it('leaves a link alone whose page does not exist', () => {
    const { html, summary } = renderMarkdown('[a](missing.md)');
    expect(html).toContain('href="missing.md"');
    expect(summary.links).toEqual([
      expect.objectContaining({ target: 'missing.md', line: 1 }),
    ]);
  });

  it('tells lines of the file, front matter included', () => {
    const { summary } = renderMarkdown(
      '---\ntitle: A\n---\n\ntext\n[a](missing.md)\n',
    );
    expect(summary.links[0].line).toBe(6);
    expect(summary.title).toBe('A');
  });

  it('takes front matter with tags and hidden parts', () => {
    const page = renderMarkdown(
      '---\ntags: [a, b]\nhide:\n  - toc\n---\n# Title\n',
    );
    expect(page.tags).toEqual(['a', 'b']);
    expect(page.hide).toEqual(['toc']);
    expect(page.summary.title).toBe('Title');
  });

  it('says what is wrong with front matter and shows the page without it', () => {
    const page = renderMarkdown('---\ntitle: "a\n---\n# Title\n');
    expect(page.html).toContain('<h1 id="title">Title</h1>');
    expect(page.problems).toEqual([
      expect.objectContaining({ code: 'front-matter-invalid' }),
    ]);
  });

  it('keeps a first line that only looks like front matter', () => {
    expect(renderMarkdown('Note: this stays.').html).toBe(
      '<p>Note: this stays.</p>\n',
    );
  });

  it('finds unclosed blocks and duplicate anchors', () => {
    const { problems } = renderMarkdown(
      '!!! note\nNot indented.\n\n## A {#x}\n\n## B {#x}\n\n<div>\nopen\n',
    );
    expect(problems.map(({ code, line }) => [code, line])).toEqual([
      ['block-unclosed', 1],
      ['block-unclosed', 8],
      ['anchor-duplicate', 6],
    ]);
  });

  it('says where the HTML stands that it takes out', () => {
    const { problems } = renderMarkdown(
      '---\ntitle: x\n---\n\n```html\n<script>\n```\n\na\n<iframe src="x"></iframe>\n\n<div>\n<b>x</b>\n<script>x</script>\n</div>\n',
    );
    expect(problems.map(({ message, line }) => [message, line])).toEqual([
      ['<iframe> is taken out of the page.', 10],
      ['<script> is taken out of the page.', 14],
    ]);
  });

  it('marks images that are for one theme', () => {
    const { html, problems } = renderMarkdown(
      '![a](a.svg#only-dark) ![b](b.png#gh-light-mode-only){ .wide } ![c](a.svg)',
      { files: ['a.svg', 'b.png'] },
    );
    expect(problems).toEqual([]);
    expect(html).toMatch(/src="a\.svg#only-dark"[^>]* class="only-dark"/);
    expect(html).toMatch(/class="wide only-light"/);
    expect(html.match(/only-/g)).toHaveLength(3);
  });

  it('makes the search entries of MkDocs: one for the page, one for each heading', () => {
    const { summary } = renderMarkdown(
      '# Page\n\nIntro.\n\n## Part & co\n\nText `code`.\n',
      { path: 'guide/page.md', markdown: { permalink: '¶' } },
    );
    expect(
      JSON.parse(
        `[${joinDocuments([{ title: 'Page', search: summary.search }])}]`,
      ),
    ).toEqual([
      {
        location: 'guide/page/',
        title: 'Page',
        text: 'Page Intro. Part &amp; co Text code .',
      },
      { location: 'guide/page/#page', title: 'Page', text: 'Intro.' },
      {
        location: 'guide/page/#part-co',
        title: 'Part &amp; co',
        text: 'Text code .',
      },
    ]);
  });

  it('shows the source of diagrams that only a server draws, and says so', () => {
    for (const language of ['plantuml', 'kroki-d2', 'dot']) {
      const { html, problems } = renderMarkdown(
        `a\n\n\`\`\`${language}\na -> b\n\`\`\`\n`,
      );
      expect(html).toContain('a -&gt; b');
      expect(problems).toMatchObject([
        { code: 'diagram-source', severity: 'info', line: 3 },
      ]);
    }
    expect(
      renderMarkdown('```mermaid\ngraph LR\n```\n\n```dotenv\nA=b\n```\n')
        .problems,
    ).toEqual([]);
  });

  it('draws mathematics as MathML when it is switched on', () => {
    const on = renderMarkdown('a $x^2$ b', { markdown: { math: true } });
    expect(on.html).toContain('<math');
    expect(on.html).not.toContain('$');
    const broken = renderMarkdown('$\\nosuch{$', { markdown: { math: true } });
    expect(broken.problems[0].code).toBe('math-invalid');
  });
});
