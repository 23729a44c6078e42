import type { MarkdownOptions } from './MarkdownOptions';

/** The id of a heading, as Python-Markdown's toc extension makes it. */
export function slugify(
  text: string,
  options: Pick<MarkdownOptions, 'slugs' | 'separator'>,
): string {
  const { slugs, separator } = options;
  if (slugs === 'ascii') {
    const slug = text
      .normalize('NFKD')
      // eslint-disable-next-line no-control-regex
      .replace(/[^\x00-\x7f]/g, '')
      .replace(/[^\w\s-]/g, '')
      .trim()
      .toLowerCase();
    return collapse(slug, separator);
  }
  const slug = text
    .normalize('NFC')
    .replace(/[^\p{L}\p{M}\p{N}_\- ]/gu, '')
    .trim();
  const cased = slugs === 'unicode' ? slug.toLowerCase() : slug;
  return cased.replace(/ /g, separator);
}

function collapse(slug: string, separator: string): string {
  const pattern =
    separator === '-' ? /[-\s]+/g : new RegExp(`[\\${separator}\\s]+`, 'g');
  return slug.replace(pattern, separator);
}

/** Makes an id that is not taken: `name`, `name_1`, `name_2` … */
export function uniqueId(
  id: string,
  taken: { has(id: string): boolean },
): string {
  let free = id;
  while (free === '' || taken.has(free)) {
    const counted = /^(.*)_(\d+)$/.exec(free);
    free = counted ? `${counted[1]}_${Number(counted[2]) + 1}` : `${free}_1`;
  }
  return free;
}
