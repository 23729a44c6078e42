/** What `markdown_extensions` of mkdocs.yml changes in the rendering. All the rest of techdocs-core is always on. */
export interface MarkdownOptions {
  /** `toc.permalink`: the sign after a heading; false for none. */
  readonly permalink: string | false;
  /** `toc.toc_depth`: deepest heading in the table of contents. */
  readonly tocDepth: readonly [number, number];
  /** `toc.baselevel`: level of a page's `#`. */
  readonly baseLevel: number;
  /** `toc.slugify`: `ascii` as Python-Markdown does, `unicode` as `pymdownx.slugs` does. */
  readonly slugs: 'ascii' | 'unicode' | 'unicode-cased';
  /** `toc.separator`. */
  readonly separator: string;
  /** `pymdownx.highlight.linenums`: numbers on every block. */
  readonly lineNumbers: boolean;
  /** `pymdownx.highlight.anchor_linenums` and friends are not needed by the reader. */
  readonly codeAnnotations: boolean;
  /** `pymdownx.arithmatex`: `$…$` and `$$…$$` are mathematics. */
  readonly math: boolean;
  /** `markdown_include.include`: `{!file!}` includes a file. */
  readonly includes: boolean;
  /** `pymdownx.blocks.*`: `/// note` to `///`. */
  readonly blocks: boolean;
  /** `nl2br`: a line break is a line break. */
  readonly breaks: boolean;
  /** `pymdownx.critic.mode`: `view`, or what is left once edits are accepted or rejected. */
  readonly critic: 'view' | 'accept' | 'reject';
  /** `pymdownx.magiclink`: repository for `#123` and `@name`; undefined leaves them alone. */
  readonly repository?: { readonly url: string; readonly shorthand: boolean };
  /** `pymdownx.snippets.base_path`, relative to the folder of mkdocs.yml. */
  readonly snippetPaths: readonly string[];
  /** Text of `pymdownx.snippets.auto_append` files. */
  readonly autoAppend: readonly string[];
}

export const DEFAULT_MARKDOWN_OPTIONS: MarkdownOptions = {
  permalink: '¶',
  tocDepth: [1, 6],
  baseLevel: 1,
  slugs: 'ascii',
  separator: '-',
  lineNumbers: false,
  codeAnnotations: true,
  math: false,
  includes: false,
  blocks: false,
  breaks: false,
  critic: 'view',
  snippetPaths: ['.'],
  autoAppend: [],
};
