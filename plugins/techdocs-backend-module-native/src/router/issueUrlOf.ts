/**
 * Where an issue about a page is written.
 *
 * @param repositoryUrl - `repo_url` of mkdocs.yml, or where the source was read.
 * @returns Undefined for anything but a repository on a web server.
 */
export function issueUrlOf(
  repositoryUrl: string,
  page: { readonly title: string; readonly source: string },
): string | undefined {
  let url: URL;
  try {
    url = new URL(repositoryUrl);
  } catch {
    // Some other text
    return undefined;
  }
  const path = url.pathname.replace(/(?:\.git)?\/*$/, '');
  if (!/^https?:$/.test(url.protocol) || path.split('/').length < 3) {
    return undefined;
  }
  const title = `Docs: ${page.title}`;
  const body = `About ${page.source}`;
  const isGitLab = url.hostname.split('.').includes('gitlab');
  const issue = new URL(
    `${path}${isGitLab ? '/-' : ''}/issues/new`,
    `${url.protocol}//${url.host}`,
  );
  issue.searchParams.set(isGitLab ? 'issue[title]' : 'title', title);
  issue.searchParams.set(isGitLab ? 'issue[description]' : 'body', body);
  return issue.href;
}
