import type MarkdownIt from 'markdown-it';
import type { StateBlock } from '../parserTypes';
import type { PageEnvironment } from '../PageEnvironment';
import { escapeText } from '../highlight/PygmentsEmitter';

type Temml = {
  renderToString(
    source: string,
    options: {
      displayMode: boolean;
      throwOnError: boolean;
      maxExpand: number;
      maxSize: number[];
      trust: boolean;
    },
  ): string;
};

let temml: Temml | undefined;

interface MathOptions {
  /** A formula by itself, rather than in a line of text. */
  readonly display: boolean;
  /** Whether it stands inside of a paragraph all the same. */
  readonly inline?: boolean;
  readonly environment: PageEnvironment;
  readonly line?: number;
}

const MAX_LENGTH = 20_000;

/** TeX as MathML, which browsers draw themselves: no script, no font. */
export function renderMath(source: string, options: MathOptions): string {
  const { display, environment, line } = options;
  let html: string;
  try {
    if (source.length > MAX_LENGTH) throw new Error('The formula is too long.');
    const loaded = require('temml') as Temml & { default?: Temml };
    temml ??= loaded.default ?? loaded;
    html = temml.renderToString(source, {
      displayMode: display,
      throwOnError: true,
      maxExpand: 200,
      maxSize: [20, 500],
      trust: false,
    });
  } catch (error) {
    environment.report({
      severity: 'warning',
      code: 'math-invalid',
      message: `The formula cannot be drawn: ${
        error instanceof Error ? error.message.split('\n')[0] : String(error)
      }`,
      fix: 'Check the TeX; it is shown as text until then.',
      line: line === undefined ? undefined : environment.lineOf(line),
    });
    html = `<code>${escapeText(source)}</code>`;
  }
  environment.trusted.push(html);
  const placeholder = placeholderOf(environment.trusted.length - 1);
  return display && !options.inline
    ? `<div class="arithmatex">${placeholder}</div>\n`
    : `<span class="arithmatex">${placeholder}</span>`;
}

/** What stands for HTML of the renderer itself while the page is sanitised. */
export function placeholderOf(index: number): string {
  return `\uE000${index}\uE001`;
}

/** Puts the renderer's own HTML back. */
export function restoreTrusted(
  html: string,
  trusted: readonly string[],
): string {
  if (trusted.length === 0) return html;
  return html.replace(
    /\uE000(\d+)\uE001/g,
    (_all, index: string) => trusted[Number(index)] ?? '',
  );
}

/**
 * `$x$`, `\(x\)`, `$$x$$` and `\[x\]`, when `pymdownx.arithmatex` is on.
 *
 * https://facelessuser.github.io/pymdown-extensions/extensions/arithmatex/
 */
export function mathematics(markdown: MarkdownIt): void {
  markdown.inline.ruler.before('escape', 'math', (state, silent) => {
    const { src, pos } = state;
    const environment = state.env as PageEnvironment;
    if (!environment.options.math) return false;
    const first = src.charCodeAt(pos);
    if (first !== 0x24 && first !== 0x5c) return false;
    const rest = src.slice(pos, Math.min(state.posMax, pos + MAX_LENGTH));
    const match =
      /^\$\$([^$]+?)\$\$/.exec(rest) ??
      /^\$(?!\s)((?:\\.|[^\\$\n])+?)(?<!\s)\$(?!\d)/.exec(rest) ??
      /^\\\(([\s\S]+?)\\\)/.exec(rest) ??
      /^\\\[([\s\S]+?)\\\]/.exec(rest);
    if (!match) return false;
    if (!silent) {
      const token = state.push('trusted', '', 0);
      token.meta = {
        source: match[1],
        display: match[0].startsWith('$$') || match[0].startsWith('\\['),
      };
    }
    state.pos += match[0].length;
    return true;
  });
  markdown.renderer.rules.trusted = (tokens, index, _options, env) =>
    renderMath(tokens[index].meta.source, {
      display: tokens[index].meta.display,
      inline: true,
      environment: env as PageEnvironment,
    });

  markdown.block.ruler.before('paragraph', 'math', mathBlock);
  markdown.renderer.rules.math_block = (tokens, index, _options, env) =>
    renderMath(tokens[index].content, {
      display: true,
      environment: env as PageEnvironment,
      line: tokens[index].map?.[0],
    });
}

/** Lines up to an empty one that are nothing but `$$…$$`, `\[…\]` or `\begin{x}…\end{x}`. */
function mathBlock(
  state: StateBlock,
  startLine: number,
  endLine: number,
  silent: boolean,
): boolean {
  const { math } = (state.env as PageEnvironment).options;
  if (!math || state.sCount[startLine] - state.blkIndent >= 4) return false;
  const start = state.bMarks[startLine] + state.tShift[startLine];
  if (!/^(?:\$\$|\\\[|\\begin\{)/.test(state.src.slice(start, start + 7))) {
    return false;
  }
  let end = startLine + 1;
  while (
    end < endLine &&
    !state.isEmpty(end) &&
    state.sCount[end] >= state.blkIndent
  ) {
    end++;
  }
  const text = state.getLines(startLine, end, state.blkIndent, false).trim();
  if (text.length > MAX_LENGTH) return false;
  const match =
    /^\$\$((?:\\[\s\S]|[^\\$])+)\$\$$/.exec(text) ??
    /^\\\[((?:(?!\\\])[\s\S])+)\\\]$/.exec(text);
  const environment = /^\\begin\{([a-z]+\*?)\}/.exec(text)?.[1];
  const formula =
    match?.[1] ??
    (environment && text.endsWith(`\\end{${environment}}`) ? text : undefined);
  if (formula === undefined) return false;
  if (silent) return true;
  const token = state.push('math_block', '', 0);
  token.content = formula;
  token.map = [startLine, end];
  state.line = end;
  return true;
}
