import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { collectSite } from './collectSite';
import { DEFAULT_SITE_LIMITS } from './SiteLimits';
import { readStyleSheet } from './styleSheet';

/** Goes up when the same source makes other pages. */
const MARKUP_VERSION = '3';

/** Changes with what pages look like: what was built before is then built again. */
export async function rendererVersion(): Promise<string> {
  const { name } = await readStyleSheet();
  return `${MARKUP_VERSION}.${name.split('.')[1]}`;
}

/**
 * Tells whether the source of a site on this machine has changed, from the names, sizes and times of its files.
 *
 * @returns The hash, and when the newest file was written.
 */
export async function fingerprintSite(
  root: string,
): Promise<{ readonly hash: string; readonly changedAt?: Date }> {
  const hash = createHash('sha1');
  let newest = 0;
  const add = async (source: string) => {
    try {
      const stat = await fs.stat(path.join(root, source));
      hash.update(`${source}\0${stat.size}\0${stat.mtimeMs}\n`);
      newest = Math.max(newest, stat.mtimeMs);
    } catch {
      // There is no such file
      hash.update(`${source}\0\n`);
    }
  };
  await add('mkdocs.yml');
  await add('mkdocs.yaml');
  try {
    const site = await collectSite({ root, limits: DEFAULT_SITE_LIMITS });
    for (const file of site.files) await add(file.source);
  } catch {
    // Cannot be built either: the build says why
    hash.update('failed');
  }
  return {
    hash: hash.digest('hex'),
    changedAt: newest > 0 ? new Date(newest) : undefined,
  };
}
