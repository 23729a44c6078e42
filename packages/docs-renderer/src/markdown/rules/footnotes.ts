import type MarkdownIt from 'markdown-it';
import footnotePlugin from 'markdown-it-footnote';

interface FootnoteMeta {
  readonly id: number;
  readonly subId: number;
  readonly label?: string;
}

/**
 * `[^1]` with the ids and classes of Python-Markdown, which style sheets and links from elsewhere rely on.
 *
 * https://python-markdown.github.io/extensions/footnotes/
 */
export function footnotes(markdown: MarkdownIt): void {
  markdown.use(footnotePlugin);
  const escape = markdown.utils.escapeHtml;
  const nameOf = (meta: FootnoteMeta) =>
    escape(meta.label ?? String(meta.id + 1));
  const referenceOf = (meta: FootnoteMeta) =>
    `fnref${meta.subId > 0 ? meta.subId + 1 : ''}:${nameOf(meta)}`;
  const { rules } = markdown.renderer;
  rules.footnote_ref = (tokens, index) => {
    const meta = tokens[index].meta as FootnoteMeta;
    return `<sup id="${referenceOf(
      meta,
    )}"><a class="footnote-ref" href="#fn:${nameOf(meta)}">${
      meta.id + 1
    }</a></sup>`;
  };
  rules.footnote_block_open = () => '<div class="footnote">\n<hr />\n<ol>\n';
  rules.footnote_block_close = () => '</ol>\n</div>\n';
  rules.footnote_open = (tokens, index) =>
    `<li id="fn:${nameOf(tokens[index].meta as FootnoteMeta)}">\n`;
  rules.footnote_close = () => '</li>\n';
  rules.footnote_anchor = (tokens, index) => {
    const meta = tokens[index].meta as FootnoteMeta;
    return `&#160;<a class="footnote-backref" href="#${referenceOf(
      meta,
    )}" title="Jump back to footnote ${meta.id + 1} in the text">&#8617;</a>`;
  };
}
