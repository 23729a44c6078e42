import { randomBytes } from 'node:crypto';
import { eventually } from '../testUtils/eventually';
import { forgeFailureOf } from './errors';
import type { GitForge } from './GitForge';
import type { FileChange } from './types';

/** What a call ends with, told apart by the kind of failure. */
async function failureOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'none';
  } catch (error) {
    return forgeFailureOf(error)?.type ?? String(error);
  }
}

/**
 * What every forge has to do for {@link GitForge}, written from the contract of the interface and not from one make.
 *
 * @param options - `owner` is an organisation that the client may create repositories in. `runsWorkflows` says whether
 * a push to a repository with a workflow is run.
 */
export function testGitForge(options: {
  create: () => Promise<GitForge>;
  owner: string;
  runsWorkflows: boolean;
}) {
  const run = randomBytes(4).toString('hex');
  const author = { name: 'Maya Okafor', email: 'maya@example.com' };
  const { owner } = options;
  let forge: GitForge;

  const ref = (name: string) => ({ owner, name: `${name}-${run}` });
  const create = async (name: string) => {
    await forge.createRepository({ repository: ref(name) });
    return ref(name);
  };
  const commit = (
    name: string,
    branch: string,
    files: Record<string, string>,
    more: { from?: string; expectedBase?: string; message?: string } = {},
  ) =>
    forge.commitFiles({
      repository: ref(name),
      branch,
      message: 'Change files',
      author,
      changes: Object.entries(files).map(([path, content]) => ({
        path,
        content,
      })),
      ...more,
    });
  const read = async (name: string, path: string, at = 'main') =>
    (await forge.findFile(ref(name), path, { ref: at }))?.content.toString();

  beforeAll(async () => {
    forge = await options.create();
  });

  afterAll(async () => {
    await forge.close();
  });

  it('knows who it is and where it is', async () => {
    expect(await forge.upstream.probe()).toMatchObject({ authenticated: true });
    expect(forge.upstream.health()).toMatchObject({ breaker: 'closed' });
  });

  describe('repositories', () => {
    it('removes one for good, and one that is gone is no error', async () => {
      const gone = await create('gone');
      await forge.deleteRepository(gone);
      expect(await forge.findRepository(gone)).toBe(undefined);
      await forge.deleteRepository(gone);
    });

    it('creates one with a first commit, and finds it by its URL', async () => {
      const made = await forge.createRepository({
        repository: ref('made'),
        description: 'Made by a test',
        private: true,
      });
      expect(made).toMatchObject({
        ...ref('made'),
        description: 'Made by a test',
        private: true,
        archived: false,
        defaultBranch: 'main',
      });
      expect(forge.parseUrl(made.url)).toEqual(ref('made'));
      expect(forge.parseUrl(made.cloneUrl)).toEqual(ref('made'));
      expect(forge.parseUrl(`${made.url}/src/branch/main/a/b.txt`)).toEqual(
        ref('made'),
      );
      expect(forge.parseUrl('https://elsewhere.example.com/a/b')).toBe(
        undefined,
      );
      expect(await forge.findRepository(ref('made'))).toEqual(made);
      expect(await forge.findBranch(ref('made'), 'main')).toMatch(
        /^[0-9a-f]{40}$/,
      );
      const commits = await forge.listCommits(ref('made'));
      expect(commits).toHaveLength(1);
    });

    it('searches the repositories of an account', async () => {
      await create('find-orders');
      await create('find-payments');
      const search = async (text: string, limit?: number) =>
        (
          await eventually(
            () => forge.searchRepositories(owner, { text, limit }),
            // GitHub knows of a new one after a moment
            found => found.length > 0,
          )
        ).map(({ name }) => name);
      expect(await search(`find-orders-${run}`)).toEqual([
        `find-orders-${run}`,
      ]);
      expect(await search('find-', 1)).toHaveLength(1);
      const none = { text: 'user:somebody' };
      expect(await forge.searchRepositories(owner, none)).toEqual([]);
      expect(await forge.searchRepositories(`no-${run}`)).toEqual([]);
    });

    it('refuses a second of the name', async () => {
      await create('twice');
      expect(
        await failureOf(forge.createRepository({ repository: ref('twice') })),
      ).toBe('repository-exists');
    });

    it('says what is not there', async () => {
      await create('missing');
      const repository = ref('missing');
      expect(await forge.findRepository(ref('nowhere'))).toBe(undefined);
      expect(await forge.findBranch(repository, 'none')).toBe(undefined);
      expect(await forge.findBranch(ref('nowhere'), 'main')).toBe(undefined);
      expect(await forge.findFile(repository, 'none.txt')).toBe(undefined);
      expect(
        await forge.findFile(repository, 'README.md', { ref: 'none' }),
      ).toBe(undefined);
      expect(await forge.findTree(repository, { ref: 'none' })).toBe(undefined);
      expect(await forge.findTree(ref('nowhere'))).toBe(undefined);
      expect(await forge.findPullRequest(repository, 999)).toBe(undefined);
      await expect(
        forge.listCommits(repository, { ref: 'none' }),
      ).rejects.toMatchObject({ code: 'not-found' });
      await expect(
        forge.compare(repository, 'main', 'none'),
      ).rejects.toMatchObject({ code: 'not-found' });
      await expect(
        forge.createRepository({
          repository: { owner: `nobody-${run}`, name: 'x' },
        }),
      ).rejects.toMatchObject({ code: 'not-found' });
    });
  });

  describe('commits', () => {
    it('writes many files at once: new ones, changed ones, removed ones, bytes and odd names', async () => {
      await create('many');
      const first = await commit('many', 'main', {
        'keep.txt': 'keep\n',
        'change.txt': 'old\n',
        'remove.txt': 'remove\n',
      });
      const bytes = Buffer.from([0, 1, 2, 253, 254, 255]);
      const changes: FileChange[] = [
        { path: 'change.txt', content: 'new\n' },
        { path: 'remove.txt', delete: true },
        { path: 'a folder/ä %20 #?.txt', content: 'Größe ✓\n' },
        { path: 'bytes.bin', content: bytes },
        { path: 'empty.txt', content: '' },
      ];
      const second = await forge.commitFiles({
        repository: ref('many'),
        branch: 'main',
        expectedBase: first.sha,
        message: 'Many at once\n\nWith a body.',
        author,
        changes,
      });
      expect(second).toMatchObject({ base: first.sha, branch: 'main' });
      expect(await forge.findBranch(ref('many'), 'main')).toBe(second.sha);

      const tree = await forge.findTree(ref('many'), { ref: 'main' });
      expect(tree).toMatchObject({ commit: second.sha, truncated: false });
      expect(
        tree!.entries
          .filter(({ type }) => type === 'file')
          .map(({ path }) => path)
          .sort(),
      ).toEqual([
        'README.md',
        'a folder/ä %20 #?.txt',
        'bytes.bin',
        'change.txt',
        'empty.txt',
        'keep.txt',
      ]);
      expect(tree!.entries).toContainEqual(
        expect.objectContaining({ path: 'bytes.bin', size: 6 }),
      );
      expect(await read('many', 'a folder/ä %20 #?.txt')).toBe('Größe ✓\n');
      expect(await read('many', 'change.txt', first.sha)).toBe('old\n');
      expect(await read('many', 'empty.txt')).toBe('');
      const file = await forge.findFile(ref('many'), 'bytes.bin');
      expect(file!.content).toEqual(bytes);

      const [newest] = await forge.listCommits(ref('many'), { limit: 1 });
      expect(newest).toMatchObject({
        sha: second.sha,
        author,
        parents: [first.sha],
      });
      expect(newest.message.trim()).toBe('Many at once\n\nWith a body.');
      expect(Number.isNaN(Date.parse(newest.authoredAt))).toBe(false);
      const ofOne = await forge.listCommits(ref('many'), { path: 'keep.txt' });
      expect(ofOne.map(({ sha }) => sha)).toEqual([first.sha]);
    });

    it('takes a new branch from another', async () => {
      await create('branches');
      const base = await forge.findBranch(ref('branches'), 'main');
      const made = await commit(
        'branches',
        'feature/new',
        { 'x.txt': 'x' },
        { from: 'main', expectedBase: base },
      );
      expect(made).toMatchObject({ base, branch: 'feature/new' });
      expect(await forge.findBranch(ref('branches'), 'feature/new')).toBe(
        made.sha,
      );
      expect(await forge.findBranch(ref('branches'), 'main')).toBe(base);
      expect(await read('branches', 'x.txt', 'feature/new')).toBe('x');
      expect(
        await failureOf(
          commit('branches', 'feature/new', { 'y.txt': 'y' }, { from: 'main' }),
        ),
      ).toBe('branch-exists');
    });

    it('writes nothing if the branch has moved, and says where it is', async () => {
      await create('moved');
      const seen = await forge.findBranch(ref('moved'), 'main');
      const other = await commit('moved', 'main', { 'other.txt': 'other' });
      const error = await commit(
        'moved',
        'main',
        { 'mine.txt': 'mine' },
        { expectedBase: seen },
      ).catch(reason => reason);
      expect(forgeFailureOf(error)).toEqual({
        type: 'branch-moved',
        branch: 'main',
        expected: seen,
        actual: other.sha,
      });
      expect(error).toMatchObject({ code: 'conflict' });
      expect(error.message).toContain(other.sha);
      expect(await forge.findBranch(ref('moved'), 'main')).toBe(other.sha);
    });

    it('lists more than one page, newest first, and compares', async () => {
      await create('pages');
      const base = await forge.findBranch(ref('pages'), 'main');
      const shas = [];
      for (let number = 0; number < 12; number++) {
        const { sha } = await commit('pages', 'main', { 'n.txt': `${number}` });
        shas.unshift(sha);
      }
      const listed = await forge.listCommits(ref('pages'), { limit: 200 });
      expect(listed.map(({ sha }) => sha)).toEqual([...shas, base]);
      expect(await forge.listCommits(ref('pages'), { limit: 2 })).toHaveLength(
        2,
      );
      const compared = await forge.compare(ref('pages'), base!, 'main');
      expect(compared.totalCommits).toBe(12);
      expect(compared.commits[0].sha).toBe(shas[0]);
      const same = await forge.compare(ref('pages'), 'main', 'main');
      expect(same).toEqual({ commits: [], totalCommits: 0 });
    });

    it.each(['../up.txt', '/root.txt', '.git/config', 'a/../b.txt'])(
      'refuses the path %s',
      async path => {
        if (!(await forge.findRepository(ref('paths')))) {
          await create('paths');
        }
        const head = await forge.findBranch(ref('paths'), 'main');
        await expect(
          commit('paths', 'main', { [path]: 'x' }),
        ).rejects.toBeInstanceOf(Error);
        expect(await forge.findBranch(ref('paths'), 'main')).toBe(head);
      },
    );
  });

  describe('pull requests', () => {
    it('opens one and merges it at once, and a second time without harm', async () => {
      await create('merge');
      const change = await commit(
        'merge',
        'change',
        { 'x.txt': 'x' },
        { from: 'main' },
      );
      const opened = await forge.openPullRequest({
        repository: ref('merge'),
        title: 'Add x',
        body: 'It was missing.',
        head: 'change',
        base: 'main',
      });
      expect(opened).toMatchObject({
        title: 'Add x',
        body: 'It was missing.',
        state: 'open',
        head: { branch: 'change', sha: change.sha },
        base: { branch: 'main' },
      });
      const { number } = opened;
      expect(
        await failureOf(
          forge.openPullRequest({
            repository: ref('merge'),
            title: 'Again',
            head: 'change',
            base: 'main',
          }),
        ),
      ).toBe('pull-request-exists');
      expect(
        await forge.listPullRequests(ref('merge'), { head: 'change' }),
      ).toHaveLength(1);
      expect(
        await forge.listPullRequests(ref('merge'), { head: 'other' }),
      ).toHaveLength(0);

      const merged = await forge.mergePullRequest({
        repository: ref('merge'),
        number,
        title: 'Merge x',
        message: 'As agreed.',
      });
      expect(merged).toMatchObject({ number, state: 'merged' });
      const head = await forge.findBranch(ref('merge'), 'main');
      expect(merged.mergeCommit).toBe(head);
      expect(await read('merge', 'x.txt')).toBe('x');
      const [newest] = await forge.listCommits(ref('merge'));
      expect(newest.message).toContain('Merge x');
      expect(newest.parents).toHaveLength(2);

      const again = await forge.mergePullRequest({
        repository: ref('merge'),
        number,
      });
      expect(again).toMatchObject({ state: 'merged', mergeCommit: head });
      expect(await forge.listPullRequests(ref('merge'))).toHaveLength(0);
      expect(
        await forge.listPullRequests(ref('merge'), { state: 'all' }),
      ).toHaveLength(1);
    });

    it('squashes, right after the second commit of two', async () => {
      await create('squash');
      await commit('squash', 'change', { 'x.txt': '1' }, { from: 'main' });
      await commit('squash', 'change', { 'x.txt': '2' });
      const { number } = await forge.openPullRequest({
        repository: ref('squash'),
        title: 'Two in one',
        head: 'change',
        base: 'main',
      });
      await forge.mergePullRequest({
        repository: ref('squash'),
        number,
        method: 'squash',
      });
      const commits = await forge.listCommits(ref('squash'));
      expect(commits).toHaveLength(2);
      expect(commits[0].parents).toHaveLength(1);
      expect(await read('squash', 'x.txt')).toBe('2');
    });

    it('merges no conflict, no head that moved, and nothing without a change', async () => {
      await create('refuse');
      const repository = ref('refuse');
      const one = await commit(
        'refuse',
        'one',
        { 'README.md': 'one' },
        { from: 'main' },
      );
      const open = (head: string) =>
        forge.openPullRequest({ repository, title: head, head, base: 'main' });
      const { number } = await open('one');
      await commit('refuse', 'one', { 'more.txt': 'more' });
      // The forge hears of its own branches a moment later.
      await eventually(
        () => forge.findPullRequest(repository, number),
        pull => pull!.head.sha !== one.sha,
      );
      expect(
        await failureOf(
          forge.mergePullRequest({
            repository,
            number,
            expectedHead: one.sha,
          }),
        ),
      ).toBe('head-moved');

      await commit('refuse', 'main', { 'README.md': 'main' });
      expect(
        await failureOf(forge.mergePullRequest({ repository, number })),
      ).toBe('not-mergeable');
      const main = await forge.findBranch(repository, 'main');
      expect((await forge.findPullRequest(repository, number))!.state).toBe(
        'open',
      );
      expect(await forge.findBranch(repository, 'main')).toBe(main);
      expect(await failureOf(open('main'))).toBe('no-changes');
      await expect(open('none')).rejects.toMatchObject({ code: 'not-found' });
    });
  });

  it('has no commits in an empty repository, and takes the first one', async () => {
    const repository = ref('empty');
    await forge.createRepository({ repository, initialize: false });
    expect(await forge.listCommits(repository)).toEqual([]);
    expect(await forge.findTree(repository)).toBe(undefined);
    expect(await forge.findBranch(repository, 'main')).toBe(undefined);
    expect(await forge.findFile(repository, 'x.txt')).toBe(undefined);
    const first = await commit('empty', 'main', { 'x.txt': 'x' });
    expect(first.base).toBe(undefined);
    expect(await read('empty', 'x.txt')).toBe('x');
  });

  it('is refused with a wrong path to nothing of others', async () => {
    await expect(
      forge.findRepository({ owner, name: '../x' }),
    ).rejects.toMatchObject({ name: 'InputError' });
    await expect(
      forge.findFile(ref('made'), '../../../version'),
    ).rejects.toMatchObject({ name: 'InputError' });
  });

  it('reads the runs of the CI', async () => {
    await create('ci');
    const before = await forge.listWorkflowRuns(ref('ci'), {
      sha: '0'.repeat(40),
    });
    expect(before).toEqual([]);
    if (!options.runsWorkflows) {
      return;
    }
    const { sha } = await commit('ci', 'main', {
      '.gitea/workflows/ci.yaml':
        'name: ci\non: push\njobs:\n  test:\n    steps:\n      - run: make test\n',
    });
    const [latest] = await eventually(
      () => forge.listWorkflowRuns(ref('ci'), { branch: 'main', sha }),
      runs => runs[0]?.status === 'completed',
    );
    expect(latest).toMatchObject({
      sha,
      branch: 'main',
      event: 'push',
      workflow: 'ci.yaml',
      status: 'completed',
      conclusion: 'success',
    });
    expect(Date.parse(latest.completedAt!)).toBeGreaterThanOrEqual(
      Date.parse(latest.startedAt!),
    );
    const jobs = await forge.listWorkflowJobs(ref('ci'), latest.id);
    expect(jobs).toMatchObject([
      { name: 'test', status: 'completed', conclusion: 'success' },
    ]);
    expect(jobs[0].steps.length).toBeGreaterThan(0);
    expect(
      await failureCodeOf(forge.listWorkflowJobs(ref('ci'), latest.id + 999)),
    ).toBe('not-found');
  }, 30_000);
}

async function failureCodeOf(
  call: Promise<unknown>,
): Promise<string | undefined> {
  return call.then(
    () => undefined,
    error => error.code,
  );
}
