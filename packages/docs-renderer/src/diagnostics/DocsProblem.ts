/** How bad a problem is: an `error` stops the build, a `warning` is something that a reader will stumble over. */
export type DocsProblemSeverity = 'error' | 'warning' | 'info';

/** Every kind of problem that the renderer reports. The codes are part of `waystone docs check --json`. */
export type DocsProblemCode =
  | 'config-invalid'
  | 'config-refused'
  | 'config-unsupported'
  | 'nav-target-missing'
  | 'link-target-missing'
  | 'link-anchor-missing'
  | 'image-missing'
  | 'anchor-duplicate'
  | 'block-unclosed'
  | 'front-matter-invalid'
  | 'snippet-missing'
  | 'snippet-refused'
  | 'html-removed'
  | 'icon-unknown'
  | 'diagram-source'
  | 'diagram-failed'
  | 'math-invalid'
  | 'openapi-invalid'
  | 'file-refused'
  | 'file-too-large'
  | 'address-taken'
  | 'encoding-invalid'
  | 'limit-reached'
  | 'page-failed'
  | 'site-empty';

/** Something an author should know of, with where it is and what to do. */
export interface DocsProblem {
  readonly severity: DocsProblemSeverity;
  readonly code: DocsProblemCode;
  /** What is wrong, with the offending value quoted. */
  readonly message: string;
  /** What to do about it. */
  readonly fix: string;
  /** Path inside the repository folder that was built, with forward slashes. */
  readonly file: string;
  /** First line is 1. */
  readonly line?: number;
  /** First column is 1. */
  readonly column?: number;
}
