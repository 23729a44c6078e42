import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { collectSite } from './collectSite';
import { DEFAULT_SITE_LIMITS } from './SiteLimits';

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
    for (const { source, size, modified } of site.files) {
      hash.update(`${source}\0${size}\0${modified}\n`);
      newest = Math.max(newest, modified);
    }
  } catch {
    // Cannot be built either: the build says why
    hash.update('failed');
  }
  return {
    hash: hash.digest('hex'),
    changedAt: newest > 0 ? new Date(newest) : undefined,
  };
}
