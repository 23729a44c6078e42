import fs from 'node:fs/promises';
import path from 'node:path';
import { temporaryFolders } from '../__testUtils__/temporaryFolder';
import { RenderPool } from './RenderPool';

const folderOf = temporaryFolders();

function pages(count: number): Record<string, string> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `docs/${index === 0 ? 'index' : `page-${index}`}.md`,
      `# Page ${index}\n\nText.\n`,
    ]),
  );
}

describe('RenderPool', () => {
  const pool = new RenderPool();
  afterAll(() => pool.close());

  it('builds sites in its threads, many at once', async () => {
    const roots = await Promise.all(
      Array.from({ length: 6 }, () => folderOf(pages(30))),
    );
    const outputs = await Promise.all(roots.map(() => folderOf({})));
    const reports = await Promise.all(
      roots.map((root, index) =>
        pool.build({ root, outputDir: outputs[index] }),
      ),
    );
    expect(reports.map(report => report.pages)).toEqual(Array(6).fill(30));
    expect(
      await fs.readFile(path.join(outputs[5], 'page-29/index.html'), 'utf8'),
    ).toContain('Page 29');
  }, 60_000);

  it('passes on what stops a build, with its problems', async () => {
    const root = await folderOf({ 'mkdocs.yml': 'site_name: "x\n' });
    await expect(pool.build({ root })).rejects.toMatchObject({
      name: 'DocsBuildError',
      problems: [expect.objectContaining({ file: 'mkdocs.yml' })],
    });
  }, 60_000);

  it('can be cancelled', async () => {
    const root = await folderOf(pages(200));
    const cancel = new AbortController();
    const build = pool.build({ root }, cancel.signal);
    cancel.abort();
    await expect(build).rejects.toThrow(/abort/i);
  }, 60_000);

  it('ends its threads when there is nothing to do, and starts them again', async () => {
    const root = await folderOf(pages(2));
    const quiet = new RenderPool({ idleMilliseconds: 10 });
    await quiet.build({ root });
    while (quiet.threads > 0) {
      await new Promise(resolve => setTimeout(resolve, 20));
    }
    expect((await quiet.build({ root })).pages).toBe(2);
    await quiet.close();
    expect(quiet.threads).toBe(0);
    await expect(quiet.build({ root })).rejects.toThrow('stopped');
  }, 60_000);

  it('a page that does not end costs its own site only', async () => {
    const [slow, other] = await Promise.all([
      folderOf(pages(3)),
      folderOf(pages(60)),
    ]);
    // Long enough to be seen by the watch, which looks twice a second
    await fs.writeFile(
      path.join(slow, 'docs/endless.md'),
      '*a_ [b](c) `d` <e> '.repeat(90_000),
    );
    const builds = [
      pool.build({ root: slow, limits: { pageMilliseconds: 200 } }),
      pool.build({ root: other }),
    ];
    await expect(builds[0]).rejects.toMatchObject({
      name: 'DocsBuildError',
      problems: [
        expect.objectContaining({ code: 'limit-reached', file: 'endless.md' }),
      ],
    });
    expect((await builds[1]).pages).toBe(60);
  }, 120_000);

  it('a page that takes all memory costs its own site only', async () => {
    const small = new RenderPool({ threads: 1, memoryMegabytes: 64 });
    const [greedy, other] = await Promise.all([
      folderOf({
        'docs/index.md': '# A\n',
        'docs/greedy.md': '*a_ [b](c) `d` <e> '.repeat(100_000),
      }),
      folderOf(pages(5)),
    ]);
    const builds = [
      small.build({ root: greedy }),
      small.build({ root: other }),
    ];
    await expect(builds[0]).rejects.toMatchObject({
      name: 'DocsBuildError',
      problems: [
        expect.objectContaining({
          message: 'The page takes more memory than it may.',
          file: 'greedy.md',
        }),
      ],
    });
    expect((await builds[1]).pages).toBe(5);
    await small.close();
  }, 120_000);
});
