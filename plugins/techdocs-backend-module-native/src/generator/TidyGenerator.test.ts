import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { GeneratorRunOptions } from '@backstage/plugin-techdocs-node';
import { TidyGenerator } from './TidyGenerator';

describe('TidyGenerator', () => {
  async function build(type: 'url' | 'dir', run: () => Promise<void>) {
    const inputDir = await fs.mkdtemp(path.join(os.tmpdir(), 'tidy-'));
    await fs.writeFile(path.join(inputDir, 'mkdocs.yml'), 'site_name: x\n');
    try {
      await new TidyGenerator({ run })
        .run({
          inputDir,
          parsedLocationAnnotation: { type, target: 'x' },
        } as GeneratorRunOptions)
        .catch(() => {});
      return await fs.readdir(inputDir).catch(() => undefined);
    } finally {
      await fs.rm(inputDir, { recursive: true, force: true });
    }
  }

  it('removes what was unpacked, also after a build that failed, and never a folder of this machine', async () => {
    expect(await build('url', async () => {})).toBeUndefined();
    expect(
      await build('url', async () => {
        throw new Error('no page');
      }),
    ).toBeUndefined();
    expect(await build('dir', async () => {})).toEqual(['mkdocs.yml']);
  });
});
