import fs from 'node:fs/promises';
import path from 'node:path';
import { createMockDirectory } from '@backstage/backend-test-utils';
import { PublishedSite } from './PublishedSite';

describe('PublishedSite', () => {
  const directory = createMockDirectory();
  const folder = () => path.join(directory.path, 'published/orders');
  const site = () => new PublishedSite(folder());
  let builds = 0;

  beforeEach(() => directory.setContent({ published: {} }));

  /** A build that writes `written` of the files, whose text is their key. */
  async function build(
    files: Readonly<Record<string, string>>,
    written: readonly string[] = Object.keys(files),
  ) {
    const output = path.join(directory.path, `output-${builds++}`);
    await fs.mkdir(output);
    for (const file of written) {
      await fs.mkdir(path.join(output, path.dirname(file)), {
        recursive: true,
      });
      await fs.writeFile(path.join(output, file), files[file]);
    }
    return { output, files: new Map(Object.entries(files)) };
  }

  async function publish(
    files: Readonly<Record<string, string>>,
    written?: readonly string[],
    options: { readonly thorough?: boolean } = {},
  ) {
    const { output, files: keys } = await build(files, written);
    return site().publish(output, keys, options.thorough ?? false);
  }

  async function content(): Promise<Record<string, string>> {
    const found: Record<string, string> = {};
    const entries = await fs.readdir(folder(), {
      recursive: true,
      withFileTypes: true,
    });
    for (const entry of entries) {
      if (entry.isDirectory() || entry.name === '.waystone-files.json') {
        continue;
      }
      const file = path.join(entry.parentPath, entry.name);
      found[path.relative(folder(), file)] = await fs.readFile(file, 'utf8');
    }
    return found;
  }

  it('writes what has changed, and removes what is gone with its folder', async () => {
    const first = { 'index.html': '1', 'a/b/index.html': '1', 'c.png': '1' };
    expect(await publish(first)).toEqual({
      written: Object.keys(first),
      removed: [],
    });
    const before = await fs.stat(path.join(folder(), 'c.png'));
    const second = { 'index.html': '2', 'c.png': '1' };
    expect(await publish(second, ['index.html'])).toEqual({
      written: ['index.html'],
      removed: ['a/b/index.html'],
    });
    expect(await content()).toEqual(second);
    expect((await fs.readdir(folder())).sort()).toEqual([
      '.waystone-files.json',
      'c.png',
      'index.html',
    ]);
    expect((await fs.stat(path.join(folder(), 'c.png'))).ino).toBe(before.ino);
    expect(Object.fromEntries(await site().knownFiles())).toEqual(second);
  });

  it('takes whole folders of other generators', async () => {
    const sites: Record<string, string>[] = [
      { 'index.html': '1', 'old/index.html': '1' },
      { 'index.html': '2' },
    ];
    for (const files of sites) {
      const { output } = await build(files);
      await fs.symlink('/etc', path.join(output, 'link'));
      await site().publish(output, undefined, false);
      expect(await content()).toEqual(files);
    }
  });

  it('shares its bytes with no other name of a file', async () => {
    const { output, files } = await build({ 'index.html': '1', 'a.png': '1' });
    const source = path.join(directory.path, 'source.png');
    await fs.link(path.join(output, 'a.png'), source);
    await site().publish(output, files, false);
    // What nobody else has was moved
    expect(await fs.readdir(output)).toEqual(['a.png']);
    await fs.writeFile(source, 'edited in place');
    expect(await content()).toEqual({ 'index.html': '1', 'a.png': '1' });
  });

  it('a page becomes a folder, and a folder a page', async () => {
    await publish({ 'a/index.html': '1', b: '1' });
    const swapped = { a: '2', 'b/index.html': '2' };
    await publish(swapped);
    expect(await content()).toEqual(swapped);
  });

  it('writes again what a process was about to write when it ended', async () => {
    const files = {
      'a.html': '1',
      'b.html': '1',
      'techdocs_metadata.json': '1',
    };
    await publish(files);
    // It ended after `a.html`: `b.html` has no file in its build
    const broken = await build({ ...files, 'a.html': '2', 'b.html': '2' });
    const { copyFile, rename } = fs;
    const endAt =
      (original: typeof rename): typeof rename =>
      async (from, to) => {
        if (String(from).endsWith('b.html')) throw new Error('ended');
        await original(from, to);
      };
    const mocks = [
      jest.spyOn(fs, 'copyFile').mockImplementation(endAt(copyFile)),
      jest.spyOn(fs, 'rename').mockImplementation(endAt(rename)),
    ];
    await expect(
      site().publish(broken.output, broken.files, false),
    ).rejects.toThrow('ended');
    for (const mock of mocks) mock.mockRestore();
    expect((await content())['techdocs_metadata.json']).toBe('1');

    const known = await site().files();
    expect([...known.keys()]).toEqual(['techdocs_metadata.json']);
    await publish(files, ['a.html', 'b.html'], { thorough: true });
    expect(await content()).toEqual(files);
  });

  it('two replicas that publish at once leave one of the two sites', async () => {
    const sites = ['1', '2'].map(key =>
      Object.fromEntries(
        Array.from({ length: 50 }, (_, page) => [`${page}/index.html`, key]),
      ),
    );
    for (let round = 0; round < 3; round++) {
      const both = await Promise.all(sites.map(files => build(files)));
      await Promise.all(
        both.map(({ output, files }) => site().publish(output, files, false)),
      );
      expect(sites).toContainEqual(await content());
    }
    expect(await fs.readdir(path.dirname(folder()))).toEqual(['orders']);
  });

  it('says when what it was to keep is not there any more', async () => {
    await publish({ 'a.html': '1', 'b.html': '1' });
    await publish({ 'a.html': '2', 'b.html': '2' });
    await expect(
      publish({ 'a.html': '3', 'b.html': '1' }, ['a.html']),
    ).rejects.toMatchObject({ name: 'ConflictError' });
    expect(await content()).toEqual({ 'a.html': '2', 'b.html': '2' });
  });

  it('takes the lock of a process that has ended', async () => {
    const lock = path.join(path.dirname(folder()), '.orders.lock');
    await fs.writeFile(lock, 'gone');
    const old = new Date(Date.now() - 60_000);
    await fs.utimes(lock, old, old);
    await publish({ 'a.html': '1' });
    await expect(fs.stat(lock)).rejects.toThrow('ENOENT');
  });

  it('removes what nobody has published, and writes through no link', async () => {
    await publish({ 'a.html': '1' });
    const outside = path.join(directory.path, 'outside');
    await fs.mkdir(outside);
    await fs.writeFile(path.join(outside, 'kept'), 'kept');
    await fs.symlink(outside, path.join(folder(), 'b'));
    await fs.writeFile(path.join(folder(), '.x.part'), 'half');
    const files = { 'a.html': '1', 'b/index.html': '1' };
    await publish(files, ['b/index.html'], { thorough: true });
    expect(await content()).toEqual(files);
    expect(await fs.readdir(outside)).toEqual(['kept']);
    await expect(publish({ '../x.html': '1' })).rejects.toThrow();
    await expect(
      fs.stat(path.join(path.dirname(folder()), 'x.html')),
    ).rejects.toThrow('ENOENT');
  });
});
