import { createHash } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { RenderError } from '../rendering/RenderError';
import { SourceTree } from '../rendering/SourceTree';
import { readRefState } from './readRefState';
import { runGit } from './runGit';

/** Larger files are not manifests. */
const LARGEST_FILE = 1024 * 1024;

interface RunningUpdate {
  readonly done: Promise<void>;
  /** The one after it, for those who asked while it was under way. */
  next?: Promise<void>;
}

/** How many commits' files stay in memory. */
const TREES_KEPT = 64;

/** What is known of a commit. @internal */
export interface CommitMetadata {
  readonly author: string;
  /** ISO 8601. */
  readonly date: string;
  readonly message: string;
  readonly tags: readonly string[];
}

/**
 * Bare mirrors of the repositories that Applications come from, kept up to date on demand.
 *
 * @internal
 */
export class GitRepositories {
  readonly #folder: string;
  readonly #resolve: (repositoryUrl: string) => string | undefined;
  readonly #refs = new Map<string, ReadonlyMap<string, string>>();
  /** Of {@link readRefState}, at the last update. */
  readonly #states = new Map<string, string | undefined>();
  readonly #updates = new Map<string, RunningUpdate>();
  readonly #trees = new Map<string, Promise<SourceTree>>();

  /**
   * @param options - `folder` is where the mirrors are kept; `resolve` says where a repository really is
   */
  constructor(options: {
    folder: string;
    resolve(repositoryUrl: string): string | undefined;
  }) {
    this.#folder = options.folder;
    this.#resolve = options.resolve;
  }

  /**
   * Asks the repository for its refs, and fetches if they have changed. Calls that wait share one; one that is under
   * way already may have missed the newest push, so it is not shared.
   */
  async update(repositoryUrl: string): Promise<void> {
    const running = this.#updates.get(repositoryUrl);
    if (!running) {
      await this.#startUpdate(repositoryUrl);
      return;
    }
    running.next ??= running.done
      .catch(() => {
        // Who asked for it is told; the next one tries anew.
      })
      .then(() => this.#startUpdate(repositoryUrl));
    await running.next;
  }

  async #startUpdate(repositoryUrl: string): Promise<void> {
    const running: RunningUpdate = { done: this.#update(repositoryUrl) };
    this.#updates.set(repositoryUrl, running);
    try {
      await running.done;
    } finally {
      if (!running.next) {
        this.#updates.delete(repositoryUrl);
      }
    }
  }

  async #update(repositoryUrl: string) {
    const origin = this.#resolve(repositoryUrl);
    if (origin === undefined || origin.startsWith('-')) {
      throw new RenderError('failed to list refs: repository not found');
    }
    const state = await readRefState(origin);
    if (state !== undefined && state === this.#states.get(repositoryUrl)) {
      return;
    }
    let listing: string;
    try {
      listing = (await runGit(['ls-remote', '--', origin])).toString('utf8');
    } catch (error) {
      throw new RenderError(`failed to list refs: ${(error as Error).message}`);
    }
    const refs = new Map(
      listing
        .split('\n')
        .filter(line => line !== '')
        .map(line => {
          const [sha, ref] = line.split('\t');
          return [ref, sha] as const;
        }),
    );
    const known = this.#refs.get(repositoryUrl);
    const mirror = this.#mirrorOf(repositoryUrl);
    const same =
      known !== undefined &&
      known.size === refs.size &&
      [...refs].every(([ref, sha]) => known.get(ref) === sha);
    if (!same) {
      if (!existsSync(mirror)) {
        mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
        await runGit(['init', '--quiet', '--bare', mirror]);
      }
      if (refs.size > 0) {
        await runGit([
          '--git-dir',
          mirror,
          'fetch',
          '--quiet',
          '--prune',
          '--no-write-fetch-head',
          '--',
          origin,
          '+refs/heads/*:refs/heads/*',
          '+refs/tags/*:refs/tags/*',
        ]);
      }
      this.#refs.set(repositoryUrl, refs);
    }
    this.#states.set(repositoryUrl, state);
  }

  /**
   * The commit that a branch, a tag, a commit or `HEAD` stands for, as of the last update.
   *
   * @throws {@link RenderError} if there is none.
   */
  async resolveRevision(
    repositoryUrl: string,
    revision: string,
  ): Promise<string> {
    if (!this.#refs.has(repositoryUrl)) {
      await this.update(repositoryUrl);
    }
    const refs = this.#refs.get(repositoryUrl) ?? new Map<string, string>();
    const wanted = revision === '' ? 'HEAD' : revision;
    const found =
      refs.get(`refs/tags/${wanted}^{}`) ??
      refs.get(`refs/heads/${wanted}`) ??
      refs.get(`refs/tags/${wanted}`) ??
      refs.get(`${wanted}^{}`) ??
      refs.get(wanted);
    if (found !== undefined) {
      return found;
    }
    if (/^[0-9a-f]{7,40}$/.test(wanted)) {
      try {
        const output = await runGit([
          '--git-dir',
          this.#mirrorOf(repositoryUrl),
          'rev-parse',
          '--quiet',
          '--verify',
          `${wanted}^{commit}`,
        ]);
        return output.toString('utf8').trim();
      } catch {
        // Not a commit of this repository: the error below says so.
      }
    }
    throw new RenderError(`unable to resolve '${wanted}' to a commit SHA`);
  }

  /** The files of a commit. */
  async readTree(repositoryUrl: string, commit: string): Promise<SourceTree> {
    const key = `${repositoryUrl}\n${commit}`;
    let tree = this.#trees.get(key);
    if (!tree) {
      tree = this.#readTree(this.#mirrorOf(repositoryUrl), commit);
      this.#trees.set(key, tree);
      tree.catch(() => this.#trees.delete(key));
      const [oldest] = this.#trees.keys();
      if (this.#trees.size > TREES_KEPT) {
        this.#trees.delete(oldest);
      }
    }
    return await tree;
  }

  async #readTree(mirror: string, commit: string): Promise<SourceTree> {
    const listing = await runGit([
      '--git-dir',
      mirror,
      'ls-tree',
      '-r',
      '-l',
      '-z',
      commit,
    ]);
    const entries = listing
      .toString('utf8')
      .split('\0')
      .flatMap(line => {
        const [, mode, type, id, size, path] =
          /^(\d+) (\w+) ([0-9a-f]+) +(\S+)\t(.+)$/s.exec(line) ?? [];
        return type === 'blob' && Number(size) <= LARGEST_FILE
          ? [{ mode, id, path }]
          : [];
      });
    const output = await runGit(
      ['--git-dir', mirror, 'cat-file', '--batch'],
      entries.map(entry => `${entry.id}\n`).join(''),
    );
    const files = new Map<string, Buffer>();
    const links = new Map<string, string>();
    let offset = 0;
    for (const { mode, path } of entries) {
      const end = output.indexOf('\n', offset);
      const size = Number(output.toString('utf8', offset, end).split(' ')[2]);
      const content = output.subarray(end + 1, end + 1 + size);
      offset = end + 1 + size + 1;
      if (mode === '120000') {
        links.set(path, content.toString('utf8'));
      } else {
        files.set(path, content);
      }
    }
    return new SourceTree(files, links);
  }

  /** Who made a commit, when and why. */
  async readMetadata(
    repositoryUrl: string,
    commit: string,
  ): Promise<CommitMetadata> {
    if (!/^[0-9a-f]{7,40}$/.test(commit)) {
      throw new RenderError(`revision ${commit} is not a commit SHA`);
    }
    const mirror = this.#mirrorOf(repositoryUrl);
    if (!existsSync(mirror)) {
      await this.update(repositoryUrl);
    }
    const output = await runGit([
      '--git-dir',
      mirror,
      'show',
      '-s',
      '--format=%an <%ae>%x00%at%x00%B',
      commit,
      '--',
    ]);
    const [author, seconds, message] = output.toString('utf8').split('\0');
    const tags = await runGit([
      '--git-dir',
      mirror,
      'tag',
      '--points-at',
      commit,
    ]);
    return {
      author,
      date: new Date(Number(seconds) * 1000)
        .toISOString()
        .replace('.000Z', 'Z'),
      message: message.trim(),
      tags: tags
        .toString('utf8')
        .split('\n')
        .filter(tag => tag !== ''),
    };
  }

  #mirrorOf(repositoryUrl: string): string {
    const name = createHash('sha256').update(repositoryUrl).digest('hex');
    return join(this.#folder, `${name.slice(0, 32)}.git`);
  }
}
