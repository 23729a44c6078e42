import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';

let loaded: Promise<StyleSheet> | undefined;

/** The style sheet of all pages. */
export interface StyleSheet {
  /** `main.` and eight hexadecimal digits: the reader takes style sheets of this name only. */
  readonly name: string;
  readonly text: string;
}

/** Reads the style sheet once. */
export async function readStyleSheet(): Promise<StyleSheet> {
  loaded ??= (async () => {
    const folder = path.dirname(
      require.resolve('@waystone/docs-renderer/package.json'),
    );
    const text = await fs.readFile(
      path.join(folder, 'assets/main.css'),
      'utf8',
    );
    const hash = createHash('sha1').update(text).digest('hex').slice(0, 8);
    return { name: `main.${hash}.min.css`, text };
  })();
  return loaded;
}
