import fs from 'node:fs';
import path from 'node:path';

/**
 * @param {string} repo
 * @returns {string[]} The folders of all packages, such as `packages/app`.
 */
export function workspaceFolders(repo) {
  const { workspaces = [] } = readPackage(repo, '.') ?? {};
  return workspaces
    .flatMap(pattern => {
      if (!pattern.endsWith('/*')) return [pattern];
      const parent = pattern.slice(0, -2);
      try {
        return fs
          .readdirSync(path.join(repo, parent))
          .map(name => `${parent}/${name}`);
      } catch {
        return [];
      }
    })
    .filter(folder => fs.existsSync(path.join(repo, folder, 'package.json')))
    .sort();
}

/**
 * @param {string} repo
 * @param {string} folder - Where to begin, such as `packages/app`.
 * @returns {string[]} This package and all packages of the repository that it depends on.
 */
export function workspaceClosure(repo, folder) {
  const folderOf = new Map(
    workspaceFolders(repo).map(found => [
      readPackage(repo, found)?.name,
      found,
    ]),
  );
  const seen = new Set();
  const visit = current => {
    if (seen.has(current)) return;
    seen.add(current);
    const { dependencies = {} } = readPackage(repo, current) ?? {};
    for (const name of Object.keys(dependencies)) {
      const next = folderOf.get(name);
      if (next) visit(next);
    }
  };
  visit(folder);
  return [...seen].sort();
}

/** @param {string} repo @param {string} folder */
export function readPackage(repo, folder) {
  try {
    return JSON.parse(
      fs.readFileSync(path.join(repo, folder, 'package.json'), 'utf8'),
    );
  } catch {
    return undefined;
  }
}
