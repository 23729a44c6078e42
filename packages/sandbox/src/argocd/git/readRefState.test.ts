import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { devNull, tmpdir } from 'node:os';
import { join } from 'node:path';
import { readRefState } from './readRefState';

describe('readRefState', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ref-state-'));
  const git = (...args: string[]) =>
    execFileSync(
      'git',
      ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', ...args],
      { cwd: folder, encoding: 'utf8', stdio: 'pipe' },
    ).trim();
  const commit = (message: string) =>
    git(
      'commit-tree',
      git('hash-object', '-t', 'tree', '-w', devNull),
      '-m',
      message,
    );

  afterAll(() => rmSync(folder, { recursive: true }));

  it('is another one after every change of a ref, and after nothing else', async () => {
    expect(await readRefState(folder)).toBeUndefined();
    git('init', '--quiet', '--bare', '.');
    const seen = new Set<string>();
    const changes = [
      () => git('symbolic-ref', 'HEAD', 'refs/heads/main'),
      () => git('update-ref', 'refs/heads/main', commit('one')),
      () => git('update-ref', 'refs/heads/main', commit('two')),
      () => git('tag', '-a', 'v1', '-m', 'One', 'main'),
      () => git('update-ref', 'refs/heads/feature/a', commit('three')),
      () => git('pack-refs', '--all'),
      () => git('update-ref', '-d', 'refs/heads/feature/a'),
      () => git('symbolic-ref', 'HEAD', 'refs/heads/other'),
    ];
    for (const change of changes) {
      change();
      const state = await readRefState(folder);
      expect(state).toEqual(expect.any(String));
      expect(seen).not.toContain(state);
      seen.add(state!);
      git('gc', '--auto', '--quiet');
      commit('of no branch');
      expect(await readRefState(folder)).toBe(state);
    }
  });
});
