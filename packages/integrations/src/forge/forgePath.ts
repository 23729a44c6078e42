import { InputError } from '@backstage/errors';
import type { FileChange, RepositoryRef } from './types';

/**
 * Makes a path of which every value is encoded, but the slashes of a branch or a file are kept.
 *
 * @throws InputError if a value could lead elsewhere.
 *
 * @internal
 */
export function forgePath(
  strings: TemplateStringsArray,
  ...values: (string | number)[]
): string {
  return strings.reduce(
    (path, text, index) => `${path}${encode(String(values[index - 1]))}${text}`,
  );
}

/** The path of a repository in the API. @internal */
export function repositoryPath({ owner, name }: RepositoryRef): string {
  if (owner.includes('/') || name.includes('/')) {
    throw new InputError(`'${owner}/${name}' is not a repository`);
  }
  return forgePath`/repos/${owner}/${name}`;
}

function encode(value: string): string {
  return value
    .split('/')
    .map(part => {
      if (part === '' || part === '.' || part === '..') {
        throw new InputError(
          `'${value}' cannot be a part of an address: it is empty, or leads elsewhere`,
        );
      }
      return encodeURIComponent(part);
    })
    .join('/');
}

/** Reads `<base>/<owner>/<name>…`. @internal */
export function parseRepositoryUrl(
  baseUrl: string,
  url: string,
): RepositoryRef | undefined {
  let target: URL;
  try {
    target = new URL(url);
  } catch {
    return undefined;
  }
  const base = new URL(baseUrl);
  const prefix = base.pathname.replace(/\/$/, '');
  if (target.host !== base.host || !target.pathname.startsWith(`${prefix}/`)) {
    return undefined;
  }
  const [owner, name] = target.pathname
    .slice(prefix.length + 1)
    .split('/')
    .map(decodeURIComponent);
  return owner && name
    ? { owner, name: name.replace(/\.git$/, '') }
    : undefined;
}

/**
 * Checks the paths of a commit: forges differ in what they do with one that leads out of the repository.
 *
 * @throws InputError
 *
 * @internal
 */
export function checkChanges(changes: readonly FileChange[]): void {
  const seen = new Set<string>();
  for (const { path } of changes) {
    const isBad =
      /[\p{Cc}\\]/u.test(path) ||
      path.split('/').some(part => /^(?:|\.|\.\.|\.git)$/i.test(part.trim()));
    if (isBad) {
      throw new InputError(
        `A file cannot have the path '${path}': it has to be relative, without '..', and not in '.git'`,
      );
    }
    if (seen.has(path)) {
      throw new InputError(`The file '${path}' is there twice in one commit`);
    }
    seen.add(path);
  }
  if (changes.length === 0) {
    throw new InputError('A commit needs at least one file');
  }
}
