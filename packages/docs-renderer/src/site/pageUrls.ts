import path from 'node:path';

/** Where a Markdown file of the docs folder ends up: `guide/x.md` → `guide/x/index.html`. */
export function outputPath(source: string, directoryUrls: boolean): string {
  const { dir, name } = path.posix.parse(source);
  const isIndex = name === 'index' || name === 'README';
  if (isIndex) return path.posix.join(dir, 'index.html');
  return directoryUrls
    ? path.posix.join(dir, name, 'index.html')
    : path.posix.join(dir, `${name}.html`);
}

/** Address of a page or file inside the site, encoded; the empty string is the start page. */
export function siteUrl(source: string, directoryUrls: boolean): string {
  if (!isPage(source)) return encodePath(source);
  const output = outputPath(source, directoryUrls);
  const url = output.endsWith('index.html')
    ? output.slice(0, -'index.html'.length)
    : output;
  return encodePath(url);
}

/** Whether a file is rendered rather than copied. */
export function isPage(source: string): boolean {
  return /\.(?:md|markdown|mdown|mkdn|mkd)$/.test(source);
}

/** The relative way from one address of the site to another, as MkDocs writes it. */
export function relativeUrl(to: string, from: string): string {
  const fromFolder =
    from.endsWith('/') || from === '' ? from : path.posix.dirname(from);
  const toPath = to === '' ? '.' : to;
  const relative = path.posix.relative(
    `/${fromFolder}`,
    `/${toPath === '.' ? '' : toPath}`,
  );
  if (relative === '') return to === '' || to.endsWith('/') ? './' : relative;
  return to === '' || to.endsWith('/') ? `${relative}/` : relative;
}

function encodePath(url: string): string {
  return url
    .split('/')
    .map(part =>
      encodeURIComponent(part).replace(
        /%(?:40|3A|24|2C|2B|3D|3B|26|21|27|28|29|2A)/g,
        decodeURIComponent,
      ),
    )
    .join('/');
}
