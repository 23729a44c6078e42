/** What a path may have at most, in characters. */
const MAX_PATH = 1_000;

const RESERVED_OWNERS = new Set([
  'admin',
  'api',
  'assets',
  'explore',
  'healthz',
  'org',
  'user',
  'users',
]);

/** Says whether an organisation or a user may have this name. @internal */
export function isOwnerName(name: string): boolean {
  return (
    /^[A-Za-z0-9](?:[._-]?[A-Za-z0-9])*$/.test(name) &&
    name.length <= 40 &&
    !RESERVED_OWNERS.has(name.toLowerCase())
  );
}

/** Says whether a repository may have this name. @internal */
export function isRepositoryName(name: string): boolean {
  return (
    /^[A-Za-z0-9._-]{1,100}$/.test(name) &&
    !/^[.-]{1,2}$/.test(name) &&
    !/\.(?:git|wiki|rss|atom)$/i.test(name)
  );
}

/**
 * Says whether a branch or a tag may have this name: the rules of `git check-ref-format`, and not a name that a
 * command could take for an option.
 *
 * @internal
 */
export function isRefName(name: string): boolean {
  return (
    name.length > 0 &&
    name.length <= 200 &&
    name !== 'HEAD' &&
    !hasControl(name) &&
    !/[ ~^:?*[\\]|\.\.|@\{|\/\/|\.$|^-|^\/|\/$/.test(name) &&
    name !== '@' &&
    name
      .split('/')
      .every(part => !part.startsWith('.') && !part.endsWith('.lock'))
  );
}

/**
 * Says whether a file of a repository may have this path: relative, without `..`, nothing below a `.git`.
 *
 * @internal
 */
export function isFilePath(path: string): boolean {
  return (
    path.length > 0 &&
    path.length <= MAX_PATH &&
    !hasControl(path) &&
    !path.includes('\\') &&
    path
      .split('/')
      .every(
        part =>
          part !== '' &&
          part !== '.' &&
          part !== '..' &&
          !/^\.git\s*\.*\s*$/i.test(part) &&
          !/^git~\d+$/i.test(part),
      )
  );
}

/** Says whether a text has signs that are not shown, such as a line break. @internal */
export function hasControl(text: string): boolean {
  return /\p{Cc}/u.test(text);
}

/** Says whether it is a whole commit id. @internal */
export function isCommitId(text: string): boolean {
  return /^[0-9a-f]{40}$/.test(text);
}
