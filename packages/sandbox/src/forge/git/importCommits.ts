import { randomUUID } from 'node:crypto';
import type { GitRepository } from './GitRepository';
import { NO_COMMIT } from './GitRepository';

/** One commit to write. @internal */
export interface NewCommit {
  readonly message: string;
  readonly author: { readonly name: string; readonly email: string };
  /** @defaultValue the author */
  readonly committer?: { readonly name: string; readonly email: string };
  /** @defaultValue now */
  readonly date?: Date;
  /** The new content by path; null removes the file. */
  readonly files: Readonly<Record<string, string | Buffer | null>>;
}

/** The branch is not where the writer thought it was. @internal */
export class BranchMovedError extends Error {
  name = 'BranchMovedError' as const;
}

/**
 * Writes commits on top of a branch with one `git fast-import`, and then moves the branch if nobody else has.
 *
 * @param base - where the branch is now; undefined makes it
 * @returns the ids of the commits, in their order
 * @throws {@link BranchMovedError}
 * @internal
 */
export async function importCommits(
  repository: GitRepository,
  options: {
    readonly branch: string;
    readonly base?: string;
    /** Where the branch starts, if it is made. */
    readonly start?: string;
    readonly commits: readonly NewCommit[];
  },
): Promise<string[]> {
  const { branch, base, commits } = options;
  const draft = `refs/forge/${randomUUID()}`;
  const { stdout } = await repository.git.run(
    [
      // A past in one pack; a single commit as loose objects, of which git bears many better than of packs.
      ...(commits.length > 1 ? ['-c', 'fastimport.unpackLimit=1'] : []),
      'fast-import',
      '--quiet',
      '--date-format=raw',
      '--done',
    ],
    { input: createStream(draft, base ?? options.start, commits) },
  );
  const shas = stdout.toString().trim().split('\n');
  const head = shas[shas.length - 1];
  try {
    await repository.updateRefs([
      { ref: `refs/heads/${branch}`, from: base ?? NO_COMMIT, to: head },
      { ref: draft, from: head, to: NO_COMMIT },
    ]);
  } catch (error) {
    await repository.updateRefs([{ ref: draft, from: head, to: NO_COMMIT }]);
    throw new BranchMovedError(
      `branch ${branch} changed: ${(error as Error).message}`,
    );
  }
  return shas;
}

function createStream(
  ref: string,
  parent: string | undefined,
  commits: readonly NewCommit[],
): Buffer {
  const parts: (string | Buffer)[] = [];
  const addData = (content: string | Buffer) => {
    const bytes = Buffer.from(content as Buffer);
    parts.push(`data ${bytes.length}\n`, bytes, '\n');
  };
  commits.forEach((commit, index) => {
    const { author, committer = author } = commit;
    const date = toRawDate(commit.date ?? new Date());
    parts.push(`commit ${ref}\nmark :${index + 1}\n`);
    parts.push(`author ${toPerson(author)} ${date}\n`);
    parts.push(`committer ${toPerson(committer)} ${date}\n`);
    addData(commit.message);
    if (index === 0 && parent) {
      parts.push(`from ${parent}\n`);
    }
    for (const [path, content] of Object.entries(commit.files)) {
      if (content === null) {
        parts.push(`D ${quote(path)}\n`);
      } else {
        parts.push(`M 100644 inline ${quote(path)}\n`);
        addData(content);
      }
    }
  });
  parts.push(...commits.map((_, index) => `get-mark :${index + 1}\n`));
  parts.push('done\n');
  return Buffer.concat(parts.map(part => Buffer.from(part as Buffer)));
}

function toRawDate(date: Date): string {
  return `${Math.floor(date.getTime() / 1000)} +0000`;
}

function toPerson(person: { name: string; email: string }): string {
  const clean = (text: string) =>
    // Signs that would end the field.
    text.replace(/[<>\p{Cc}]/gu, ' ').trim();
  return `${clean(person.name) || 'unknown'} <${clean(person.email)}>`;
}

function quote(path: string): string {
  return `"${path.replace(/(["\\])/g, '\\$1')}"`;
}
