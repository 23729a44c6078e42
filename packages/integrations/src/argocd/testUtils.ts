import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { applicationSchema } from './types';
import type { ArgoCdApplication } from './types';

/** An Application as Argo CD answers it, with what a test wants different. @public */
export function mockArgoCdApplication(
  name: string,
  changes: { readonly [field: string]: unknown } = {},
): ArgoCdApplication {
  return applicationSchema.parse({
    metadata: { name, namespace: 'argocd', uid: `uid-of-${name}` },
    spec: {
      project: 'default',
      source: {
        repoURL: 'https://git.example.com/shop/web.git',
        path: 'deploy',
        targetRevision: 'HEAD',
      },
      destination: { name: 'in-cluster', namespace: name },
    },
    status: {
      sync: { status: 'Synced', revision: 'a'.repeat(40) },
      health: { status: 'Healthy' },
    },
    ...changes,
  });
}

/** A work tree whose commits go to a repository. Needs git. @internal */
export class GitWorkTree {
  readonly #folder = mkdtempSync(join(tmpdir(), 'waystone-git-'));

  /** @param remote - where to push, with the credentials in it */
  constructor(remote: string) {
    this.#git('init', '--quiet', '-b', 'main');
    this.#git('remote', 'add', 'origin', remote);
  }

  /** Writes files, or deletes those that are null, and pushes to `main`. Returns the commit. */
  commit(
    files: Readonly<Record<string, string | null>>,
    message = 'change',
  ): string {
    for (const [path, text] of Object.entries(files)) {
      const file = join(this.#folder, path);
      if (text === null) {
        rmSync(file);
      } else {
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, text);
      }
    }
    this.#git('add', '-A');
    this.#git('commit', '--quiet', '-m', message);
    this.#git('push', '--quiet', '--force', 'origin', 'HEAD:main');
    return this.#git('rev-parse', 'HEAD').trim();
  }

  remove() {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #git(...args: string[]): string {
    return execFileSync(
      'git',
      [
        '-c',
        'user.name=Maya Okafor',
        '-c',
        'user.email=maya@example.com',
        ...args,
      ],
      {
        cwd: this.#folder,
        encoding: 'utf8',
        env: {
          PATH: process.env.PATH,
          GIT_CONFIG_GLOBAL: '/dev/null',
          GIT_CONFIG_NOSYSTEM: '1',
          GIT_TERMINAL_PROMPT: '0',
        } as unknown as NodeJS.ProcessEnv,
      },
    );
  }
}
