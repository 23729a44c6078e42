import type { TemplateChange } from '@waystone/plugin-golden-paths-common';

/** More of a file is no changelog. */
const MOST_VERSIONS = 100;

/**
 * Reads a changelog in Markdown: a heading of the second level for each version, the newest first, and a list below it.
 * What is neither is left out.
 */
export function parseChangelog(text: string): TemplateChange[] {
  const versions: { version: string; changes: string[] }[] = [];
  for (const line of text.split(/\r?\n/)) {
    const heading = /^## \[?v?(\d+\.\d+\.\d+[\w.+-]*)/.exec(line);
    if (heading) {
      versions.push({ version: heading[1], changes: [] });
      continue;
    }
    const changes = versions.at(-1)?.changes ?? [];
    const item = /^[-*] (.+)/.exec(line);
    const more = /^ {2,}(\S.*)/.exec(line);
    if (item) {
      changes.push(item[1].trim());
    } else if (more && changes.length > 0) {
      changes.push(`${changes.pop()} ${more[1].trim()}`);
    }
  }
  return versions.slice(0, MOST_VERSIONS);
}
