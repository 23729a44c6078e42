import { NotFoundError } from '@backstage/errors';
import { UpstreamError } from '@waystone/integrations';
import type {
  CommitFilesOptions,
  ForgeCommit,
  ForgeService,
  GitForge,
  OpenPullRequestOptions,
  PullRequest,
} from '@waystone/integrations';

/** A commit of a {@link FakeForge}: all files at that time. */
interface FakeCommit {
  readonly sha: string;
  readonly message: string;
  readonly at: string;
  readonly files: Readonly<Record<string, string>>;
}

const BASE = 'https://git.example/fernway/shop';

/** A forge with one repository, `fernway/shop`, in memory. */
export class FakeForge {
  readonly branches = new Map<string, FakeCommit[]>();
  readonly pulls: PullRequest[] = [];
  readonly commits: CommitFilesOptions[] = [];
  /** Thrown by every call. */
  down: Error | undefined;

  constructor(files: Record<string, string>) {
    this.push(files, '2026-11-01T09:00:00Z');
  }

  /** The address of a file, as the catalog notes it. */
  static keyOf(path: string): string {
    return `url:${BASE}/src/branch/main/${path}`;
  }

  /** Commits files to main. */
  push(files: Record<string, string>, at: string) {
    const main = this.branches.get('main') ?? [];
    this.branches.set('main', [
      {
        sha: `main-${main.length + 1}`,
        message: `Change ${main.length + 1}`,
        at,
        files: { ...main[0]?.files, ...files },
      },
      ...main,
    ]);
  }

  get service(): ForgeService {
    const forge = this.#forge();
    return {
      forges: [forge],
      forUrl: () => {
        throw new NotFoundError('Not asked');
      },
      get: () => forge,
    };
  }

  #forge(): GitForge {
    const answer = <Args extends unknown[], T>(
      fn: (...args: Args) => T,
    ): ((...args: Args) => Promise<T>) => {
      return async (...args) => {
        if (this.down) {
          throw this.down;
        }
        return fn(...args);
      };
    };
    // Of the forge, only what the code under test asks.
    return {
      system: 'gitea',
      instance: 'git.example',
      parseUrl: (url: string) =>
        url === BASE || url === `${BASE}.git` || url.startsWith(`${BASE}/`)
          ? { owner: 'fernway', name: 'shop' }
          : undefined,
      findRepository: answer(() => ({
        defaultBranch: 'main',
        description: 'Sells things.',
        url: BASE,
      })),
      searchRepositories: answer(
        (owner: string, { text = '' }: { text?: string } = {}) =>
          owner === 'fernway' && 'shop'.includes(text)
            ? [
                {
                  owner,
                  name: 'shop',
                  description: 'Sells things.',
                  url: BASE,
                },
              ]
            : [],
      ),
      findBranch: answer(
        (_: unknown, branch: string) => this.branches.get(branch)?.[0].sha,
      ),
      findFile: answer(
        (_: unknown, path: string, options: { ref?: string } = {}) => {
          const content = this.#at(options.ref ?? 'main')?.files[path];
          return content === undefined
            ? undefined
            : { path, content: Buffer.from(content), sha: '', url: '' };
        },
      ),
      listCommits: answer((_: unknown, options: { limit?: number }) =>
        this.branches
          .get('main')!
          .slice(0, options.limit)
          .map(
            ({ at, message, sha }): ForgeCommit => ({
              sha,
              message,
              author: { name: 'Maya Okafor', email: 'maya@example.com' },
              authoredAt: at,
              committedAt: at,
              parents: [],
              url: `${BASE}/commit/${sha}`,
            }),
          ),
      ),
      listPullRequests: answer(
        (_: unknown, options: { head?: string; state?: string }) =>
          this.pulls.filter(
            ({ head, state }) =>
              (options.state === 'all' || state === 'open') &&
              (!options.head || head.branch === options.head),
          ),
      ),
      findPullRequest: answer((_: unknown, number: number) =>
        this.pulls.find(pull => pull.number === number),
      ),
      commitFiles: answer((options: CommitFilesOptions) =>
        this.#commit(options),
      ),
      openPullRequest: answer((options: OpenPullRequestOptions) =>
        this.#open(options),
      ),
    } as unknown as GitForge;
  }

  /** Of a branch or a commit. */
  #at(ref: string): FakeCommit | undefined {
    return (
      this.branches.get(ref)?.[0] ??
      [...this.branches.values()].flat().find(({ sha }) => sha === ref)
    );
  }

  #commit(options: CommitFilesOptions) {
    const { branch, changes, from = 'main', message } = options;
    if (this.branches.has(branch)) {
      throw refusal('branch-exists');
    }
    this.commits.push(options);
    const [head] = this.branches.get(from)!;
    this.branches.set(branch, [
      {
        sha: `${branch}-1`,
        message,
        at: '2026-11-02T09:00:00Z',
        files: {
          ...head.files,
          ...Object.fromEntries(
            changes.map(change => [
              change.path,
              'content' in change ? String(change.content) : '',
            ]),
          ),
        },
      },
    ]);
    return { sha: `${branch}-1`, branch, url: '' };
  }

  #open({ base, body = '', head, title }: OpenPullRequestOptions) {
    if (
      this.pulls.some(
        pull => pull.state === 'open' && pull.head.branch === head,
      )
    ) {
      throw refusal('pull-request-exists');
    }
    const number = this.pulls.length + 1;
    const pull: PullRequest = {
      number,
      title,
      body,
      state: 'open',
      head: { branch: head, sha: `${head}-1` },
      base: { branch: base, sha: 'main-1' },
      author: 'waystone',
      createdAt: '2026-11-02T09:00:00Z',
      updatedAt: '2026-11-02T09:00:00Z',
      url: `${BASE}/pulls/${number}`,
    };
    this.pulls.push(pull);
    return pull;
  }
}

function refusal(type: string) {
  return new UpstreamError({
    system: 'gitea',
    instance: 'git.example',
    operation: 'test',
    code: 'conflict',
    reason: type,
    details: { type },
  });
}
