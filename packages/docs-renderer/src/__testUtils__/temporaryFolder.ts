import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

/** A folder with files, removed after each test. */
export function temporaryFolders(): (
  files: Readonly<Record<string, string | Uint8Array>>,
) => Promise<string> {
  const made: string[] = [];
  afterEach(async () => {
    for (const folder of made.splice(0)) {
      await fs.rm(folder, { recursive: true, force: true });
    }
  });
  return async files => {
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'docs-renderer-'));
    made.push(folder);
    for (const [name, content] of Object.entries(files)) {
      const file = path.join(folder, name);
      await fs.mkdir(path.dirname(file), { recursive: true });
      await fs.writeFile(file, content);
    }
    return folder;
  };
}
