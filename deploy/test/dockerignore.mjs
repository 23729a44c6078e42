import fs from 'node:fs';
import path from 'node:path';

/**
 * Reads .dockerignore as Docker does: the last pattern that matches a file, or a folder that it is in, decides.
 *
 * @param {string} repo
 */
export function readDockerignore(repo) {
  const rules = fs
    .readFileSync(path.join(repo, '.dockerignore'), 'utf8')
    .split('\n')
    .map(line => line.trim())
    .filter(line => line && !line.startsWith('#'))
    .map(line => ({
      keep: line.startsWith('!'),
      pattern: toRegExp(line.replace(/^!/, '')),
      text: line,
    }));
  const exceptions = rules.filter(({ keep }) => keep);

  const isIgnored = file =>
    rules.reduce(
      (ignored, { keep, pattern }) => (pattern.test(file) ? !keep : ignored),
      false,
    );
  // A folder that is left out as a whole need not be looked into; node_modules has a hundred thousand files.
  const canSkip = folder =>
    isIgnored(folder) &&
    (/(^|\/)(node_modules|\.git|\.waystone|dist)$/.test(folder) ||
      exceptions.length === 0 ||
      !/^(\.yarn|packages)(\/|$)/.test(folder));

  return {
    isIgnored,
    /** @returns {string[]} The files that Docker would see, relative to the repository. */
    listFiles() {
      const files = [];
      const visit = folder => {
        for (const entry of fs.readdirSync(path.join(repo, folder), {
          withFileTypes: true,
        })) {
          const name = path.posix.join(folder, entry.name);
          if (entry.isDirectory()) {
            if (!canSkip(name)) visit(name);
          } else if (entry.isFile() && !isIgnored(name)) {
            files.push(name);
          }
        }
      };
      visit('');
      return files.sort();
    },
  };
}

/** `**` is any number of folders, `*` anything within one name; what lies in a matching folder matches too. */
function toRegExp(pattern) {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*\*\//g, '\u0001')
    .replace(/\*\*/g, '.*')
    .replace(/\*/g, '[^/]*')
    .replaceAll('\u0001', '(?:.*/)?');
  return new RegExp(`^${source}(?:/.*)?$`);
}
