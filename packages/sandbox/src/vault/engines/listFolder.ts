import { readNumber, readText } from '../fields';

/**
 * The names directly below a folder, with a slash after those that are folders themselves.
 *
 * @param fields - `after` and `limit` take a part of the list, as in OpenBao.
 */
export function listFolder(
  paths: readonly string[],
  folder: string,
  fields: Readonly<Record<string, unknown>>,
): string[] {
  const prefix = folder === '' || folder.endsWith('/') ? folder : `${folder}/`;
  const names = new Set<string>();
  for (const path of paths) {
    if (path.startsWith(prefix)) {
      const rest = path.slice(prefix.length);
      const slash = rest.indexOf('/');
      names.add(slash < 0 ? rest : rest.slice(0, slash + 1));
    }
  }
  const after = readText(fields, 'after');
  const limit = readNumber(fields, 'limit') ?? 0;
  const sorted = [...names]
    .filter(name => name !== '' && (after === undefined || name > after))
    .sort((left, right) => (left < right ? -1 : 1));
  return limit > 0 ? sorted.slice(0, limit) : sorted;
}
