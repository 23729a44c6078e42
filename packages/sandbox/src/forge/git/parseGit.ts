/** Who wrote or committed something, and when. @internal */
export interface GitSignature {
  readonly name: string;
  readonly email: string;
  /** ISO 8601 with the offset of the author's clock. */
  readonly date: string;
}

/** @internal */
export interface GitCommit {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: GitSignature;
  readonly committer: GitSignature;
  readonly message: string;
}

/** An entry of a tree. @internal */
export interface TreeEntry {
  readonly mode: string;
  readonly type: 'blob' | 'tree' | 'commit';
  readonly sha: string;
  /** Of a file, in bytes. */
  readonly size?: number;
  readonly path: string;
}

/** One file of a diff. @internal */
export interface FileChange {
  readonly path: string;
  /** Where a renamed file was before. */
  readonly previousPath?: string;
  readonly status: 'added' | 'removed' | 'modified' | 'renamed' | 'copied';
  readonly additions: number;
  readonly deletions: number;
}

/** The `--format` that {@link parseCommits} reads, for a log with `-z`. @internal */
export const LOG_FORMAT =
  '%H%x01%T%x01%P%x01%an%x01%ae%x01%aI%x01%cn%x01%ce%x01%cI%x01%B';

function parseTime(text: string): string {
  // As Gitea writes it.
  return text.replace(/\+00:00$/, 'Z');
}

/** @internal */
export function parseCommits(text: string): GitCommit[] {
  return text
    .split('\0')
    .filter(Boolean)
    .map(record => {
      const [
        sha,
        tree,
        parents,
        authorName,
        authorEmail,
        authorDate,
        committerName,
        committerEmail,
        committerDate,
        ...message
      ] = record.replace(/^\n/, '').split('\x01');
      return {
        sha,
        tree,
        parents: parents.split(' ').filter(Boolean),
        author: {
          name: authorName,
          email: authorEmail,
          date: parseTime(authorDate),
        },
        committer: {
          name: committerName,
          email: committerEmail,
          date: parseTime(committerDate),
        },
        message: message.join('\x01'),
      };
    });
}

/** Reads the answer of `ls-tree -z -l`. @internal */
export function parseTree(text: string): TreeEntry[] {
  return text
    .split('\0')
    .filter(Boolean)
    .map(line => {
      const tab = line.indexOf('\t');
      const [mode, type, sha, size] = line.slice(0, tab).split(/ +/);
      return {
        mode,
        type: type as TreeEntry['type'],
        sha,
        size: size === '-' ? undefined : Number(size),
        path: line.slice(tab + 1),
      };
    });
}

const STATUS: Record<string, FileChange['status']> = {
  A: 'added',
  D: 'removed',
  M: 'modified',
  T: 'modified',
  R: 'renamed',
  C: 'copied',
};

/** Reads the answers of `diff-tree -z --raw` and `diff-tree -z --numstat`. @internal */
export function parseDiff(raw: string, numbers: string): FileChange[] {
  const counts = parseNumbers(numbers);
  const fields = raw.split('\0');
  const changes: FileChange[] = [];
  for (let index = 0; index < fields.length - 1; ) {
    const letter = fields[index].split(' ')[4][0];
    const moved = letter === 'R' || letter === 'C';
    const path = fields[index + (moved ? 2 : 1)];
    changes.push({
      path,
      previousPath: moved ? fields[index + 1] : undefined,
      status: STATUS[letter] ?? 'modified',
      additions: counts.get(path)?.additions ?? 0,
      deletions: counts.get(path)?.deletions ?? 0,
    });
    index += moved ? 3 : 2;
  }
  return changes;
}

function parseNumbers(text: string) {
  const fields = text.split('\0');
  const counts = new Map<string, { additions: number; deletions: number }>();
  for (let index = 0; index < fields.length - 1; index++) {
    const [additions, deletions, path] = fields[index].split('\t');
    // A renamed file has an empty path here and its two names behind.
    const name = path === '' ? fields[(index += 2)] : path;
    counts.set(name, {
      additions: Number(additions) || 0,
      deletions: Number(deletions) || 0,
    });
  }
  return counts;
}
