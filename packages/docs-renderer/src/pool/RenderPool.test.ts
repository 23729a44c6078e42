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
});
