import fs from 'node:fs/promises';
import path from 'node:path';
import type { PageRenderer } from '../pool/SiteRenderer';
import type { DocsFile } from './listFiles';
import { isPage } from './pageUrls';
import { MARKUP_VERSION } from './rendererVersion';
import type { SiteOutput } from './SiteOutput';

/** Files that a site may not bring: the portal's own, and scripts. */
const NOT_COPIED = /\.(?:js|mjs|cjs|html?|xhtml|htc|php|jsp)$/i;

/** Puts the files that are no pages into the output folder; images that could run something are cleaned. */
export async function copyFiles(
  job: string,
  files: readonly DocsFile[],
  options: {
    readonly root: string;
    readonly output: SiteOutput;
    readonly renderer: PageRenderer;
    readonly linkFiles?: boolean;
  },
): Promise<void> {
  const queue = files.filter(
    file => !isPage(file.path) && !NOT_COPIED.test(file.path),
  );
  const work = async () => {
    for (let file = queue.pop(); file; file = queue.pop()) {
      // Cleaned images change with the cleaner
      const key = `${file.size}-${file.modified}-${MARKUP_VERSION}`;
      if (!options.output.claim(file.path, key)) continue;
      const from = path.join(options.root, file.source);
      const to = path.join(options.output.directory, file.path);
      if (/\.svgz?$/i.test(file.path)) {
        await options.renderer.cleanSvg(job, from, to);
      } else {
        await fs.mkdir(path.dirname(to), { recursive: true });
        if (!options.linkFiles || !(await linked(from, to))) {
          await fs.copyFile(from, to);
        }
      }
    }
  };
  await Promise.all([work(), work(), work(), work()]);
}

/** Gives a file a second name; false where that cannot be: another disk, another owner, or there already. */
async function linked(from: string, to: string): Promise<boolean> {
  try {
    // The name itself may be a link inside the folder; what is published is the file
    await fs.link(await fs.realpath(from), to);
    return true;
  } catch {
    return false;
  }
}
