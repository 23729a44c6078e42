import { renderMarkdown } from '../__testUtils__/renderMarkdown';

const render = (text: string) =>
  renderMarkdown(text, { markdown: { blocks: true } });

describe('Blocks', () => {
  it.each([
    [
      'an admonition',
      '/// note | Some **title**\nText\n\n- a\n///\n\nAfter',
      '<div class="admonition note">\n<p class="admonition-title">Some <strong>title</strong></p>\n<p>Text</p>\n<ul>\n<li>a</li>\n</ul>\n</div>\n<p>After</p>\n',
    ],
    [
      'an admonition with a type',
      '/// admonition | Title\n    type: warning\n\nText\n///',
      '<div class="admonition warning">\n<p class="admonition-title">Title</p>\n<p>Text</p>\n</div>\n',
    ],
    [
      'details that are open',
      '/// details | More\n    open: true\n    type: tip\n\nText\n///',
      '<details class="tip" open="open">\n<summary>More</summary>\n<p>Text</p>\n</details>\n',
    ],
    [
      'nested blocks, and slashes in code',
      '//// note\n/// tip\n```\n////\n///\n```\n///\n////',
      '<div class="admonition note">\n<p class="admonition-title">Note</p>\n<div class="admonition tip">\n<p class="admonition-title">Tip</p>\n<div class="language-text highlight"><pre><span></span><code tabindex="0">////\n///\n</code></pre></div>\n</div>\n</div>\n',
    ],
    [
      'tabs, of which neighbours make one set',
      '/// tab | A\na\n///\n\n/// tab | B\n    select: true\n\nb\n///',
      '<div class="tabbed-set tabbed-alternate" data-tabs="1:2">\n<input id="__tabbed_1_1" name="__tabbed_1" type="radio" />\n<input checked="checked" id="__tabbed_1_2" name="__tabbed_1" type="radio" />\n<div class="tabbed-labels">\n<label for="__tabbed_1_1">A</label>\n<label for="__tabbed_1_2">B</label>\n</div>\n<div class="tabbed-content">\n<div class="tabbed-block">\n<p>a</p>\n</div>\n<div class="tabbed-block">\n<p>b</p>\n</div>\n</div>\n</div>\n',
    ],
    [
      'definitions',
      '/// define\nApple\n\n- A fruit\n\nPear\n\n- Another\n///',
      '<dl>\n<dt>Apple</dt>\n<dd>A fruit</dd>\n<dt>Pear</dt>\n<dd>Another</dd>\n</dl>\n',
    ],
    [
      'HTML',
      '/// html | section.a.b#c[title="d"]\n**x**\n///',
      '<section class="a b" id="c" title="d">\n<p><strong>x</strong></p>\n</section>\n',
    ],
    [
      'captions',
      '![x](x.png)\n\n/// figure-caption\nA picture\n///\n\n|a|\n|-|\n|b|\n\n/// caption\nA table\n///',
      '<figure id="__figure-caption_1">\n<p><img src="x.png" alt="x" loading="lazy" /></p>\n<figcaption>\n<p><strong>Figure 1.</strong> A picture</p>\n</figcaption>\n</figure>\n<figure>\n<table>\n<thead>\n<tr>\n<th>a</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>b</td>\n</tr>\n</tbody>\n</table>\n<figcaption>\n<p>A table</p>\n</figcaption>\n</figure>\n',
    ],
    ['other slashes', '/// rust says so', '<p>/// rust says so</p>\n'],
  ])('%s', (_name, text, html) => {
    expect(render(text).html).toBe(html);
  });

  it('says what is never closed, and shows it', () => {
    const { html, problems } = render('/// note\nText');
    expect(html).toContain('Text');
    expect(problems).toMatchObject([{ code: 'block-unclosed', line: 1 }]);
  });

  it('HTML blocks bring no scripts, and no bombs', () => {
    for (const text of [
      '/// html | script\nalert(1)\n///',
      '/// html | img[onerror="alert(1)"][src=x]\n///',
      '/// html | a[href="javascript:alert(1)"]\nx\n///',
      '/// html | div\n    attrs: {onclick: alert(1), style: "x:expression(1)"}\n\nx\n///',
      '/// note\n    a: &a [x]\n    b: *a\n\nx\n///',
    ]) {
      expect(render(text).html).not.toMatch(/script|on\w+=|expression/);
    }
    const deep = Array.from(
      { length: 500 },
      (_, index) => `${'/'.repeat(503 - index)} note`,
    ).join('\n');
    expect(typeof render(deep).html).toBe('string');
  });

  it('icons of all sets are part of the page', () => {
    const { html, problems } = renderMarkdown(
      ':material-rocket-launch: :octicons-rocket-16:{ .big } :simple-gitea:',
    );
    expect(problems).toEqual([]);
    expect(html.match(/<svg [^>]*viewBox="0 0 (?:16 16|24 24)"/g)).toHaveLength(
      3,
    );
    expect(html).toContain('<span class="twemoji big">');
    expect(html).not.toMatch(/<title>|https?:\/\/(?!www\.w3\.org)/);
    expect(
      renderMarkdown(':octicons-none-16: :fontawesome-solid-rocket:').problems,
    ).toMatchObject([{ code: 'icon-unknown' }, { code: 'icon-unknown' }]);
  });
});
