import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { isRefName } from './checkNames';
import { Git, GitError } from './Git';
import { LOG_FORMAT, parseCommits, parseDiff, parseTree } from './parseGit';
import type { FileChange, GitCommit, TreeEntry } from './parseGit';

/** The id that stands for no commit. @internal */
export const NO_COMMIT = '0'.repeat(40);

/** The id of the tree without files. */
const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

/** A branch or a tag. @internal */
export interface GitRef {
  readonly name: string;
  /** The commit; of an annotated tag the one it points to. */
  readonly commit: string;
  /** The object the ref points to: the tag object of an annotated tag. */
  readonly object: string;
  readonly message: string;
}

/** What a merge would give. @internal */
export interface MergeResult {
  readonly tree: string;
  readonly clean: boolean;
}

/**
 * Reads and writes one bare repository.
 *
 * @remarks
 * Names from outside reach git on its standard input or behind `--end-of-options`, never as options.
 *
 * @internal
 */
export class GitRepository {
  readonly git: Git;

  constructor(folder: string) {
    this.git = new Git(folder);
  }

  /** The commit of a branch, a tag or a (possibly shortened) commit id; undefined if there is none. */
  async resolve(ref: string): Promise<string | undefined> {
    const full = ref.replace(/^refs\//, '');
    if (!isRefName(full)) {
      return undefined;
    }
    const candidates = [
      `refs/heads/${ref}`,
      `refs/tags/${ref}`,
      ...(/^(?:refs\/)?(?:heads|tags|pull)\//.test(ref)
        ? [`refs/${full}`]
        : []),
      ...(/^[0-9a-f]{7,40}$/.test(ref) ? [ref] : []),
    ];
    const answers = await this.git.text(['cat-file', '--batch-check'], {
      input: candidates.map(name => `${name}^{commit}\n`).join(''),
    });
    return /^([0-9a-f]{40}) commit /m.exec(answers)?.[1];
  }

  /** The commit of a branch; undefined if there is no such branch. */
  async branchHead(branch: string): Promise<string | undefined> {
    return isRefName(branch) ? this.readRef(`refs/heads/${branch}`) : undefined;
  }

  /** What a full name of a ref points to. */
  async readRef(ref: string): Promise<string | undefined> {
    const { code, stdout } = await this.git.run(
      ['rev-parse', '--verify', '--quiet', '--end-of-options', ref],
      { accept: [1, 128] },
    );
    const sha = stdout.toString().trim().split('\n').pop();
    return code === 0 ? sha : undefined;
  }

  /** The branches (`heads`) or `tags` by name. */
  async refs(kind: 'heads' | 'tags'): Promise<GitRef[]> {
    const text = await this.git.text([
      'for-each-ref',
      '--format=%(refname:strip=2)%00%(objectname)%00%(*objectname)%00%(contents:subject)%00%01',
      `refs/${kind}/`,
    ]);
    return text
      .split('\0\x01\n')
      .filter(Boolean)
      .map(line => {
        const [name, object, peeled, message] = line.split('\0');
        return { name, object, commit: peeled || object, message };
      });
  }

  /**
   * Changes refs in one transaction; each only if it still points to `from`.
   *
   * @throws {@link GitError} if one of them moved
   */
  async updateRefs(
    changes: readonly {
      readonly ref: string;
      readonly from: string;
      readonly to: string;
    }[],
  ): Promise<void> {
    const lines = changes.map(({ ref, from, to }) =>
      to === NO_COMMIT
        ? `delete ${ref}\0${from}\0`
        : `update ${ref}\0${to}\0${from}\0`,
    );
    await this.git.run(['update-ref', '-z', '--stdin'], {
      input: lines.join(''),
    });
  }

  /** Commits, newest first. */
  async log(options: {
    readonly from: string;
    readonly exclude?: string;
    readonly path?: string;
    readonly skip?: number;
    readonly limit?: number;
  }): Promise<GitCommit[]> {
    const { from, exclude, path, skip = 0, limit = 50 } = options;
    const text = await this.git.text([
      '--literal-pathspecs',
      'log',
      '-z',
      `--skip=${skip}`,
      `--max-count=${limit}`,
      `--format=${LOG_FORMAT}`,
      '--end-of-options',
      from,
      ...(exclude ? [`^${exclude}`] : []),
      '--',
      ...(path ? [path] : []),
    ]);
    return parseCommits(text);
  }

  /** How many commits {@link GitRepository.log} has in all. */
  async count(options: {
    readonly from: string;
    readonly exclude?: string;
    readonly path?: string;
  }): Promise<number> {
    const { from, exclude, path } = options;
    const text = await this.git.text([
      '--literal-pathspecs',
      'rev-list',
      '--count',
      from,
      ...(exclude ? [`^${exclude}`] : []),
      '--',
      ...(path ? [path] : []),
    ]);
    return Number(text.trim());
  }

  /** One commit. */
  async commit(sha: string): Promise<GitCommit> {
    const [commit] = await this.log({ from: sha, limit: 1 });
    return commit;
  }

  /** The entries of a folder, or with `recursive` all files below it; undefined if there is no such folder. */
  async tree(
    commit: string,
    path = '',
    recursive = false,
  ): Promise<TreeEntry[] | undefined> {
    try {
      const text = await this.git.text([
        'ls-tree',
        '-z',
        '-l',
        ...(recursive ? ['-r', '-t'] : []),
        '--end-of-options',
        path === '' ? commit : `${commit}:${path}`,
      ]);
      return parseTree(text);
    } catch (error) {
      if (error instanceof GitError && error.code === 128) {
        return undefined;
      }
      throw error;
    }
  }

  /** The entry at a path; undefined if there is none. */
  async entry(commit: string, path: string): Promise<TreeEntry | undefined> {
    const text = await this.git.text([
      '--literal-pathspecs',
      'ls-tree',
      '-z',
      '-l',
      '--end-of-options',
      commit,
      '--',
      path,
    ]);
    return parseTree(text)[0];
  }

  /** The content of a blob. */
  async blob(sha: string): Promise<Buffer> {
    return (await this.git.run(['cat-file', 'blob', sha])).stdout;
  }

  /** What differs between two commits, or a commit and the empty tree. */
  async diff(from: string | undefined, to: string): Promise<FileChange[]> {
    const range = [from ?? EMPTY_TREE, to];
    const [raw, numbers] = await Promise.all([
      this.git.text(['diff-tree', '-r', '-z', '-M', '--raw', ...range]),
      this.git.text(['diff-tree', '-r', '-z', '-M', '--numstat', ...range]),
    ]);
    return parseDiff(raw, numbers);
  }

  /** The change as a patch. */
  async patch(from: string | undefined, to: string): Promise<string> {
    return this.git.text([
      'diff-tree',
      '-r',
      '-M',
      '-p',
      from ?? EMPTY_TREE,
      to,
    ]);
  }

  /** The best common ancestor; undefined if there is none. */
  async mergeBase(a: string, b: string): Promise<string | undefined> {
    const { stdout } = await this.git.run(['merge-base', a, b], {
      accept: [1],
    });
    return stdout.toString().trim() || undefined;
  }

  /** Merges two commits without writing a commit. Needs git 2.38. */
  async merge(base: string, head: string): Promise<MergeResult> {
    const { code, stdout } = await this.git.run(
      ['merge-tree', '--write-tree', '-z', '--name-only', base, head],
      { accept: [1] },
    );
    return { tree: stdout.toString().slice(0, 40), clean: code === 0 };
  }

  /** Writes a commit of a tree that exists. */
  async writeCommit(options: {
    readonly tree: string;
    readonly parents: readonly string[];
    readonly message: string;
    readonly author: { readonly name: string; readonly email: string };
    readonly date?: string;
    readonly committer?: { readonly name: string; readonly email: string };
  }): Promise<string> {
    const { tree, parents, message, author, date } = options;
    const committer = options.committer ?? author;
    const text = await this.git.text(
      ['commit-tree', tree, ...parents.flatMap(parent => ['-p', parent])],
      {
        input: message,
        env: {
          GIT_AUTHOR_NAME: author.name,
          GIT_AUTHOR_EMAIL: author.email,
          GIT_COMMITTER_NAME: committer.name,
          GIT_COMMITTER_EMAIL: committer.email,
          ...(date && { GIT_AUTHOR_DATE: date }),
        },
      },
    );
    return text.trim();
  }

  /** Starts to write an archive with all files below the folder `prefix`. */
  archive(
    commit: string,
    format: 'tar.gz' | 'zip',
    prefix: string,
  ): ChildProcessWithoutNullStreams {
    return this.git.spawn([
      'archive',
      `--format=${format}`,
      `--prefix=${prefix}/`,
      commit,
    ]);
  }
}
