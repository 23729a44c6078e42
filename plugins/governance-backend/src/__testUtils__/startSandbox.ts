import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const MAIN = resolve(
  dirname(require.resolve('@waystone/integrations/package.json')),
  '../sandbox/src/main.ts',
);
const TRANSFORM = require.resolve('@backstage/cli/config/nodeTransform.cjs');

/** A sandbox as a process of its own, known by its wire protocols only. */
export interface RunningSandbox {
  readonly url: string;
  readonly token: string;
  stop(): Promise<void>;
}

/** Starts it on a free port, with a state of its own. */
export async function startSandbox(): Promise<RunningSandbox> {
  const stateFolder = await mkdtemp(join(tmpdir(), 'governance-sandbox-'));
  const token = 'token-of-the-governance-tests';
  const child = fork(MAIN, {
    env: {
      // SWC, which compiles the sandbox on the fly, unpacks its native part below the home folder.
      HOME: process.env.HOME ?? '',
      PATH: process.env.PATH ?? '',
      NODE_ENV: 'development',
      AUTH_OIDC_CLIENT_SECRET: 'secret-of-the-tests',
      WAYSTONE_SANDBOX_PORT: '0',
      WAYSTONE_SANDBOX_ORG: resolve(
        dirname(MAIN),
        '../../../examples/org.yaml',
      ),
      WAYSTONE_SANDBOX_STATE: stateFolder,
      WAYSTONE_SANDBOX_TOKEN: token,
      WAYSTONE_SANDBOX_SPEED: '50',
    } as unknown as NodeJS.ProcessEnv,
    execArgv: ['--require', TRANSFORM],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  const ended = once(child, 'exit');
  const url = await new Promise<string>((resolveUrl, reject) => {
    child.once('exit', () =>
      reject(new Error(`The sandbox has ended:\n${output}`)),
    );
    const read = (chunk: Buffer) => {
      output += chunk;
      const ready = /ready at (\S+)/.exec(output)?.[1];
      if (ready) {
        resolveUrl(ready);
      }
    };
    child.stdout!.on('data', read);
    child.stderr!.on('data', read);
  });
  return {
    url,
    token,
    async stop() {
      child.kill('SIGTERM');
      await ended;
      await rm(stateFolder, { recursive: true, force: true });
    },
  };
}
