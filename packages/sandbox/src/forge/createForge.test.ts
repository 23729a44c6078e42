import { createHmac, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PushEvent } from './Forge';
import { ForgeServer, git, TOKEN, until } from './testUtils/ForgeServer';

const AUTHOR = { name: 'Maya Okafor', email: 'maya.okafor@fernway.example' };

// Real processes on a machine that may be busy.
jest.setTimeout(60_000);

let server: ForgeServer;
let work: string;

beforeAll(async () => {
  server = await ForgeServer.start();
  work = await mkdtemp(join(tmpdir(), 'forge-work-'));
});

afterAll(async () => {
  await server.remove();
  await rm(work, { recursive: true, force: true });
});

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

async function createRepository(name: string, files?: Record<string, string>) {
  await server.forge.createRepository({ owner: 'fernway', name });
  return server.forge.commitFiles({
    owner: 'fernway',
    name,
    branch: 'main',
    message: 'Start\n',
    author: AUTHOR,
    files: files ?? { 'README.md': `# ${name}\n` },
  });
}

describe('git over HTTP', () => {
  it('clones, pushes with a token, and tells of the push', async () => {
    const before = await createRepository('clone-me');
    const pushes: PushEvent[] = [];
    const stop = server.forge.onPush(push => pushes.push(push));
    const folder = join(work, 'clone-me');
    await git(
      work,
      'clone',
      server.cloneUrl('fernway/clone-me', `maya.okafor:${TOKEN}@`),
    );
    await writeFile(join(folder, 'new.txt'), 'new\n');
    await git(folder, 'add', '.');
    await git(folder, 'commit', '-m', 'Add a file');
    await git(folder, 'push', 'origin', 'main');
    await git(folder, 'tag', '-a', 'v1', '-m', 'One');
    await git(folder, 'push', 'origin', 'v1', 'main:feature/x');
    stop();

    const head = (await git(folder, 'rev-parse', 'HEAD')).trim();
    expect(pushes).toEqual([
      {
        owner: 'fernway',
        name: 'clone-me',
        ref: 'refs/heads/main',
        branch: 'main',
        before,
        after: head,
        pusher: 'maya.okafor',
      },
      expect.objectContaining({ ref: 'refs/tags/v1', branch: undefined }),
      expect.objectContaining({ branch: 'feature/x', after: head }),
    ]);
    const branch = await server.call(
      'GET',
      '/repos/fernway/clone-me/branches/feature/x',
    );
    expect(branch.body.commit).toMatchObject({
      id: head,
      message: 'Add a file\n',
      author: { username: 'maya.okafor' },
    });
  });

  it('speaks the old protocol, shallow clones and big pushes in pieces', async () => {
    await createRepository('protocols');
    const url = server.cloneUrl('fernway/protocols', `${TOKEN}@`);
    await git(work, '-c', 'protocol.version=0', 'clone', url, 'old');
    await git(work, 'clone', '--depth=1', url, 'shallow');
    const folder = join(work, 'old');
    // More than git's http.postBuffer: it probes, and then sends chunks.
    await writeFile(join(folder, 'big.bin'), randomBytes(2_000_000));
    await git(folder, 'add', '.');
    await git(folder, 'commit', '-m', 'Big');
    await git(folder, '-c', 'http.postBuffer=1', 'push', 'origin', 'main');
    await git(join(work, 'shallow'), 'pull');
    expect(await readFile(join(work, 'shallow', 'big.bin'))).toEqual(
      await readFile(join(folder, 'big.bin')),
    );
  });

  it('needs credentials for pushes and private repositories, and keeps protected branches', async () => {
    await createRepository('guarded');
    await server.call('PATCH', '/repos/fernway/guarded', { private: true });
    const anonymous = server.cloneUrl('fernway/guarded');
    await expect(git(work, 'clone', anonymous, 'no')).rejects.toThrow(
      'could not read Username',
    );
    await expect(
      git(work, 'clone', server.cloneUrl('fernway/guarded', 'x:wrong@'), 'no'),
    ).rejects.toThrow('Authentication failed');
    await expect(
      git(work, 'clone', server.cloneUrl('fernway/none', `${TOKEN}@`), 'no'),
    ).rejects.toThrow('not found');

    const folder = join(work, 'guarded');
    await git(work, 'clone', server.cloneUrl('fernway/guarded', `${TOKEN}@`));
    await expect(git(folder, 'push', 'origin', ':main')).rejects.toThrow(
      'branch is protected from deletion',
    );
    await expect(
      git(folder, 'push', 'origin', 'HEAD:refs/pull/1/head'),
    ).rejects.toThrow('hidden ref');

    await server.call('PATCH', '/repos/fernway/guarded', { private: false });
    await git(work, 'clone', anonymous, 'public');
    await expect(
      git(join(work, 'public'), 'push', 'origin', 'main:other'),
    ).rejects.toThrow('could not read Username');
    const reply = await fetch(
      `${anonymous}/info/refs?service=git-receive-pack`,
    );
    expect(reply.status).toBe(401);
    expect(reply.headers.get('www-authenticate')).toBe('Basic realm="Gitea"');
  });
});

describe('the REST API', () => {
  it('makes a repository with a first commit, and refuses a second of the name', async () => {
    const made = await server.call('POST', '/orgs/fernway/repos', {
      name: 'made',
      description: 'By a test',
      auto_init: true,
      default_branch: 'trunk',
    });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      full_name: 'fernway/made',
      default_branch: 'trunk',
      clone_url: `${server.url}/fernway/made.git`,
      html_url: `${server.url}/fernway/made`,
      permissions: { push: true },
    });
    const again = await server.call('POST', '/orgs/fernway/repos', {
      name: 'MADE',
    });
    expect(again).toMatchObject({
      status: 409,
      body: {
        message: 'The repository with the same name already exists.',
        url: `${server.url}/api/swagger`,
      },
    });
    const readme = await server.call(
      'GET',
      '/repos/fernway/made/contents/README.md',
    );
    expect(readme.body).toMatchObject({
      encoding: 'base64',
      content: base64('# made\n\nBy a test'),
      html_url: `${server.url}/fernway/made/src/branch/trunk/README.md`,
    });
  });

  it.each([
    ['names', '/orgs/fernway/repos', { name: '../x' }, 422],
    ['names', '/orgs/fernway/repos', { name: 'x.git' }, 422],
    ['names', '/orgs/fernway/repos', {}, 422],
    ['owners', '/orgs/nobody/repos', { name: 'x' }, 404],
    ['owners', '/orgs', { username: 'api' }, 422],
  ])('refuses bad %s: POST %s %j', async (_what, path, body, status) => {
    const answer = await server.call('POST', path, body);
    expect(answer.status).toBe(status);
    expect(typeof answer.body.message).toBe('string');
  });

  it('writes many files in one commit, or none', async () => {
    await createRepository('many', { 'a.txt': 'a\n', 'b.txt': 'b\n' });
    const path = '/repos/fernway/many/contents';
    const a = await server.call('GET', `${path}/a.txt`);
    const files = [
      {
        operation: 'update',
        path: 'a.txt',
        content: base64('A\n'),
        sha: a.body.sha,
      },
      { operation: 'delete', path: 'b.txt' },
      { operation: 'create', path: 'dir/c d.txt', content: base64('c\n') },
    ];
    const stale = await server.call('POST', path, {
      files: [{ ...files[0], sha: '1'.repeat(40) }, files[1]],
    });
    expect(stale.status).toBe(422);
    expect(stale.body.message).toContain('sha does not match');

    const done = await server.call('POST', path, {
      branch: 'main',
      message: 'Three at once',
      author: { name: 'Somebody', email: 'somebody@example.com' },
      files,
    });
    expect(done.status).toBe(201);
    expect(done.body.commit).toMatchObject({
      message: 'Three at once\n',
      author: { name: 'Somebody' },
    });
    const tree = await server.call(
      'GET',
      '/repos/fernway/many/git/trees/main?recursive=true',
    );
    expect(tree.body.tree.map((entry: { path: string }) => entry.path)).toEqual(
      ['a.txt', 'dir', 'dir/c d.txt'],
    );
    const commits = await server.call('GET', '/repos/fernway/many/commits');
    expect(commits.body).toHaveLength(2);
  });

  it.each([
    '../up.txt',
    '/etc/passwd',
    '.git/config',
    'a/.GIT/hooks/post-receive',
    'a//b',
    'a/./b',
    'back\\slash',
    'new\nline',
  ])('refuses the path %j', async path => {
    await createRepository('paths').catch(() => {});
    const answer = await server.call('POST', '/repos/fernway/paths/contents', {
      files: [{ operation: 'create', path, content: base64('x') }],
    });
    expect(answer.status).toBe(422);
  });

  it('refuses names of refs that git could take for options, and huge files', async () => {
    await createRepository('refused');
    for (const name of ['--output=/tmp/x', 'a..b', 'a b', '-x', 'x.lock']) {
      const answer = await server.call(
        'POST',
        '/repos/fernway/refused/branches',
        { new_branch_name: name },
      );
      expect(answer.status).toBe(422);
      const read = await server.call(
        'GET',
        `/repos/fernway/refused/commits?sha=${encodeURIComponent(name)}`,
      );
      expect(read.status).toBe(404);
    }
    const huge = await server.call(
      'POST',
      '/repos/fernway/refused/contents/huge.bin',
      { content: Buffer.alloc(11 * 1024 * 1024).toString('base64') },
    );
    expect(huge.status).toBe(413);
  });

  it('pages lists as Gitea does', async () => {
    await createRepository('paged');
    for (const number of [1, 2, 3]) {
      await server.forge.commitFiles({
        owner: 'fernway',
        name: 'paged',
        branch: 'main',
        message: `Commit ${number}`,
        author: AUTHOR,
        date: new Date(`2026-01-0${number}T00:00:00Z`),
        files: { [`${number}.txt`]: 'x' },
      });
    }
    const path = `/repos/fernway/paged/commits`;
    const answer = await server.call('GET', `${path}?limit=2&page=2`);
    expect(answer.headers.get('x-total-count')).toBe('4');
    expect(answer.headers.get('link')).toBe(
      `<${server.url}/api/v1${path}?limit=2&page=1>; rel="first",<${server.url}/api/v1${path}?limit=2&page=1>; rel="prev"`,
    );
    expect(answer.body[0].commit).toMatchObject({
      message: 'Commit 1',
      author: { date: '2026-01-01T00:00:00Z' },
    });
    const one = await server.call('GET', `${path}?path=2.txt`);
    expect(one.body).toHaveLength(1);
  });

  it('opens and merges a pull request, and says when it cannot', async () => {
    await createRepository('pulls');
    const repo = '/repos/fernway/pulls';
    const write = (branch: string, content: string) =>
      server.forge.commitFiles({
        owner: 'fernway',
        name: 'pulls',
        branch,
        message: content,
        author: AUTHOR,
        files: { 'README.md': content },
      });
    await write('one', 'one\n');
    await write('two', 'two\n');
    const open = (head: string) =>
      server.call('POST', `${repo}/pulls`, {
        title: head,
        head,
        base: 'main',
      });
    const first = await open('one');
    expect(first).toMatchObject({
      status: 201,
      body: { number: 1, state: 'open', merged: false, changed_files: 1 },
    });
    expect((await open('one')).status).toBe(409);
    expect((await open('none')).status).toBe(404);
    expect((await open('main')).status).toBe(422);
    await open('two');
    const mergeable = (number: number) =>
      until(
        () => server.call('GET', `${repo}/pulls/${number}`),
        ({ body }) => body.mergeable,
      );
    await mergeable(2);

    await mergeable(1);
    const stale = await server.call('POST', `${repo}/pulls/1/merge`, {
      Do: 'merge',
      head_commit_id: '1'.repeat(40),
    });
    expect(stale.status).toBe(409);
    const merged = await server.call('POST', `${repo}/pulls/1/merge`, {
      Do: 'merge',
      MergeTitleField: 'Merge one',
      delete_branch_after_merge: true,
    });
    expect(merged.status).toBe(200);
    const after = await server.call('GET', `${repo}/pulls/1`);
    const main = await server.call('GET', `${repo}/branches/main`);
    expect(after.body).toMatchObject({
      state: 'closed',
      merged: true,
      merge_commit_sha: main.body.commit.id,
      merged_by: { login: 'waystone' },
    });
    expect((await server.call('GET', `${repo}/branches/one`)).status).toBe(404);

    const conflict = await server.call('GET', `${repo}/pulls/2`);
    expect(conflict.body.mergeable).toBe(false);
    const refused = await server.call('POST', `${repo}/pulls/2/merge`, {
      Do: 'squash',
    });
    expect(refused.status).toBe(405);
    const diff = await fetch(`${server.url}/fernway/pulls/pulls/1.diff`);
    expect(await diff.text()).toContain('+one');
  });

  it('answers nobody who may not ask', async () => {
    const create = { name: 'anonymous' };
    const nobody = await server.call('POST', '/user/repos', create, {});
    expect(nobody).toMatchObject({
      status: 401,
      body: { message: 'token is required' },
    });
    const wrong = await server.call('GET', '/user', undefined, {
      Authorization: 'token wrong',
    });
    expect(wrong).toMatchObject({
      status: 401,
      body: { message: 'invalid username, password or token' },
    });
    for (const header of [
      `Bearer ${TOKEN}`,
      `Basic ${base64(`maya.okafor:${TOKEN}`)}`,
      `basic ${base64(`${TOKEN}:`)}`,
    ]) {
      const { status } = await server.call('GET', '/user', undefined, {
        Authorization: header,
      });
      expect(status).toBe(200);
    }
  });

  it('tells webhooks of a push, signed', async () => {
    await createRepository('hooked');
    const received = new Promise<{ signature: unknown; body: string }>(
      resolve => {
        const receiver = createServer((req, res) => {
          const chunks: Buffer[] = [];
          req.on('data', chunk => chunks.push(chunk));
          req.on('end', () => {
            res.end();
            receiver.close();
            resolve({
              signature: req.headers['x-gitea-signature'],
              body: Buffer.concat(chunks).toString(),
            });
          });
        });
        receiver.listen(0, '127.0.0.1', () => {
          const { port } = receiver.address() as AddressInfo;
          void server
            .call('POST', '/repos/fernway/hooked/hooks', {
              type: 'gitea',
              active: true,
              events: ['push'],
              config: { url: `http://127.0.0.1:${port}/`, secret: 'shared' },
            })
            .then(() =>
              server.call('POST', '/repos/fernway/hooked/contents/x.txt', {
                content: base64('x'),
                message: 'Add x',
              }),
            );
        });
      },
    );
    const { signature, body } = await received;
    expect(signature).toBe(
      createHmac('sha256', 'shared').update(body).digest('hex'),
    );
    expect(JSON.parse(body)).toMatchObject({
      ref: 'refs/heads/main',
      repository: { full_name: 'fernway/hooked' },
      commits: [{ message: 'Add x\n' }],
      pusher: { login: 'waystone' },
    });
  });
});

describe('a system webhook', () => {
  it('is told of pushes to every repository, and not of what is seeded', async () => {
    const told: { ref: string; repository: { full_name: string } }[] = [];
    const receiver = createServer((req, res) => {
      const chunks: Buffer[] = [];
      req.on('data', chunk => chunks.push(chunk));
      req.on('end', () => {
        const body = Buffer.concat(chunks).toString();
        const digest = createHmac('sha256', 'shared').update(body);
        if (req.headers['x-gitea-signature'] === digest.digest('hex')) {
          told.push(JSON.parse(body));
        }
        res.end();
      });
    });
    await new Promise<void>(resolve => {
      receiver.listen(0, '127.0.0.1', resolve);
    });
    const { port } = receiver.address() as AddressInfo;
    const other = await ForgeServer.start(undefined, {
      url: `http://127.0.0.1:${port}/`,
      secret: 'shared',
    });
    const author = {
      name: 'Maya Okafor',
      email: 'maya.okafor@fernway.example',
    };
    const commit = { message: 'Add a', author, files: { 'a.txt': 'a' } };
    try {
      for (const name of ['one', 'two']) {
        await other.forge.createRepository({ owner: 'fernway', name });
        await other.forge.commitHistory({
          owner: 'fernway',
          name,
          commits: [{ ...commit, date: new Date() }],
        });
        await other.forge.commitFiles({
          owner: 'fernway',
          name,
          branch: 'main',
          ...commit,
          files: { 'b.txt': 'b' },
        });
      }
    } finally {
      // Ends when all have been told
      await other.stop();
      receiver.closeAllConnections();
      await new Promise(resolve => {
        receiver.close(resolve);
      });
    }
    expect(
      told
        .map(({ ref, repository }) => `${repository.full_name} ${ref}`)
        .sort(),
    ).toEqual(['fernway/one refs/heads/main', 'fernway/two refs/heads/main']);
  });
});

describe('the simulated CI', () => {
  it('runs on each push, as the workflow says, and fails when the commit asks for it', async () => {
    await createRepository('ci', {
      '.gitea/workflows/ci.yaml':
        'name: ci\non: [push]\njobs:\n  check:\n    steps:\n      - name: Lint\n      - run: make test\n',
    });
    const path = '/repos/fernway/ci/actions/runs';
    const done = (number: number) =>
      until(
        () => server.call('GET', path),
        ({ body }) =>
          body.workflow_runs[0]?.run_number === number &&
          body.workflow_runs[0].status === 'completed',
      );
    const good = await done(1);
    expect(good.body.workflow_runs[0]).toMatchObject({
      conclusion: 'success',
      head_branch: 'main',
      event: 'push',
      display_title: 'Start',
      path: 'ci.yaml@refs/heads/main',
    });
    const sha = await server.forge.commitFiles({
      owner: 'fernway',
      name: 'ci',
      branch: 'main',
      message: 'Break it\n\nCI-Result: failure\n',
      author: AUTHOR,
      files: { 'x.txt': 'x' },
    });
    const bad = await done(2);
    const [run] = bad.body.workflow_runs;
    expect(run).toMatchObject({ conclusion: 'failure', head_sha: sha });
    const { body: jobs } = await server.call('GET', `${path}/${run.id}/jobs`);
    expect(jobs.jobs[0]).toMatchObject({
      name: 'check',
      conclusion: 'failure',
      steps: [
        { name: 'Lint', conclusion: 'failure' },
        { name: 'make test', conclusion: 'skipped' },
      ],
    });
    const { body: log } = await server.call(
      'GET',
      `/repos/fernway/ci/actions/jobs/${jobs.jobs[0].id}/logs`,
    );
    expect(log).toContain('simulated by the sandbox');
    const status = await server.call(
      'GET',
      `/repos/fernway/ci/commits/${sha}/status`,
    );
    expect(status.body).toMatchObject({
      state: 'failure',
      statuses: [{ context: 'ci.yaml / check (push)' }],
    });
  });
});

describe('state', () => {
  it('is there after a restart, with a past that was seeded', async () => {
    const first = await ForgeServer.start();
    await first.forge.createRepository({ owner: 'fernway', name: 'kept' });
    const pushes: PushEvent[] = [];
    first.forge.onPush(push => pushes.push(push));
    const shas = await first.forge.commitHistory({
      owner: 'fernway',
      name: 'kept',
      commits: [1, 2, 3].map(day => ({
        message: `Day ${day}`,
        author: AUTHOR,
        date: new Date(`2026-02-0${day}T10:00:00Z`),
        files: { 'day.txt': `${day}\n` },
      })),
    });
    expect(pushes).toMatchObject([{ after: shas[2], before: '0'.repeat(40) }]);
    await first.stop();

    const second = await ForgeServer.start(first.folder);
    const runs = await second.call('GET', '/repos/fernway/kept/actions/runs');
    expect(runs.body).toMatchObject({
      total_count: 3,
      workflow_runs: [
        { status: 'completed', head_sha: shas[2], conclusion: 'success' },
        {},
        {},
      ],
    });
    expect(runs.body.workflow_runs[2].started_at).toMatch(/^2026-02-01T10:00/);
    expect(second.forge.listRepositories()).toMatchObject([
      { owner: 'fernway', name: 'kept', defaultBranch: 'main' },
    ]);
    expect(
      await git(
        second.forge.repositoryPath('fernway', 'kept')!,
        'log',
        '--format=%s',
      ),
    ).toBe('Day 3\nDay 2\nDay 1\n');
    await second.remove();
  });
});

describe('pages', () => {
  it('show a repository, a file, a commit and a pull request, and escape what they show', async () => {
    const sha = await createRepository('shown', {
      'README.md': '# Shown <script>alert(1)</script>\n',
      'dir/file.html': '<b>bold</b>\n',
    });
    await server.forge.commitFiles({
      owner: 'fernway',
      name: 'shown',
      branch: 'feature/x',
      message: 'More <i>text</i>',
      author: AUTHOR,
      files: { 'more.txt': 'more' },
    });
    await server.call('POST', '/repos/fernway/shown/pulls', {
      title: 'A <u>title</u>',
      head: 'feature/x',
      base: 'main',
    });
    const read = async (path: string) => {
      const response = await fetch(`${server.url}${path}`);
      return { status: response.status, text: await response.text() };
    };
    for (const [path, text] of [
      ['', 'fernway/shown'],
      ['/fernway/shown', '&lt;script&gt;alert(1)'],
      ['/fernway/shown/src/branch/main/dir', 'file.html'],
      ['/fernway/shown/src/branch/main/dir/file.html', '&lt;b&gt;bold'],
      ['/fernway/shown/src/branch/feature/x/more.txt', 'more'],
      [`/fernway/shown/commit/${sha}`, 'dir/file.html'],
      ['/fernway/shown/commits/branch/feature/x', 'More &lt;i&gt;text'],
      ['/fernway/shown/pulls', 'A &lt;u&gt;title'],
      ['/fernway/shown/pulls/1', 'A &lt;u&gt;title'],
      ['/fernway/shown/actions', 'Simulated by the sandbox'],
    ]) {
      const page = await read(path);
      expect([path, page.status]).toEqual([path, 200]);
      expect(page.text).toContain(text);
      expect(page.text).toContain('Sandbox');
      expect(page.text).not.toMatch(/<script|<b>|<i>|<u>/);
    }
    const raw = await fetch(
      `${server.url}/fernway/shown/raw/branch/main/dir/file.html`,
    );
    expect(raw.headers.get('content-type')).toContain('text/plain');
    expect(await raw.text()).toBe('<b>bold</b>\n');
    expect((await read('/fernway/none')).status).toBe(404);
    expect((await read('/fernway/shown/src/branch/main/none')).status).toBe(
      404,
    );
  });
});
