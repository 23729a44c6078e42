import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A bare repository with a work tree beside it, for tests. */
export class GitFixture {
  readonly bare: string;
  readonly #work: string;

  constructor(folder: string, name: string) {
    this.bare = join(folder, `${name}.git`);
    this.#work = join(folder, `${name}-work`);
    mkdirSync(this.#work, { recursive: true });
    this.#git(['init', '--quiet', '--bare', '-b', 'main', this.bare]);
    this.#git(['init', '--quiet', '-b', 'main']);
    this.#git(['remote', 'add', 'origin', this.bare]);
  }

  /** Writes (or with null deletes) files, commits and pushes. Returns the commit. */
  commit(files: Record<string, string | null>, message = 'change'): string {
    for (const [path, text] of Object.entries(files)) {
      const file = join(this.#work, path);
      if (text === null) {
        rmSync(file);
      } else {
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, text);
      }
    }
    this.#git(['add', '-A']);
    this.#git(['commit', '--quiet', '--allow-empty', '-m', message]);
    this.#git(['push', '--quiet', 'origin', 'HEAD:main']);
    return this.#git(['rev-parse', 'HEAD']).trim();
  }

  tag(name: string) {
    this.#git(['tag', '-a', name, '-m', name]);
    this.#git(['push', '--quiet', 'origin', name]);
  }

  #git(args: string[]): string {
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
        cwd: this.#work,
        encoding: 'utf8',
        env: {
          PATH: process.env.PATH,
          GIT_CONFIG_GLOBAL: '/dev/null',
          GIT_CONFIG_NOSYSTEM: '1',
        },
      },
    );
  }
}
