import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const MAIN = require.resolve('../../../sandbox/src/main.ts');
const REPOSITORY = resolve(dirname(MAIN), '../../..');
const ORGANISATION = join(REPOSITORY, 'examples/org.yaml');
const TRANSFORM = require.resolve('@backstage/cli/config/nodeTransform.cjs');

/** A running sandbox. */
export interface RunningSandbox {
  /** Without a slash at the end; systems are below it, such as `/vault`. */
  readonly url: string;
  /** What every system takes as credentials. */
  readonly token: string;
  /** Where it keeps what survives a restart, such as `kubernetes/kubeconfig`. */
  readonly stateFolder: string;
  /** What it has written so far. */
  output(): string;
  /** Ends it and removes its state. */
  stop(): Promise<void>;
}

/**
 * Starts the sandbox in a process of its own, on a free port, with a state of its own.
 *
 * @remarks
 * This package knows it only by its wire protocols, as it knows the real systems.
 */
export async function startSandbox(
  environment: Readonly<Record<string, string>> = {},
): Promise<RunningSandbox> {
  const stateFolder = await mkdtemp(join(tmpdir(), 'waystone-sandbox-'));
  const token = 'token-of-the-conformance-tests';
  const child = fork(MAIN, {
    env: {
      // SWC, which compiles the sandbox on the fly, unpacks its native part below the home folder.
      HOME: process.env.HOME ?? '',
      PATH: process.env.PATH ?? '',
      NODE_ENV: 'development',
      AUTH_OIDC_CLIENT_SECRET: 'secret-of-the-tests',
      WAYSTONE_SANDBOX_PORT: '0',
      WAYSTONE_SANDBOX_ORG: ORGANISATION,
      WAYSTONE_SANDBOX_STATE: stateFolder,
      WAYSTONE_SANDBOX_TOKEN: token,
      WAYSTONE_SANDBOX_SPEED: '50',
      ...databaseEnvironment(),
      ...environment,
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
    child.stderr!.on('data', chunk => {
      output += chunk;
    });
    child.stdout!.on('data', chunk => {
      output += chunk;
      const ready = /ready at (\S+)/.exec(output)?.[1];
      if (ready) {
        resolveUrl(ready);
      }
    });
  });
  return {
    url,
    token,
    stateFolder,
    output: () => output,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
      await rm(stateFolder, { recursive: true, force: true });
    },
  };
}

/** The PostgreSQL of the test run; undefined where there is none. */
export function testDatabaseUrl(): URL | undefined {
  const text = process.env.BACKSTAGE_TEST_DATABASE_POSTGRES18_CONNECTION_STRING;
  return text ? new URL(text) : undefined;
}

function databaseEnvironment(): Record<string, string> {
  const url = testDatabaseUrl();
  return url
    ? {
        POSTGRES_HOST: url.hostname,
        POSTGRES_PORT: url.port,
        POSTGRES_USER: decodeURIComponent(url.username),
        POSTGRES_PASSWORD: decodeURIComponent(url.password),
      }
    : {};
}
