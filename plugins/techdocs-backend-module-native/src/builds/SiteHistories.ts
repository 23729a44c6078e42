import { execFile } from 'node:child_process';
import { readSiteHistory, type SiteHistory } from '@waystone/docs-renderer';

interface KnownHistory {
  readonly commit: string;
  readonly history: Promise<SiteHistory>;
}

const MAX_FOLDERS = 500;

/** The histories of folders on this machine, read once for each commit that they are at. */
export class SiteHistories {
  readonly #known = new Map<string, KnownHistory>();

  async read(root: string): Promise<SiteHistory> {
    const commit = await commitOf(root);
    if (!commit) return new Map();
    const known = this.#known.get(root);
    if (known?.commit === commit) return known.history;
    const history = readSiteHistory(root);
    this.#known.delete(root);
    this.#known.set(root, { commit, history });
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= MAX_FOLDERS) break;
      this.#known.delete(oldest);
    }
    return history;
  }
}

function commitOf(root: string): Promise<string | undefined> {
  return new Promise(resolve => {
    execFile(
      'git',
      ['-c', 'core.fsmonitor=false', 'rev-parse', '--verify', 'HEAD'],
      {
        cwd: root,
        timeout: 2000,
        env: {
          PATH: process.env.PATH,
          HOME: process.env.HOME,
          GIT_OPTIONAL_LOCKS: '0',
        },
      },
      (error, output) => resolve(error ? undefined : output.trim()),
    );
  });
}
