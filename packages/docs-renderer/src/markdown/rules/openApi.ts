import type MarkdownIt from 'markdown-it';
import { renderOpenApi } from '../../openapi/renderOpenApi';
import { escapeText } from '../highlight/PygmentsEmitter';
import type { PageEnvironment } from '../PageEnvironment';
import { lineText } from './indentedContainer';
import { placeholderOf } from './math';

const ELEMENT =
  /^<swagger-ui\s[^<>]*?\bsrc=(?:"([^"<>]*)"|'([^'<>]*)'|([^\s"'<>/][^\s"'<>]*?(?=\s|\/?>)))[^<>]*>(?:\s*<\/swagger-ui>)?\s*$/i;
const MARKER = /^!!swagger(?:-http)?\s+(\S+?)\s*!!\s*$/;

/**
 * `<swagger-ui src="openapi.yaml"/>` and `!!swagger openapi.yaml!!`: the description as part of the page. It is read from
 * the docs folder; one that is elsewhere becomes a link, since a build asks nobody.
 *
 * https://blueswen.github.io/mkdocs-swagger-ui-tag/, https://github.com/bharel/mkdocs-render-swagger-plugin
 */
export function openApi(markdown: MarkdownIt): void {
  markdown.block.ruler.before(
    'html_block',
    'openapi',
    (state, startLine, _endLine, silent) => {
      if (state.sCount[startLine] - state.blkIndent >= 4) return false;
      const first = state.src.charCodeAt(
        state.bMarks[startLine] + state.tShift[startLine],
      );
      if (first !== 0x3c && first !== 0x21) return false;
      const text = lineText(state, startLine);
      const match = ELEMENT.exec(text) ?? MARKER.exec(text);
      if (!match) return false;
      if (silent) return true;
      const token = state.push('openapi', '', 0);
      token.block = true;
      token.map = [startLine, startLine + 1];
      token.meta = { source: match[1] ?? match[2] ?? match[3] };
      state.line = startLine + 1;
      return true;
    },
    { alt: ['paragraph', 'reference', 'blockquote'] },
  );
  markdown.renderer.rules.openapi = (tokens, index, _options, env) => {
    const environment = env as PageEnvironment;
    const source: string = tokens[index].meta.source;
    if (/^https?:\/\//i.test(source)) {
      const href = escapeText(source);
      return `<p><a href="${href}">${href}</a></p>\n`;
    }
    const line = environment.lineOf(tokens[index].map?.[0] ?? 0);
    const text = environment.readFile(source);
    if (text === undefined) {
      environment.report({
        severity: 'warning',
        code: 'snippet-missing',
        message: `There is no "${source}" to show.`,
        fix: 'Name an OpenAPI file of the docs folder, up to 1 MB.',
        line,
      });
      return `<p><code>${escapeText(source)}</code></p>\n`;
    }
    try {
      environment.trusted.push(renderOpenApi(text));
    } catch (error) {
      environment.report({
        severity: 'warning',
        code: 'openapi-invalid',
        message: `"${source}" is no OpenAPI description: ${
          error instanceof Error ? error.message.split('\n')[0] : error
        }.`,
        fix: 'Check the file with an OpenAPI linter.',
        line,
      });
      return `<p><code>${escapeText(source)}</code></p>\n`;
    }
    return placeholderOf(environment.trusted.length - 1);
  };
}
