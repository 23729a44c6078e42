import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { devNull, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import express from 'express';
import { createFaultTable } from '../../core/FaultTable';
import { createSandboxContext } from '../../core/createSandboxContext';
import { createForge } from '../createForge';
import type { Forge } from '../Forge';
import type { SystemHook } from '../hooks/deliverHooks';

const run = promisify(execFile);

/** The token of the tests. */
export const TOKEN = 'token-of-the-tests';

/** A forge on a port of its own, with an empty state folder. */
export class ForgeServer {
  readonly forge: Forge;
  readonly folder: string;
  readonly origin: string;
  readonly #server: Server;

  /** @param folder - the state of a forge before, to start again on it */
  static async start(
    folder?: string,
    systemHook?: SystemHook,
  ): Promise<ForgeServer> {
    const app = express();
    const server = createServer(app);
    await new Promise<void>(resolve => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const { port } = server.address() as AddressInfo;
    const origin = `http://localhost:${port}`;
    const stateFolder = folder ?? (await mkdtemp(join(tmpdir(), 'forge-')));
    const forge = createForge(
      createSandboxContext({
        url: origin,
        stateFolder,
        token: TOKEN,
        faults: createFaultTable(),
        speed: 1000,
        log: () => {},
      }),
      {
        systemHook,
        people: [
          {
            name: 'maya.okafor',
            displayName: 'Maya Okafor',
            email: 'maya.okafor@fernway.example',
          },
        ],
      },
    );
    app.use(forge.part.path, forge.part.handler);
    await forge.part.start?.();
    return new ForgeServer(forge, stateFolder, origin, server);
  }

  private constructor(
    forge: Forge,
    folder: string,
    origin: string,
    server: Server,
  ) {
    this.forge = forge;
    this.folder = folder;
    this.origin = origin;
    this.#server = server;
  }

  /** The forge's address. */
  get url(): string {
    return `${this.origin}/gitea`;
  }

  /** The address of a repository with or without credentials in it. */
  cloneUrl(path: string, credentials = ''): string {
    return `${this.url}/${path}.git`.replace('//', `//${credentials}`);
  }

  /** Calls the REST API. */
  async call(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = { Authorization: `token ${TOKEN}` },
  ): Promise<{ status: number; headers: Headers; body: any }> {
    const response = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: { 'Content-Type': 'application/json', ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: /json/.test(response.headers.get('content-type') ?? '')
        ? JSON.parse(text)
        : text,
    };
  }

  /** Ends the server and what runs in it; the state stays. */
  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise(resolve => {
      this.#server.close(resolve);
    });
    await this.forge.part.stop?.();
  }

  /** Ends it and removes the state. */
  async remove(): Promise<void> {
    await this.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Runs the machine's git as a user would, but without the configuration of whoever runs the tests. */
export async function git(cwd: string, ...args: string[]): Promise<string> {
  const { stdout, stderr } = await run('git', args, {
    cwd,
    env: {
      PATH: process.env.PATH,
      HOME: cwd,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: devNull,
      GIT_TERMINAL_PROMPT: '0',
      GIT_AUTHOR_NAME: 'Maya Okafor',
      GIT_AUTHOR_EMAIL: 'maya.okafor@fernway.example',
      GIT_COMMITTER_NAME: 'Maya Okafor',
      GIT_COMMITTER_EMAIL: 'maya.okafor@fernway.example',
    } as NodeJS.ProcessEnv,
  });
  return stdout + stderr;
}

/** Waits until something is so. */
export async function until<T>(
  read: () => T | Promise<T>,
  isDone: (value: T) => boolean,
): Promise<T> {
  for (;;) {
    const value = await read();
    if (isDone(value)) {
      return value;
    }
    await new Promise(resolve => {
      setTimeout(resolve, 10);
    });
  }
}
