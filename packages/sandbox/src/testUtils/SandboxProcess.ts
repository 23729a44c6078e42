import { ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

const MAIN = require.resolve('../main.ts');
const TRANSFORM = require.resolve('@backstage/cli/config/nodeTransform.cjs');

export const CLIENT_ID = 'waystone';
export const CLIENT_SECRET = 'secret-of-the-tests';
export const PORTAL_URL = 'http://localhost:17007';

/**
 * The sandbox as the launcher runs it: in a process of its own, which also loads oidc-provider, an ES module that
 * Jest cannot.
 */
export class SandboxProcess {
  readonly child: ChildProcess;
  #stdout = '';
  #stderr = '';
  #url = '';
  readonly #ended: Promise<unknown>;

  /** Starts a sandbox on a free port, unless the environment says otherwise, and waits until it answers. */
  static async start(
    environment: Record<string, string>,
  ): Promise<SandboxProcess> {
    const sandbox = SandboxProcess.spawn(environment);
    await new Promise<void>((resolve, reject) => {
      sandbox.child.once('exit', () => reject(new Error(sandbox.output)));
      sandbox.child.stdout!.on('data', () => {
        const url = /ready at (\S+)/.exec(sandbox.#stdout)?.[1];
        if (url) {
          sandbox.#url = url;
          resolve();
        }
      });
    });
    return sandbox;
  }

  /** Starts a sandbox without waiting. */
  static spawn(environment: Record<string, string>): SandboxProcess {
    return new SandboxProcess({
      // SWC, which compiles the sandbox on the fly, unpacks its native part below the home folder.
      HOME: process.env.HOME ?? '',
      PATH: process.env.PATH ?? '',
      NODE_ENV: 'development',
      WAYSTONE_SANDBOX_PORT: '0',
      WAYSTONE_BASE_URL: PORTAL_URL,
      AUTH_OIDC_CLIENT_ID: CLIENT_ID,
      AUTH_OIDC_CLIENT_SECRET: CLIENT_SECRET,
      ...environment,
    });
  }

  private constructor(env: Record<string, string>) {
    this.child = fork(MAIN, {
      env: env as NodeJS.ProcessEnv,
      execArgv: ['--require', TRANSFORM],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.child.stdout!.on('data', chunk => {
      this.#stdout += chunk;
    });
    this.child.stderr!.on('data', chunk => {
      this.#stderr += chunk;
    });
    this.#ended = Promise.all([
      once(this.child, 'exit'),
      once(this.child.stdout!, 'end'),
      once(this.child.stderr!, 'end'),
    ]);
  }

  get url(): string {
    return this.#url;
  }

  get issuer(): string {
    return `${this.#url}/oidc`;
  }

  get output(): string {
    return this.#stdout + this.#stderr;
  }

  /** Waits for the end of the process and of its output; the exit code. */
  async exit(): Promise<number | null> {
    // Not 'close', which never comes after disconnect().
    await this.#ended;
    return this.child.exitCode;
  }

  async stop(): Promise<number | null> {
    this.child.kill('SIGTERM');
    return this.exit();
  }
}
