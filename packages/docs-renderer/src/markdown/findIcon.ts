import fs from 'node:fs';
import path from 'node:path';

type MaterialIcons = Readonly<Record<string, string | undefined>>;

let materialIcons: MaterialIcons | undefined;
const files = new Map<string, string | undefined>();

/**
 * The SVG of an icon, to be put into a page.
 *
 * @param set - `material`, `octicons` or `simple`; others are not known.
 * @param name - Lower-case words with hyphens, and nothing else.
 */
export function findIcon(set: string, name: string): string | undefined {
  if (set === 'material') return materialIcon(name);
  if (set !== 'octicons' && set !== 'simple') return undefined;
  const folder =
    set === 'octicons'
      ? path.join(
          path.dirname(require.resolve('@primer/octicons/package.json')),
          'build/svg',
        )
      : path.join(path.dirname(require.resolve('simple-icons/icons')), 'icons');
  const file = path.join(folder, `${name}.svg`);
  if (!files.has(file)) files.set(file, readIcon(file));
  return files.get(file);
}

function materialIcon(name: string): string | undefined {
  materialIcons ??= require('@mdi/js') as MaterialIcons;
  const key = `mdi${name
    .split('-')
    .map(part => part.charAt(0).toUpperCase() + part.slice(1))
    .join('')}`;
  const shape = Object.hasOwn(materialIcons, key)
    ? materialIcons[key]
    : undefined;
  return shape && svgOf('0 0 24 24', `<path d="${shape}"/>`);
}

/** Its shapes, without size and title: an icon is as large as its text. */
function readIcon(file: string): string | undefined {
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch {
    // There is no such icon
    return undefined;
  }
  const viewBox = /viewBox="([\d .]+)"/.exec(text)?.[1];
  const shapes = text.match(/<path [^<>]*>/g);
  return viewBox && shapes
    ? svgOf(viewBox, shapes.map(shape => shape.replace(/\/?>$/, '/>')).join(''))
    : undefined;
}

function svgOf(viewBox: string, shapes: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${viewBox}" aria-hidden="true">${shapes}</svg>`;
}
