import { Parser } from 'htmlparser2';
import { renderMarkdown } from '../__testUtils__/renderMarkdown';
import { cleanSvg } from './cleanSvg';

/** Ways to run a script that sanitisers have let through at one time or another. */
const VECTORS = [
  '<script>alert(1)</script>',
  '<SCRIPT SRC=//evil.example/x.js></SCRIPT>',
  '<scr<script>ipt>alert(1)</scr</script>ipt>',
  '<img src=x onerror=alert(1)>',
  '<img src="x" OnErRoR="alert(1)">',
  '<img/src=x/onerror=alert(1)>',
  '<svg onload=alert(1)>',
  '<svg><script>alert(1)</script></svg>',
  '<svg><animate onbegin=alert(1) attributeName=x dur=1s>',
  '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
  '<svg><foreignObject><iframe src="javascript:alert(1)"></iframe></foreignObject></svg>',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
  '<math href="javascript:alert(1)">x</math>',
  '<iframe src="javascript:alert(1)"></iframe>',
  '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
  '<object data="javascript:alert(1)"></object>',
  '<embed src="javascript:alert(1)">',
  '<form action="javascript:alert(1)"><button>x</button></form>',
  '<button formaction="javascript:alert(1)">x</button>',
  '<input autofocus onfocus=alert(1)>',
  '<details open ontoggle=alert(1)>x</details>',
  '<video><source onerror=alert(1)></video>',
  '<audio src=x onerror=alert(1)>',
  '<body onload=alert(1)>',
  '<link rel=stylesheet href="javascript:alert(1)">',
  '<meta http-equiv="refresh" content="0;url=javascript:alert(1)">',
  '<base href="javascript:alert(1)//">',
  '<style>@import "javascript:alert(1)";</style>',
  '<div style="background:url(javascript:alert(1))">x</div>',
  '<a href="javascript:alert(1)">x</a>',
  '<a href="JaVaScRiPt:alert(1)">x</a>',
  '<a href="java\tscript:alert(1)">x</a>',
  '<a href="&#106;avascript:alert(1)">x</a>',
  '<a href=" javascript:alert(1)">x</a>',
  '<a href="\u0001javascript:alert(1)">x</a>',
  '<a href="data:text/html,<script>alert(1)</script>">x</a>',
  '<a href="vbscript:alert(1)">x</a>',
  '<img src="data:image/svg+xml,<svg onload=alert(1)>">',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
  '<template><script>alert(1)</script></template>',
  '<textarea></textarea><script>alert(1)</script>',
  '<title><img src=x onerror=alert(1)></title>',
  '<xmp><img src=x onerror=alert(1)></xmp>',
  '<!--><img src=x onerror=alert(1)>-->',
  '<![CDATA[><img src=x onerror=alert(1)>]]>',
  '[x](javascript:alert(1))',
  '[x](JAVASCRIPT:alert(1))',
  '[x](java&#x09;script:alert(1))',
  '[x](data:text/html;base64,PHNjcmlwdD4=)',
  '![x](javascript:alert(1))',
  '<javascript:alert(1)>',
  '[x]: javascript:alert(1)\n\n[x]',
  '[a](https://example.com){ onclick="alert(1)" }',
  '[a](https://example.com){ href="javascript:alert(1)" }',
  '![a](x.png){ onerror=alert(1) }',
  '## A { onclick=alert(1) #"><script>alert(1)</script> }',
  '``` {.x" onclick="alert(1)}\na\n```',
  '```text title="</span><script>alert(1)</script>"\na\n```',
  '=== "<img src=x onerror=alert(1)>"\n\n    a',
  '!!! note "<img src=x onerror=alert(1)>"\n    a',
  '!!! note" onclick="alert(1)\n    a',
  '[^"><script>alert(1)</script>]\n\n[^"><script>alert(1)</script>]: a',
  '*[<script>alert(1)</script>]: "><script>alert(1)</script>\n\n<script>alert(1)</script>',
  '`#!<script> alert(1)`',
  '++"<script>"++',
  '$\\href{javascript:alert(1)}{x}$',
  '\uE0000\uE001 $x$',
];

/** Everything in a page that could run or load something. */
function dangers(html: string): string[] {
  const found: string[] = [];
  const parser = new Parser({
    onopentag(name, attributes) {
      if (
        /^(?:script|iframe|object|embed|form|style|link|meta|base|template|noscript|textarea|button)$/.test(
          name,
        )
      ) {
        found.push(name);
      }
      for (const [attribute, value] of Object.entries(attributes)) {
        if (attribute.startsWith('on')) found.push(`${name}.${attribute}`);
        // eslint-disable-next-line no-control-regex
        const bare = value.replace(/[\x00-\x20]/g, '').toLowerCase();
        if (/^(?:javascript|vbscript|data:text|data:image\/svg)/.test(bare)) {
          found.push(`${name}.${attribute}=${bare}`);
        }
        if (/url\(|expression/.test(bare) && attribute === 'style') {
          found.push(`${name}.style`);
        }
      }
    },
  });
  parser.end(html);
  return found;
}

describe('Hostile pages', () => {
  it.each(VECTORS)('nothing runs: %j', vector => {
    for (const text of [
      vector,
      `a ${vector} b`,
      `- ${vector}`,
      `<div markdown>\n\n${vector}\n\n</div>`,
    ]) {
      const { html, toc } = renderMarkdown(text, { markdown: { math: true } });
      expect(dangers(html)).toEqual([]);
      expect(dangers(toc.map(entry => entry.html).join(''))).toEqual([]);
    }
  });

  it('what is not closed does not reach beyond the page', () => {
    const { html } = renderMarkdown(
      '<div><section>\n\na </div></div></article>',
    );
    const count = (pattern: RegExp) => html.match(pattern)?.length ?? 0;
    expect(count(/<div/g)).toBe(count(/<\/div/g));
    expect(count(/<\/article/g)).toBe(count(/<article/g));
  });

  it.each([
    [
      'nested lists',
      '  '.repeat(0) +
        Array.from({ length: 500 }, (_, i) => `${'  '.repeat(i)}- a`).join(
          '\n',
        ),
    ],
    ['nested quotes', `${'>'.repeat(20_000)} a`],
    ['nested brackets', `${'['.repeat(20_000)}a${']'.repeat(20_000)}`],
    ['open brackets', '[a]('.repeat(20_000)],
    ['emphasis', '*a _b '.repeat(20_000)],
    [
      'backticks',
      Array.from({ length: 2000 }, (_, i) => '`'.repeat(i % 100)).join(' '),
    ],
    ['html openings', '<div>'.repeat(5000)],
    ['html comments', '<!-- '.repeat(20_000)],
    ['attribute lists', `a ${'{: .b '.repeat(20_000)}`],
    [
      'table',
      `${'|a'.repeat(5000)}|\n${'|-'.repeat(5000)}|\n${'|b'.repeat(5000)}|`,
    ],
    ['critic', '{++'.repeat(20_000)],
    ['critic blocks', '{++\n\n'.repeat(20_000)],
    ['nested critic blocks', `${'{--\n'.repeat(5000)}\na\n\n--}\n`],
    ['quoted keys', '++"a'.repeat(20_000)],
    ['formulas by themselves', '$$\\begin{a}\n\n\\[\n'.repeat(10_000)],
    ['pipes in code', `|a|\n|-|\n|${'`|``'.repeat(20_000)}\n`],
    ['tables with code', '|a|\n|-|\n|`|`|\n'.repeat(10_000)],
    ['tables that are none', '|a|`b`|\n|-|\n'.repeat(10_000)],
    ['references', 'a.b/c#'.repeat(20_000)],
    ['marks', '==a^^b~~'.repeat(10_000)],
    ['keys', '++a+'.repeat(20_000)],
    ['dollars', '$a'.repeat(20_000)],
    ['footnotes', '[^1]'.repeat(5000)],
    ['spaces before an attribute list', `# a${' '.repeat(50_000)}{`],
    ['hashes', `# a ${'#'.repeat(50_000)} b`],
  ])(
    'finishes: %s',
    (_name, text) => {
      expect(
        typeof renderMarkdown(text, {
          markdown: {
            math: true,
            repository: { url: 'https://github.com/o/r', shorthand: true },
          },
        }).html,
      ).toBe('string');
    },
    10_000,
  );

  it('images in SVG lose scripts, handlers, foreign content and loads', () => {
    const clean = cleanSvg(`<?xml version="1.0"?>
      <!DOCTYPE svg [<!ENTITY x "boom">]>
      <svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">
        <script>alert(1)</script><foreignObject><body onload="alert(1)"/></foreignObject>
        <style>@import url(//evil.example/x.css);</style><style>.a{fill:red}</style>
        <a href="javascript:alert(1)"><text>t</text></a>
        <image href="https://evil.example/x.png"/><use href="#b"/>
        <set attributeName="onclick" to="alert(1)"/>
        <path d="M0 0" fill="url(#g)" style="fill:url(https://evil.example)"/>
      </svg>`);
    expect(clean).toContain('<path d="M0 0"');
    expect(clean).toContain('fill="url(#g)"');
    expect(clean).toContain('<use href="#b">');
    expect(clean).toContain('.a{fill:red}');
    expect(clean).not.toMatch(/script|onload|foreignObject|evil|<set|ENTITY/);
  });
});
