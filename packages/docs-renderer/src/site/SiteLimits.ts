/** What one site may take. Beyond it the build is refused and the last good one stays. */
export interface SiteLimits {
  /** Markdown pages. Default: 10,000 */
  readonly pages: number;
  /** Files of any kind. Default: 20,000 */
  readonly files: number;
  /** Bytes of one Markdown page. Default: 2 MB */
  readonly pageBytes: number;
  /** Bytes of one other file. Default: 50 MB */
  readonly fileBytes: number;
  /** Bytes of all files. Default: 500 MB */
  readonly totalBytes: number;
  /** Milliseconds for one page to render. Default: 10,000 */
  readonly pageMilliseconds: number;
  /** Milliseconds for the whole site. Default: 120,000 */
  readonly siteMilliseconds: number;
  /** How deep folders may be nested. Default: 32 */
  readonly depth: number;
}

export const DEFAULT_SITE_LIMITS: SiteLimits = {
  pages: 10_000,
  files: 20_000,
  pageBytes: 2 * 1024 * 1024,
  fileBytes: 50 * 1024 * 1024,
  totalBytes: 500 * 1024 * 1024,
  pageMilliseconds: 10_000,
  siteMilliseconds: 120_000,
  depth: 32,
};
