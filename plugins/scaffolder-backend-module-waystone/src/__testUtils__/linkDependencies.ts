import {
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * Gives a rendered repository the packages of this monorepo instead of those of a registry, which takes no time and no network.
 *
 * @returns what its package.json asks for that is not here, or only in another major version
 */
export function linkDependencies(workspacePath: string): string[] {
  const { dependencies, devDependencies } = JSON.parse(
    readFileSync(join(workspacePath, 'package.json'), 'utf8'),
  ) as Record<string, Record<string, string> | undefined>;
  const missing: string[] = [];
  for (const [name, range] of Object.entries({
    ...dependencies,
    ...devDependencies,
  })) {
    const folder = folderOf(name);
    // The lockfile of the skeleton is what repositories get. Here the same major version has to do
    if (
      !folder ||
      !(name.startsWith('@types/') || majorOf(folder) === firstNumber(range))
    ) {
      missing.push(name);
      continue;
    }
    const link = join(workspacePath, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(folder, link, 'junction');
  }
  return missing;
}

function folderOf(name: string): string | undefined {
  const folder = createRequire(__filename)
    .resolve.paths(name)
    ?.map(each => join(each, name))
    .find(each => existsSync(join(each, 'package.json')));
  return folder && realpathSync(folder);
}

function majorOf(folder: string): string | undefined {
  const { version } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  );
  return firstNumber(version);
}

function firstNumber(range: string): string | undefined {
  return /\d+/.exec(range)?.[0];
}
