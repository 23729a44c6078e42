/**
 * The address of a page below its site as the backend names it, from what the reader's address says: empty for the
 * start page, `runbook/` for a page, `page.html` where a site has no directory addresses.
 */
export function pagePath(rest: string): string {
  const path = rest.replace(/^\/+/, '').replace(/(^|\/)index\.html$/, '$1');
  if (path === '' || path.endsWith('/') || path.endsWith('.html')) return path;
  return `${path}/`;
}
