import fs from 'node:fs/promises';
import path from 'node:path';
import { temporaryFolders } from '../__testUtils__/temporaryFolder';
import { PageReader } from './PageReader';

describe('PageReader', () => {
  const folderOf = temporaryFolders();

  it('knows a page by its size and times, unless it was written just before it was read', async () => {
    const root = await folderOf({ 'docs/a.md': '# One\n' });
    const reader = new PageReader();
    const old = {
      path: 'a.md',
      source: 'docs/a.md',
      size: 6,
      modified: Date.now() - 60_000,
      changed: Date.now() - 60_000,
    };
    expect(reader.contentOf(root, old)).toBeUndefined();
    const { source, content } = reader.read(root, old);
    expect(source).toEqual({ path: 'a.md', text: '# One\n', utf8: true });
    expect(reader.contentOf(root, old)).toBe(content);
    // A tool that sets the time of a file back cannot set this one
    const touched = { ...old, changed: Date.now() };
    expect(reader.contentOf(root, touched)).toBeUndefined();

    // Written again at once: the same size, and perhaps the same times
    await fs.writeFile(path.join(root, 'docs/a.md'), '# Two\n');
    expect(reader.read(root, touched).source.text).toBe('# Two\n');
    expect(reader.contentOf(root, touched)).toBeUndefined();
    expect(reader.contentOf(root, old)).toBeUndefined();
  });
});
