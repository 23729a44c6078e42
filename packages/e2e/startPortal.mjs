import { spawn } from 'node:child_process';
import { chmod, mkdtemp } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A first start also builds the frontend. */
const PATIENCE_MS = 10 * 60_000;

/**
 * Starts the portal as `npm start` does, with data of its own.
 *
 * @param {object} options
 * @param {string} options.repo - The repository's folder.
 * @param {string} options.home - Where the portal keeps its data.
 * @param {number} [options.port] - A free one by default.
 * @param {number} [options.sandboxPort]
 * @param {Record<string, string>} [options.env]
 * @param {(line: string) => void} [options.onLine] - Told every line that the launcher writes.
 * @returns {Promise<{ url: string, sandboxUrl: string, pid: number, lines: string[], stop: () => Promise<void> }>}
 */
export async function startPortal({
  repo,
  home,
  port,
  sandboxPort,
  env = {},
  onLine = () => {},
}) {
  const ports = [port ?? (await freePort()), sandboxPort ?? (await freePort())];
  const child = spawn(
    process.execPath,
    [join(repo, 'packages/launcher/bin/waystone-run.mjs'), 'start'],
    {
      cwd: repo,
      env: {
        ...withoutPortalSettings(process.env),
        ...env,
        WAYSTONE_HOME: home,
        WAYSTONE_PORT: String(ports[0]),
        WAYSTONE_SANDBOX_PORT: String(ports[1]),
        WAYSTONE_SANDBOX_KUBECTL_PORT: String(await freePort()),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const exited = new Promise(resolve => {
    child.once('error', resolve);
    child.once('exit', resolve);
  });
  const stop = async () => {
    child.kill('SIGINT');
    await exited;
  };

  const lines = [];
  let rest = '';
  const ready = new Promise((resolve, reject) => {
    const take = chunk => {
      const parts = (rest + chunk).split('\n');
      rest = parts.pop();
      for (const line of parts) {
        lines.push(line);
        onLine(line);
        if (/is ready at/.test(line)) resolve();
      }
    };
    child.stdout.setEncoding('utf8').on('data', take);
    child.stderr.setEncoding('utf8').on('data', take);
    exited.then(() =>
      reject(
        new Error(
          `The portal for the journeys did not start:\n${lines
            .slice(-20)
            .join('\n')}`,
        ),
      ),
    );
    setTimeout(
      () =>
        reject(
          new Error(
            `The portal for the journeys was not ready within ${
              PATIENCE_MS / 60_000
            } minutes. Its logs: ${join(home, 'logs')}`,
          ),
        ),
      PATIENCE_MS,
    ).unref();
  });
  try {
    await ready;
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url: `http://localhost:${ports[0]}`,
    sandboxUrl: `http://localhost:${ports[1]}`,
    pid: child.pid,
    lines,
    stop,
  };
}

/**
 * A folder for what goes away afterwards. Root's database runs under another account, which must get through to its data:
 * otherwise the launcher keeps them elsewhere, and they stay.
 *
 * @param {string} name
 */
export async function temporaryFolder(name) {
  const folder = await mkdtemp(join(tmpdir(), `${name}-`));
  await chmod(folder, 0o711);
  return folder;
}

/** A port that nobody listens on. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Settings of a portal that runs already must not leak into the one of the journeys. */
function withoutPortalSettings(env) {
  return Object.fromEntries(
    Object.entries(env).filter(
      ([name]) => !/^(WAYSTONE_|POSTGRES_|AUTH_|BACKEND_SECRET)/.test(name),
    ),
  );
}
