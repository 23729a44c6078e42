import type MarkdownIt from 'markdown-it';
import { diagramKey, markDiagram } from '../../diagrams/diagramMarks';
import { diagramTypeOf, isDiagram } from '../../diagrams/diagramType';
import type { Token } from '../parserTypes';
import type { PageEnvironment } from '../PageEnvironment';
import { escapeText } from '../highlight/PygmentsEmitter';
import { highlightCode } from '../highlight/highlightCode';
import { renderMath } from './math';

/** What stands after the fence. */
interface FenceOptions {
  readonly language: string;
  readonly classes: readonly string[];
  readonly id?: string;
  readonly title?: string;
  /** Number of the first line; undefined for no numbers. */
  readonly firstLine?: number;
  readonly highlighted: ReadonlySet<number>;
  readonly annotate: boolean;
}

const NO_OPTIONS: FenceOptions = {
  language: '',
  classes: [],
  highlighted: new Set(),
  annotate: false,
};

/**
 * Fenced and indented code as pymdownx.highlight writes it, so that style sheets, the copy button and other addons of
 * the reader find what they look for.
 *
 * https://facelessuser.github.io/pymdown-extensions/extensions/superfences/
 */
export function codeBlocks(markdown: MarkdownIt): void {
  markdown.renderer.rules.fence = (tokens, index, _options, env) =>
    renderFence(tokens[index], env as PageEnvironment);
  markdown.renderer.rules.code_block = (tokens, index, _options, env) =>
    renderCode(tokens[index].content, NO_OPTIONS, env as PageEnvironment);
  markdown.renderer.rules.code_inline = (tokens, index, _options) => {
    const token = tokens[index];
    const shebang = /^(?:#!|:::)([\w#+.-]+)[ ]+(.*)$/s.exec(token.content);
    const attributes = (token.attrs ?? [])
      .map(([name, value]) => ` ${name}="${escapeText(value)}"`)
      .join('');
    if (!shebang)
      return `<code${attributes}>${escapeText(token.content)}</code>`;
    return `<code class="language-${escapeText(
      shebang[1].toLowerCase(),
    )} highlight">${highlightCode(shebang[2], shebang[1])}</code>`;
  };
}

function renderFence(token: Token, environment: PageEnvironment): string {
  const options = readFence(token.info);
  const { language } = options;
  if (language === 'mermaid') {
    environment.hasMermaid = true;
    return `<pre class="mermaid"><code>${escapeText(
      token.content,
    )}</code></pre>\n`;
  }
  if (isDiagram(language)) return renderDiagram(token, options, environment);
  if (language === 'math') {
    return renderMath(token.content, {
      display: true,
      environment,
      line: token.map?.[0],
    });
  }
  return renderCode(token.content, options, environment);
}

function renderDiagram(
  token: Token,
  options: FenceOptions,
  environment: PageEnvironment,
): string {
  const { language } = options;
  const html = renderCode(token.content, options, environment);
  const line = token.map ? environment.lineOf(token.map[0]) : undefined;
  const type = diagramTypeOf(language);
  if (type === undefined || !environment.diagramTypes.includes(type)) {
    environment.report({
      severity: 'info',
      code: 'diagram-source',
      message: `A diagram of "${language}" is shown as its source.`,
      fix: 'Write it in Mermaid, which the reader draws, or put an image of it beside the page.',
      line,
    });
    return html;
  }
  const diagram = { type, source: token.content };
  const key = diagramKey(diagram);
  environment.diagrams.push({ ...diagram, key, line });
  return markDiagram({
    key,
    label: options.title ?? `Diagram of ${type}`,
    html,
  });
}

const OPTION =
  /\s*(?:(title|linenums|hl_lines|id)=(?:"([^"]*)"|'([^']*)'|([^\s}"']+))|\.([\w+#-]+)|#([\w-]+)|([\w-]+)=(?:"[^"]*"|'[^']*'|[^\s}"']+)|([^\s{}]+))/y;

/** Reads ```` ```yaml title="a" linenums="1" hl_lines="2 4-5" ```` and ```` ``` { .yaml .annotate } ````. */
export function readFence(info: string): FenceOptions {
  const text = info.trim().replace(/[{}]/g, ' ').trim();
  if (!text) return NO_OPTIONS;
  let language = '';
  let id: string | undefined;
  let title: string | undefined;
  let firstLine: number | undefined;
  let highlighted: ReadonlySet<number> = new Set();
  const classes: string[] = [];
  const braces = info.trim().startsWith('{');
  OPTION.lastIndex = 0;
  while (OPTION.lastIndex < text.length) {
    const part = OPTION.exec(text);
    if (!part) break;
    const value = part[2] ?? part[3] ?? part[4];
    if (part[1] === 'title') title = value;
    else if (part[1] === 'id') id = value;
    else if (part[1] === 'linenums') firstLine = parseInt(value, 10) || 1;
    else if (part[1] === 'hl_lines') highlighted = readLines(value);
    else if (part[5]) {
      if (braces && !language) language = part[5];
      else classes.push(part[5]);
    } else if (part[6]) id = part[6];
    else if (part[8] && !language) language = part[8];
  }
  return {
    language,
    classes: classes.filter(
      name => !['annotate', 'no-copy', 'copy', 'select'].includes(name),
    ),
    id,
    title,
    firstLine,
    highlighted,
    annotate: classes.includes('annotate'),
  };
}

function readLines(text: string): ReadonlySet<number> {
  const lines = new Set<number>();
  for (const part of text.split(/[\s,]+/)) {
    const range = /^(\d{1,6})(?:-(\d{1,6}))?$/.exec(part);
    if (!range) continue;
    const from = Number(range[1]);
    const to = Math.min(Number(range[2] ?? from), from + 2000);
    for (let line = from; line <= to; line++) lines.add(line);
  }
  return lines;
}

function renderCode(
  content: string,
  options: FenceOptions,
  environment: PageEnvironment,
): string {
  const { language, title, classes, id, highlighted } = options;
  const numbered =
    options.firstLine ?? (environment.options.lineNumbers ? 1 : undefined);
  const code = annotate(highlightCode(content, language));
  const lines = highlighted.size > 0 ? markLines(code, highlighted) : code;
  const outer = [
    `language-${language ? language.toLowerCase() : 'text'}`,
    ...classes,
    'highlight',
  ]
    .map(name => escapeText(name))
    .join(' ');
  const open = `<div class="${outer}"${id ? ` id="${escapeText(id)}"` : ''}>`;
  const filename = title
    ? `<span class="filename">${escapeText(title)}</span>`
    : '';
  // Wide code scrolls, by keyboard too
  const pre = `<pre><span></span><code tabindex="0">${lines}</code></pre>`;
  if (numbered === undefined) return `${open}${filename}${pre}</div>\n`;
  const count = content.split('\n').length - (content.endsWith('\n') ? 1 : 0);
  const width = String(numbered + count - 1).length;
  const numbers = Array.from(
    { length: count },
    (_, index) =>
      `<span class="normal">${String(numbered + index).padStart(width)}</span>`,
  ).join('\n');
  const head = filename
    ? `<tr><th colspan="2" class="filename">${filename}</th></tr>`
    : '';
  return `${open}<table class="highlighttable">${head}<tr><td class="linenos"><div class="linenodiv"><pre><span></span>${numbers}</pre></div></td><td class="code"><div>${pre}</div></td></tr></table></div>\n`;
}

function markLines(code: string, highlighted: ReadonlySet<number>): string {
  const lines = code.split('\n');
  const last = lines[lines.length - 1] === '' ? lines.length - 1 : lines.length;
  return lines
    .map((line, index) => {
      if (index >= last) return line;
      const text = index < last - 1 || last < lines.length ? `${line}\n` : line;
      return highlighted.has(index + 1)
        ? `<span class="hll">${text}</span>`
        : text;
    })
    .join('');
}

/** `# (1)!` in a comment is the number of a note in the list below the block. */
function annotate(code: string): string {
  if (!/\(\d+\)/.test(code)) return code;
  return code.replace(
    /(<span class="c[s1m]?">[^<]*?)\((\d{1,2})\)(!?)([^<]*)<\/span>/g,
    (_all, before: string, number: string, strip: string, after: string) => {
      const note = `<span class="md-annotation" data-md-annotation-id="${number}">${number}</span>`;
      const bare = before.replace(/<[^>]+>/, '').trim();
      return strip && /^(?:#+|\/\/|\/\*|--|;|%|&lt;!--)$/.test(bare)
        ? note
        : `${before}${note}${after}</span>`;
    },
  );
}
