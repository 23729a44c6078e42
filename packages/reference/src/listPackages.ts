import { access, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const packageSchema = z.object({
  name: z.string(),
  description: z.string().optional(),
  configSchema: z.string().optional(),
  dependencies: z.record(z.string(), z.string()).default({}),
  backstage: z
    .object({ role: z.string().optional(), pluginId: z.string().optional() })
    .default({}),
});

/** A package of the repository. */
export interface RepositoryPackage {
  readonly name: string;
  readonly description?: string;
  /** Path of its configuration schema below the folder. */
  readonly configSchema?: string;
  /** Names of the packages that it needs. */
  readonly dependencies: readonly string[];
  readonly isBackend: boolean;
  readonly pluginId?: string;
  /** Such as `plugins/delivery-common`. */
  readonly folder: string;
}

/** The packages of a repository, by folder. */
export async function listPackages(
  repository: string,
): Promise<readonly RepositoryPackage[]> {
  const found: RepositoryPackage[] = [];
  for (const group of ['packages', 'plugins']) {
    const names = await readdir(join(repository, group));
    for (const name of names.sort()) {
      const folder = `${group}/${name}`;
      const file = join(repository, folder, 'package.json');
      if (!(await exists(file))) continue;
      const content: unknown = JSON.parse(await readFile(file, 'utf8'));
      const { backstage, dependencies, ...rest } = packageSchema.parse(content);
      found.push({
        ...rest,
        folder,
        dependencies: Object.keys(dependencies),
        isBackend: backstage.role?.startsWith('backend-plugin') ?? false,
        pluginId: backstage.pluginId,
      });
    }
  }
  return found;
}

async function exists(file: string): Promise<boolean> {
  try {
    await access(file);
    return true;
  } catch {
    // A folder that an earlier checkout left behind
    return false;
  }
}
