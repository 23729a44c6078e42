/**
 * Whether a path fits a glob: `*` and `?` within a folder, `**` across folders, `[a-z]`, and `{one,other}`.
 *
 * @internal
 */
export function matchesGlob(glob: string, path: string): boolean {
  return toRegExp(glob, '[^/]').test(path);
}

/**
 * Whether a name fits a glob in which `*` goes across slashes, as in AppProjects.
 *
 * @internal
 */
export function matchesName(glob: string, name: string): boolean {
  return toRegExp(glob, '.').test(name);
}

function toRegExp(glob: string, character: string): RegExp {
  let pattern = '';
  let depth = 0;
  for (let index = 0; index < glob.length; index++) {
    const current = glob[index];
    if (current === '*') {
      if (glob[index + 1] === '*') {
        index++;
        if (glob[index + 1] === '/') {
          index++;
          pattern += '(?:.*/)?';
        } else {
          pattern += '.*';
        }
      } else {
        pattern += `${character}*`;
      }
    } else if (current === '?') {
      pattern += character;
    } else if (current === '{') {
      depth++;
      pattern += '(?:';
    } else if (current === '}' && depth > 0) {
      depth--;
      pattern += ')';
    } else if (current === ',' && depth > 0) {
      pattern += '|';
    } else if (current === '[' && glob.includes(']', index + 2)) {
      const end = glob.indexOf(']', index + 2);
      const set = glob.slice(index + 1, end).replace(/\\/g, '\\\\');
      pattern += `[${set.replace(/^!/, '^')}]`;
      index = end;
    } else {
      pattern += current.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
    }
  }
  return new RegExp(`^${pattern}${')'.repeat(depth)}$`, 's');
}
