import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { devNull } from 'node:os';
import { SandboxStartError } from '../../SandboxStartError';

/** How many commands run at once, in all repositories together. */
const MAX_RUNNING = 8;

/** What an answer of git may have at most, in bytes. */
const MAX_OUTPUT = 64 * 1024 * 1024;

let running = 0;
const waiting: (() => void)[] = [];

/** Options of every command, whatever the machine's configuration says. */
const SETTINGS = [
  ['safe.directory', '*'],
  ['core.hooksPath', devNull],
  ['core.quotePath', 'false'],
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
  ['protocol.version', '2'],
  ['receive.autogc', 'false'],
  ['receive.maxInputSize', '100m'],
  ['receive.shallowUpdate', 'false'],
  ['transfer.hideRefs', 'refs/forge'],
  ['receive.hideRefs', 'refs/pull'],
  ['transfer.fsckObjects', 'true'],
  ['uploadpack.allowFilter', 'true'],
  ['uploadpack.allowAnySHA1InWant', 'true'],
].flatMap(([key, value]) => ['-c', `${key}=${value}`]);

/**
 * A git command that ended with a code other than 0.
 *
 * @internal
 */
export class GitError extends Error {
  name = 'GitError' as const;
  readonly code: number | null;
  readonly stderr: string;

  constructor(args: readonly string[], code: number | null, stderr: string) {
    super(`git ${args[0]} failed with ${code}: ${stderr.trim()}`);
    this.code = code;
    this.stderr = stderr;
  }
}

/** @internal */
export interface GitRunOptions {
  readonly input?: string | Buffer;
  readonly env?: Readonly<Record<string, string>>;
  /** Codes beside 0 that are an answer, such as 1 of `merge-tree` for a conflict. */
  readonly accept?: readonly number[];
}

/** @internal */
export interface GitResult {
  readonly code: number;
  readonly stdout: Buffer;
}

/**
 * Runs the git program on one bare repository, without a shell and without the configuration, hooks and identity of
 * whoever started the sandbox.
 *
 * @internal
 */
export class Git {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Starts a command; its standard streams are the caller's. */
  spawn(
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): ChildProcessWithoutNullStreams {
    return spawn('git', [...SETTINGS, ...args], {
      cwd: this.folder,
      env: { ...createEnvironment(this.folder), ...env } as NodeJS.ProcessEnv,
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
    });
  }

  /**
   * Runs a command to its end.
   *
   * @throws {@link GitError} if it ends with another code than 0 and those in `accept`.
   */
  async run(
    args: readonly string[],
    options: GitRunOptions = {},
  ): Promise<GitResult> {
    await takeTurn();
    try {
      return await this.#run(args, options);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
        throw new SandboxStartError(
          'The sandbox needs the program git, 2.38 or newer. Install it, and check that it is on the path.',
        );
      }
      throw error;
    } finally {
      endTurn();
    }
  }

  async #run(
    args: readonly string[],
    options: GitRunOptions,
  ): Promise<GitResult> {
    const child = this.spawn(args, options.env);
    const stdout: Buffer[] = [];
    let size = 0;
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > MAX_OUTPUT) {
        child.kill();
        return;
      }
      stdout.push(chunk);
    });
    child.stderr.on('data', chunk => {
      stderr = `${stderr}${chunk}`.slice(-4_000);
    });
    // A command that ends early closes its input; its code says why.
    child.stdin.on('error', () => {});
    child.stdin.end(options.input);
    const [code] = (await once(child, 'close')) as [number | null];
    if (size > MAX_OUTPUT) {
      throw new GitError(args, code, 'the answer is too large');
    }
    if (code === null || (code !== 0 && !options.accept?.includes(code))) {
      throw new GitError(args, code, stderr);
    }
    return { code, stdout: Buffer.concat(stdout) };
  }

  /** Runs a command and returns what it wrote. */
  async text(
    args: readonly string[],
    options?: GitRunOptions,
  ): Promise<string> {
    return (await this.run(args, options)).stdout.toString('utf8');
  }
}

function createEnvironment(folder: string): Record<string, string | undefined> {
  const { PATH, SystemRoot, TMPDIR, TEMP, LD_LIBRARY_PATH } = process.env;
  return {
    PATH,
    SystemRoot,
    TMPDIR,
    TEMP,
    LD_LIBRARY_PATH,
    HOME: folder,
    XDG_CONFIG_HOME: folder,
    LC_ALL: 'C.UTF-8',
    TZ: 'UTC',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: devNull,
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_DIR: folder,
    GIT_AUTHOR_NAME: 'Waystone sandbox',
    GIT_AUTHOR_EMAIL: 'sandbox@fernway.example',
    GIT_COMMITTER_NAME: 'Waystone sandbox',
    GIT_COMMITTER_EMAIL: 'sandbox@fernway.example',
  };
}

/** Waits until there are few enough commands. */
async function takeTurn(): Promise<void> {
  if (running >= MAX_RUNNING) {
    // Whoever ends hands the place on.
    await new Promise<void>(resolve => {
      waiting.push(resolve);
    });
    return;
  }
  running += 1;
}

function endTurn(): void {
  const next = waiting.shift();
  if (next) {
    next();
  } else {
    running -= 1;
  }
}
