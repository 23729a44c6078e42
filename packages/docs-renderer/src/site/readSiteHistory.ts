import { execFile } from 'node:child_process';

/** When a file was last changed, and by whom. */
export interface FileChange {
  /** ISO 8601 */
  readonly updatedAt: string;
  /** Name of the author of the commit. */
  readonly updatedBy: string;
}

/** The last change of each file, by its path inside the site's folder. */
export type SiteHistory = ReadonlyMap<string, FileChange>;

const COMMIT = '\u0001';
const SEPARATOR = '\u0002';
const TIMEOUT_MILLISECONDS = 5000;
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/** Nothing that a repository's own configuration names is run. */
const ARGUMENTS = [
  '-c',
  'core.fsmonitor=false',
  '-c',
  'core.hooksPath=/dev/null',
  '-c',
  'core.quotePath=false',
  '-c',
  'log.showSignature=false',
  'log',
  '--no-merges',
  '--no-renames',
  '--no-ext-diff',
  '--name-only',
  '--relative',
  `--format=${COMMIT}%aI${SEPARATOR}%aN`,
  '--',
  '.',
];

/**
 * Reads from Git who last changed each file of a folder. A history that takes longer than five seconds is read as far as
 * that: the newest changes come first.
 *
 * Only for folders of the operator: an archive from elsewhere could bring a repository of its own.
 *
 * @returns Nothing where the folder is in no repository, or there is no Git.
 */
export function readSiteHistory(root: string): Promise<SiteHistory> {
  return new Promise(resolve => {
    execFile(
      'git',
      ARGUMENTS,
      {
        cwd: root,
        encoding: 'utf8',
        timeout: TIMEOUT_MILLISECONDS,
        maxBuffer: MAX_OUTPUT_BYTES,
        env: {
          PATH: process.env.PATH,
          HOME: process.env.HOME,
          GIT_OPTIONAL_LOCKS: '0',
          GIT_TERMINAL_PROMPT: '0',
        },
      },
      (_error, output) => resolve(parseHistory(output ?? '')),
    );
  });
}

/** @param output - Of `git log`, newest commit first. */
function parseHistory(output: string): SiteHistory {
  const history = new Map<string, FileChange>();
  for (const commit of output.split(COMMIT).slice(1)) {
    const [head, ...files] = commit.split('\n');
    const [date, updatedBy] = head.split(SEPARATOR);
    const time = Date.parse(date);
    if (!updatedBy || Number.isNaN(time)) continue;
    const change = { updatedAt: new Date(time).toISOString(), updatedBy };
    for (const file of files) {
      if (file && !history.has(file)) history.set(file, change);
    }
  }
  return history;
}
