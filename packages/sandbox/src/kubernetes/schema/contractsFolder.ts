import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

let folder: string | undefined;

/** Reads a file of the package's `contracts` folder, which is beside the sources and the built package alike. */
export function readContract<T>(...names: readonly string[]): T {
  return JSON.parse(readFileSync(contractFile(...names), 'utf8'));
}

/** The path of a file in the package's `contracts` folder. */
export function contractFile(...names: readonly string[]): string {
  folder ??= findFolder();
  return path.join(folder, ...names);
}

function findFolder(): string {
  // From wherever this file is, sources or built package, up to the package that holds both.
  // eslint-disable-next-line no-restricted-syntax
  let parent = __dirname;
  for (;;) {
    const candidate = path.join(parent, 'contracts');
    if (existsSync(path.join(candidate, 'crds.json'))) {
      return candidate;
    }
    const next = path.dirname(parent);
    if (next === parent) {
      throw new Error(
        'The contracts folder of @waystone/sandbox is missing; install the package again.',
      );
    }
    parent = next;
  }
}
