import type { components, operations } from '@octokit/openapi-types';
import type { GithubCredentialsProvider } from '@backstage/integration';
import { ScriptedServer } from '../testUtils/ScriptedServer';
import type {
  ReceivedRequest,
  ScriptedAnswer,
} from '../testUtils/ScriptedServer';
import { forgeFailureOf } from './errors';
import { GitHubForge } from './GitHubForge';

type Schemas = components['schemas'];
type Body<Operation extends keyof operations> = operations[Operation] extends {
  requestBody?: { content: { 'application/json': infer Content } };
}
  ? Content
  : never;

const REPOSITORY = { owner: 'acme', name: 'shop' };
const BASE = '1'.repeat(40);
const OTHER = '2'.repeat(40);
const TREE = '3'.repeat(40);
const NEW_TREE = '4'.repeat(40);
const COMMIT = '5'.repeat(40);
const BLOB = '6'.repeat(40);

const gitRef = (sha: string) =>
  ({
    ref: 'refs/heads/main',
    node_id: 'x',
    url: 'https://api.github.com/x',
    object: { type: 'commit', sha, url: 'https://api.github.com/x' },
  } satisfies Schemas['git-ref']);

const signature = {
  name: 'Maya Okafor',
  email: 'maya@example.com',
  date: '2026-03-01T10:00:00Z',
};

const gitCommit = (sha: string, tree: string) =>
  ({
    sha,
    node_id: 'x',
    url: 'https://api.github.com/x',
    html_url: `https://github.example.com/acme/shop/commit/${sha}`,
    author: signature,
    committer: signature,
    message: 'm',
    tree: { sha: tree, url: 'https://api.github.com/x' },
    parents: [],
    verification: {
      verified: false,
      reason: 'unsigned',
      signature: null,
      payload: null,
      verified_at: null,
    },
  } satisfies Schemas['git-commit']);

const pull = (
  changes: Partial<
    Pick<
      Schemas['pull-request'],
      'mergeable' | 'merged_at' | 'merge_commit_sha' | 'state'
    >
  > = {},
) => ({
  number: 7,
  title: 'Add x',
  body: null,
  state: 'open' as const,
  mergeable: true,
  merged_at: null,
  merge_commit_sha: OTHER,
  user: { login: 'waystone[bot]' },
  head: { ref: 'change', sha: COMMIT },
  base: { ref: 'main', sha: BASE },
  created_at: '2026-03-01T10:00:00Z',
  updated_at: '2026-03-01T10:00:00Z',
  html_url: 'https://github.example.com/acme/shop/pull/7',
  ...changes,
});

const validationFailed = (message: string) =>
  ({
    status: 422,
    body: {
      message: 'Validation Failed',
      documentation_url: 'https://docs.github.com/rest',
      errors: [{ resource: 'X', code: 'custom', message }],
    } satisfies Schemas['validation-error'],
  } satisfies ScriptedAnswer);

const basicError = (status: number, message: string) =>
  ({
    status,
    body: {
      message,
      documentation_url: 'https://docs.github.com/rest',
      status: String(status),
    } satisfies Schemas['basic-error'],
  } satisfies ScriptedAnswer);

describe('GitHubForge', () => {
  let server: ScriptedServer;
  let forge: GitHubForge;
  let answers: Record<string, ScriptedAnswer | ScriptedAnswer[]>;

  beforeEach(async () => {
    answers = {};
    server = await ScriptedServer.start(request => {
      const answer = answers[keyOf(request)];
      if (Array.isArray(answer)) {
        return answer.length > 1 ? answer.shift()! : answer[0];
      }
      return answer ?? basicError(404, 'Not Found');
    });
    forge = createForge();
  });

  afterEach(async () => {
    await forge.close();
    await server.stop();
  });

  function createForge(apps = false) {
    const credentials: GithubCredentialsProvider = {
      getCredentials: async ({ url }) => {
        const token = `token-of-${new URL(url).pathname.slice(1) || 'all'}`;
        return {
          type: apps ? 'app' : 'token',
          token,
          headers: { Authorization: `Bearer ${token}` },
        };
      },
    };
    return new GitHubForge({
      config: {
        host: 'github.example.com',
        apiBaseUrl: `${server.url}/api/v3`,
        ...(apps
          ? {
              apps: [
                {
                  appId: 1,
                  privateKey: 'key',
                  clientId: 'id',
                  clientSecret: 'secret',
                },
              ],
            }
          : { token: 'token-of-all' }),
      },
      credentials,
      patienceMs: 2_000,
      limits: { retryMinMs: 1, retryMaxMs: 5 },
    });
  }

  /** Method and path with the query, as GitHub gets it. */
  function keyOf({ method, url }: ReceivedRequest) {
    return `${method} ${url.replace('/api/v3', '')}`;
  }

  const bodyOf = (key: string): unknown =>
    JSON.parse(server.requests.find(request => keyOf(request) === key)!.body);

  const git = '/repos/acme/shop/git';

  function commitAnswers() {
    answers[`GET ${git}/ref/heads/main`] = { body: gitRef(BASE) };
    answers[`GET ${git}/commits/${BASE}`] = { body: gitCommit(BASE, TREE) };
    answers[`POST ${git}/blobs`] = {
      status: 201,
      body: { sha: BLOB, url: 'x' } satisfies Schemas['short-blob'],
    };
    answers[`POST ${git}/trees`] = { status: 201, body: { sha: NEW_TREE } };
    answers[`POST ${git}/commits`] = {
      status: 201,
      body: gitCommit(COMMIT, NEW_TREE),
    };
    answers[`PATCH ${git}/refs/heads/main`] = { body: gitRef(COMMIT) };
    answers[`POST ${git}/refs`] = { status: 201, body: gitRef(COMMIT) };
  }

  it('writes blobs, a tree and a commit, and moves the branch only forward', async () => {
    commitAnswers();
    const written = await forge.commitFiles({
      repository: REPOSITORY,
      branch: 'main',
      expectedBase: BASE,
      message: 'Three files',
      author: { name: 'Maya Okafor', email: 'maya@example.com' },
      changes: [
        { path: 'a.txt', content: 'Größe\n' },
        { path: 'b.bin', content: Buffer.from([255, 254, 0]) },
        { path: 'c.txt', delete: true },
      ],
    });
    expect(written).toEqual({
      sha: COMMIT,
      base: BASE,
      branch: 'main',
      url: `https://github.example.com/acme/shop/commit/${COMMIT}`,
    });
    expect(bodyOf(`POST ${git}/blobs`)).toEqual({
      content: '//4A',
      encoding: 'base64',
    } satisfies Body<'git/create-blob'>);
    const file = { mode: '100644', type: 'blob' } as const;
    expect(bodyOf(`POST ${git}/trees`)).toEqual({
      base_tree: TREE,
      tree: [
        { ...file, path: 'a.txt', content: 'Größe\n' },
        { ...file, path: 'b.bin', sha: BLOB },
        { ...file, path: 'c.txt', sha: null },
      ],
    } satisfies Body<'git/create-tree'>);
    expect(bodyOf(`POST ${git}/commits`)).toEqual({
      message: 'Three files',
      tree: NEW_TREE,
      parents: [BASE],
      author: { name: 'Maya Okafor', email: 'maya@example.com' },
    } satisfies Body<'git/create-commit'>);
    expect(bodyOf(`PATCH ${git}/refs/heads/main`)).toEqual({
      sha: COMMIT,
      force: false,
    } satisfies Body<'git/update-ref'>);
    const [{ headers }] = server.requests;
    expect(headers).toMatchObject({
      authorization: 'Bearer token-of-all',
      accept: 'application/vnd.github+json',
      'x-github-api-version': '2022-11-28',
    });
  });

  it('writes nothing if the branch has moved before', async () => {
    commitAnswers();
    const error = await forge
      .commitFiles({
        repository: REPOSITORY,
        branch: 'main',
        expectedBase: OTHER,
        message: 'm',
        changes: [{ path: 'a.txt', content: 'a' }],
      })
      .catch(reason => reason);
    expect(forgeFailureOf(error)).toEqual({
      type: 'branch-moved',
      branch: 'main',
      expected: OTHER,
      actual: BASE,
    });
    expect(server.requests.map(({ method }) => method)).toEqual(['GET']);
  });

  it('names where the branch is if it moved at the last moment', async () => {
    commitAnswers();
    answers[`GET ${git}/ref/heads/main`] = [
      { body: gitRef(BASE) },
      { body: gitRef(OTHER) },
    ];
    answers[`PATCH ${git}/refs/heads/main`] = basicError(
      422,
      'Update is not a fast forward',
    );
    const error = await forge
      .commitFiles({
        repository: REPOSITORY,
        branch: 'main',
        message: 'm',
        changes: [{ path: 'a.txt', content: 'a' }],
      })
      .catch(reason => reason);
    expect(forgeFailureOf(error)).toMatchObject({
      type: 'branch-moved',
      actual: OTHER,
    });
  });

  it('makes a branch for the commit, and says if there is one', async () => {
    commitAnswers();
    const change = {
      repository: REPOSITORY,
      branch: 'feature/x',
      from: 'main',
      message: 'm',
      changes: [{ path: 'a.txt', content: 'a' }],
    };
    expect(await forge.commitFiles(change)).toMatchObject({
      branch: 'feature/x',
      base: BASE,
    });
    expect(bodyOf(`POST ${git}/refs`)).toEqual({
      ref: 'refs/heads/feature/x',
      sha: COMMIT,
    } satisfies Body<'git/create-ref'>);
    answers[`POST ${git}/refs`] = basicError(422, 'Reference already exists');
    const error = await forge.commitFiles(change).catch(reason => reason);
    expect(forgeFailureOf(error)).toEqual({ type: 'branch-exists' });
  });

  it('sends a write once, whatever happens', async () => {
    commitAnswers();
    answers[`POST ${git}/commits`] = basicError(503, 'Unavailable');
    await expect(
      forge.commitFiles({
        repository: REPOSITORY,
        branch: 'main',
        message: 'm',
        changes: [{ path: 'a.txt', content: 'a' }],
      }),
    ).rejects.toMatchObject({ code: 'unavailable' });
    const commits = server.requests.filter(
      request => keyOf(request) === `POST ${git}/commits`,
    );
    expect(commits).toHaveLength(1);
  });

  it('searches the repositories of one account, whatever is typed', async () => {
    const query = new URLSearchParams({
      q: 'order user evil in:name user:acme archived:false fork:true',
      per_page: '5',
    });
    answers[`GET /search/repositories?${query}`] = {
      body: {
        total_count: 1,
        items: [
          {
            name: 'order-service',
            owner: { login: 'acme' },
            description: 'Takes orders.',
            private: true,
            archived: false,
            default_branch: 'main',
            html_url: 'https://github.example.com/acme/order-service',
            clone_url: 'https://github.example.com/acme/order-service.git',
          },
        ],
      },
    };
    expect(
      await forge.searchRepositories('acme', {
        text: 'order user:evil',
        limit: 5,
      }),
    ).toMatchObject([{ owner: 'acme', name: 'order-service' }]);
  });

  it('creates repositories in organisations and in the own account', async () => {
    const repository = {
      name: 'shop',
      owner: { login: 'acme' },
      description: null,
      private: true,
      archived: false,
      default_branch: 'main',
      html_url: 'https://github.example.com/acme/shop',
      clone_url: 'https://github.example.com/acme/shop.git',
    };
    answers['GET /users/acme'] = {
      body: { login: 'acme', type: 'Organization' },
    };
    answers['POST /orgs/acme/repos'] = { status: 201, body: repository };
    expect(
      await forge.createRepository({ repository: REPOSITORY, private: true }),
    ).toMatchObject({ ...REPOSITORY, description: '', private: true });
    expect(bodyOf('POST /orgs/acme/repos')).toEqual({
      name: 'shop',
      description: '',
      private: true,
      auto_init: true,
    } satisfies Body<'repos/create-in-org'>);

    answers['POST /orgs/acme/repos'] = validationFailed(
      'name already exists on this account',
    );
    const error = await forge
      .createRepository({ repository: REPOSITORY })
      .catch(reason => reason);
    expect(forgeFailureOf(error)).toEqual({ type: 'repository-exists' });

    answers['GET /users/maya'] = { body: { login: 'maya', type: 'User' } };
    answers['POST /user/repos'] = { status: 201, body: repository };
    await forge.createRepository({
      repository: { owner: 'maya', name: 'shop' },
    });
    expect(bodyOf('POST /user/repos')).toMatchObject({ name: 'shop' });
  });

  it('waits until GitHub knows whether it can merge', async () => {
    const path = '/repos/acme/shop/pulls/7';
    const merged = pull({
      state: 'closed',
      merged_at: '2026-03-01T11:00:00Z',
      merge_commit_sha: COMMIT,
    });
    answers[`GET ${path}`] = [
      { body: pull({ mergeable: null }) },
      { body: pull() },
      { body: merged },
    ];
    answers[`PUT ${path}/merge`] = {
      body: {
        sha: COMMIT,
        merged: true,
        message: 'Pull Request successfully merged',
      } satisfies Schemas['pull-request-merge-result'],
    };
    expect(
      await forge.mergePullRequest({
        repository: REPOSITORY,
        number: 7,
        method: 'squash',
        title: 'Title',
      }),
    ).toMatchObject({ state: 'merged', mergeCommit: COMMIT });
    expect(bodyOf(`PUT ${path}/merge`)).toEqual({
      merge_method: 'squash',
      commit_title: 'Title',
      sha: COMMIT,
    } satisfies Body<'pulls/merge'>);

    // A second time finds it merged and sends nothing.
    await forge.mergePullRequest({ repository: REPOSITORY, number: 7 });
    expect(
      server.requests.filter(({ method }) => method === 'PUT'),
    ).toHaveLength(1);
  });

  it.each([
    [
      409,
      'Head branch was modified. Review and try the merge again.',
      'head-moved',
    ],
    [405, 'Required status check "ci" is expected.', 'not-mergeable'],
  ])('says why it does not merge: %i', async (status, message, type) => {
    answers['GET /repos/acme/shop/pulls/7'] = { body: pull() };
    answers['PUT /repos/acme/shop/pulls/7/merge'] = basicError(status, message);
    const error = await forge
      .mergePullRequest({ repository: REPOSITORY, number: 7 })
      .catch(reason => reason);
    expect(forgeFailureOf(error)).toEqual({ type });
    expect(error.message).toContain(message.slice(0, 20));
  });

  it('does not try a merge with conflicts', async () => {
    answers['GET /repos/acme/shop/pulls/7'] = {
      body: pull({ mergeable: false }),
    };
    const error = await forge
      .mergePullRequest({ repository: REPOSITORY, number: 7 })
      .catch(reason => reason);
    expect(forgeFailureOf(error)).toEqual({ type: 'not-mergeable' });
    expect(server.requests).toHaveLength(1);
  });

  it.each([
    ['A pull request already exists for acme:change.', 'pull-request-exists'],
    ['No commits between main and change', 'no-changes'],
  ])('explains a pull request that is refused: %s', async (message, type) => {
    answers['POST /repos/acme/shop/pulls'] = validationFailed(message);
    const error = await forge
      .openPullRequest({
        repository: REPOSITORY,
        title: 'T',
        head: 'change',
        base: 'main',
      })
      .catch(reason => reason);
    expect(forgeFailureOf(error)).toEqual({ type });
  });

  it('turns comparisons round and reads all their pages', async () => {
    const commit = (sha: string) => ({
      sha,
      html_url: 'x',
      commit: { message: sha, author: signature, committer: null },
      parents: [],
    });
    const path = 'GET /repos/acme/shop/compare/v1...main?per_page=100&page=';
    answers[`${path}1`] = {
      body: { total_commits: 3, commits: [commit('a'), commit('b')] },
    };
    answers[`${path}2`] = {
      body: { total_commits: 3, commits: [commit('c')] },
    };
    const { commits, totalCommits } = await forge.compare(
      REPOSITORY,
      'v1',
      'main',
    );
    expect(commits.map(({ sha }) => sha)).toEqual(['c', 'b', 'a']);
    expect(totalCommits).toBe(3);
  });

  it('reads big files from their blob, and runs of the CI', async () => {
    answers['GET /repos/acme/shop/contents/dir/big.bin?ref=main'] = {
      body: {
        type: 'file',
        path: 'dir/big.bin',
        sha: BLOB,
        html_url: 'x',
        encoding: 'none',
        content: '',
      },
    };
    answers[`GET ${git}/blobs/${BLOB}`] = {
      body: {
        content: Buffer.from('big').toString('base64'),
        encoding: 'base64',
        url: 'x',
        sha: BLOB,
        size: 3,
        node_id: 'x',
      } satisfies Schemas['blob'],
    };
    const file = await forge.findFile(REPOSITORY, 'dir/big.bin', {
      ref: 'main',
    });
    expect(file!.content.toString()).toBe('big');

    answers[
      `GET /repos/acme/shop/actions/runs?head_sha=${COMMIT}&per_page=30`
    ] = {
      body: {
        total_count: 1,
        workflow_runs: [
          {
            id: 1,
            run_number: 12,
            display_title: 'Add x',
            path: '.github/workflows/ci.yaml@main',
            event: 'push',
            head_branch: 'main',
            head_sha: COMMIT,
            status: 'in_progress',
            conclusion: null,
            run_started_at: '2026-03-01T10:00:00Z',
            updated_at: '2026-03-01T10:01:00Z',
            html_url: 'x',
          },
        ],
      },
    };
    expect(
      await forge.listWorkflowRuns(REPOSITORY, { sha: COMMIT }),
    ).toMatchObject([
      { status: 'running', workflow: 'ci.yaml', completedAt: undefined },
    ]);
  });

  it('takes a limit of calls for what it is, not for a lack of rights', async () => {
    answers['GET /repos/acme/shop'] = {
      ...basicError(403, 'API rate limit exceeded for installation ID 1.'),
      headers: { 'retry-after': '60' },
    };
    await expect(forge.findRepository(REPOSITORY)).rejects.toMatchObject({
      code: 'throttled',
      retryAfterSeconds: 60,
    });
    expect(server.requests).toHaveLength(1);
  });

  it('uses the token of an app for its own owner only', async () => {
    const app = createForge(true);
    await app.findRepository(REPOSITORY);
    await app.findRepository({ owner: 'other', name: 'x' });
    await app.findRepository(REPOSITORY);
    expect(
      server.requests.map(({ url, headers }) => [url, headers.authorization]),
    ).toEqual([
      ['/api/v3/repos/acme/shop', 'Bearer token-of-acme'],
      ['/api/v3/repos/other/x', 'Bearer token-of-other'],
      ['/api/v3/repos/acme/shop', 'Bearer token-of-acme'],
    ]);
    await app.close();
  });

  it('proves that it is known, as a user or as an app', async () => {
    answers['GET /rate_limit'] = { body: {} };
    answers['GET /app'] = { body: {} };
    expect(await forge.upstream.probe()).toEqual({ authenticated: true });
    const app = createForge(true);
    expect(await app.upstream.probe()).toEqual({ authenticated: true });
    answers['GET /app'] = basicError(401, 'Bad credentials');
    expect(await app.upstream.probe()).toEqual({ authenticated: false });
    await app.close();
  });
});
