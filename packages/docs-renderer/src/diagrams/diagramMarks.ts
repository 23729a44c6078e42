import { createHash } from 'node:crypto';
import { escapeText } from '../markdown/highlight/PygmentsEmitter';
import type { Diagram } from './DiagramDrawer';

/** Folder of the drawn diagrams inside the output folder. */
const FOLDER = 'assets/diagrams';

// Signs of the private use area, which are taken out of what authors write
const MARKED =
  /\u{e002}([0-9a-f]+)\|([^\u{e002}\u{e003}]*)\u{e003}([^\u{e002}]*)\u{e002}\/\u{e003}/gu;

/** The same for the same diagram, on whatever page it is. */
export function diagramKey({ type, source }: Diagram): string {
  return createHash('sha256')
    .update(`${type}\0${source}`)
    .digest('hex')
    .slice(0, 32);
}

/** Path of a drawn diagram inside the output folder. */
export function diagramFile(key: string): string {
  return `${FOLDER}/${key}.svg`;
}

/** Marks the source of a diagram in a page, until it is known whether the diagram could be drawn. */
export function markDiagram(options: {
  readonly key: string;
  /** What stands for the picture. */
  readonly label: string;
  readonly html: string;
}): string {
  const { key, label, html } = options;
  return `\u{e002}${key}|${escapeText(
    label,
  )}\u{e003}${html}\u{e002}/\u{e003}\n`;
}

/** Shows the diagrams that could be drawn, with their source below, and of all others the source. */
export function showDiagrams(
  html: string,
  options: {
    /** Keys of the drawn diagrams. */
    readonly drawn?: readonly string[];
    /** Relative way to the start of the site. */
    readonly prefix: string;
  },
): string {
  if (!html.includes('\u{e002}')) return html;
  const drawn = new Set(options.drawn);
  return html.replace(
    MARKED,
    (_all, key: string, label: string, code: string) =>
      drawn.has(key)
        ? `<figure class="diagram"><img src="${options.prefix}${diagramFile(
            key,
          )}" alt="${label}"><details class="diagram__source"><summary>Source</summary>${code}</details></figure>`
        : code,
  );
}

/** The page with the source of its diagrams, as search reads it. */
export function withoutMarks(html: string): string {
  return showDiagrams(html, { prefix: '' });
}
