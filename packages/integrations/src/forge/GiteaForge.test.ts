import { ScriptedServer } from '../testUtils/ScriptedServer';
import type { ScriptedAnswer } from '../testUtils/ScriptedServer';
import { forgeFailureOf } from './errors';
import type { GitForge } from './GitForge';
import { createTestGitea } from './testUtils';

const REPOSITORY = { owner: 'acme', name: 'shop' };

/** As Gitea 1.26 answers. */
const pull = (merged: boolean) => ({
  number: 1,
  title: 'Add x',
  body: '',
  state: merged ? 'closed' : 'open',
  merged,
  mergeable: true,
  merged_at: merged ? '2026-03-01T10:00:00Z' : null,
  merge_commit_sha: merged ? '2'.repeat(40) : null,
  user: { login: 'waystone' },
  head: { ref: 'change', sha: '1'.repeat(40) },
  base: { ref: 'main', sha: '3'.repeat(40) },
  created_at: '2026-03-01T09:00:00Z',
  updated_at: '2026-03-01T09:00:00Z',
  html_url: 'https://git.example.com/acme/shop/pulls/1',
});

const laterPlease: ScriptedAnswer = {
  status: 405,
  body: { message: 'Please try again later', url: 'x' },
};

/** What a merge that fails half-way answers: not Gitea's usual shape. */
const conflict: ScriptedAnswer = {
  status: 409,
  body: {
    Style: 'merge',
    StdOut: 'CONFLICT (content): Merge conflict in README.md',
    StdErr: '',
    Err: {},
  },
};

describe('GiteaForge, where only timing decides how a real Gitea answers', () => {
  let server: ScriptedServer;
  let forge: GitForge;
  let merges: ScriptedAnswer[];
  let isMerged: boolean;

  beforeEach(async () => {
    isMerged = false;
    server = await ScriptedServer.start(({ method }) => {
      if (method === 'GET') {
        return { body: pull(isMerged) };
      }
      const answer = merges.length > 1 ? merges.shift()! : merges[0];
      isMerged = answer.status === undefined;
      return answer;
    });
    forge = createTestGitea({
      url: server.url,
      token: 'token-of-the-test',
      patienceMs: 300,
    });
  });

  afterEach(async () => {
    await forge.close();
    await server.stop();
  });

  const merge = () =>
    forge.mergePullRequest({ repository: REPOSITORY, number: 1 });

  it('merges although Gitea looks again after it has said that it can', async () => {
    merges = [laterPlease, { body: '' }];
    expect(await merge()).toMatchObject({ state: 'merged' });
  });

  it.each([
    ['that it can be merged later', laterPlease],
    ['what git has said', conflict],
  ])('gives up when all it hears is %s', async (_what, answer) => {
    merges = [answer];
    const error = await merge().catch(reason => reason);
    expect(forgeFailureOf(error)).toEqual({ type: 'not-mergeable' });
  });

  it('stops as soon as nobody waits any more', async () => {
    merges = [laterPlease];
    const signal = AbortSignal.timeout(50);
    await expect(
      forge.mergePullRequest({ repository: REPOSITORY, number: 1, signal }),
    ).rejects.toMatchObject({ code: 'cancelled' });
    const seen = server.requests.length;
    await new Promise(resolve => {
      setTimeout(resolve, 100);
    });
    expect(server.requests).toHaveLength(seen);
  });
});
