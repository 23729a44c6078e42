import fs from 'node:fs';
import path from 'node:path';
import { yarnFile } from './install.mjs';

/**
 * A PATH on which this Node comes first, and `yarn` is the committed one: Backstage's build calls both by name, and a newcomer's machine has
 * no Yarn.
 *
 * @param {{ repo: string, checkoutState: string }} context
 * @returns {string}
 */
export function toolsPath({ repo, checkoutState }) {
  const folder = path.join(checkoutState, 'bin');
  const file = path.join(folder, 'yarn');
  const script = `#!/bin/sh\nexec "${process.execPath}" "${yarnFile(
    repo,
  )}" "$@"\n`;
  if (!fs.existsSync(file) || fs.readFileSync(file, 'utf8') !== script) {
    fs.mkdirSync(folder, { recursive: true });
    // Written beside and moved, as another command may be running it
    const draft = `${file}.${process.pid}`;
    fs.writeFileSync(draft, script, { mode: 0o755 });
    fs.renameSync(draft, file);
  }
  return [folder, path.dirname(process.execPath), process.env.PATH ?? ''].join(
    path.delimiter,
  );
}
