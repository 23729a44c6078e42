import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../startPortal.mjs';
import { median, residentMemory, sleep, untilAnswers } from './figures.mjs';
import { measurePages, waitForFirstPage } from './measurePages.mjs';

/**
 * Figures of the stock app from an earlier run, shown when no stock app is given. A range is what several runs gave.
 */
export const STOCK_REFERENCE = {
  source:
    '`@backstage/create-app` 0.9.2 (Backstage 1.55.0), production build, embedded PostgreSQL, measured earlier on a machine of the same kind',
  firstBackend: '10.6 s',
  laterBackend: '6.1–7.6 s',
  memory: '480–590 MB',
  firstTransferred: '1,184 kB',
  firstLcp: '1.57 s',
  entityLcp: '1.13 s',
};

/**
 * Measures an app made by `@backstage/create-app`, with its dependencies installed and its frontend built. It runs on an
 * embedded PostgreSQL as Waystone does, from its sources as Waystone does, with guest sign-in.
 *
 * @param {{ repo: string, folder: string, log: (line: string) => void, runs: number, idleMs: number }} options
 */
export async function measureStock({ repo, folder, log, runs, idleMs }) {
  if (!existsSync(join(folder, 'packages/app/dist/index.html'))) {
    throw new Error(
      `${folder} has no built frontend. Run 'yarn tsc && yarn build:all' there first.`,
    );
  }
  const temp = await mkdtemp(join(tmpdir(), 'stock-bench-'));
  const database = await startDatabase(repo);
  const port = await freePort();
  const config = join(temp, 'app-config.bench.yaml');
  await writeFile(config, stockConfig(port, database.url));
  const target = {
    url: `http://localhost:${port}`,
    signIn: page => page.getByRole('button', { name: 'Enter' }).click(),
    first: { path: '/', shows: 'example-website' },
  };
  let app;
  try {
    log('Stock: first start with empty data …');
    app = await startStock(folder, config, port);
    const first = app.ms;
    await waitForFirstPage(target);
    const later = [];
    for (let run = 0; run < runs; run++) {
      await app.stop();
      log(`Stock: start ${run + 2} …`);
      app = await startStock(folder, config, port);
      later.push(app.ms);
    }
    log('Stock: memory …');
    await sleep(idleMs);
    const memory = await residentMemory(app.pid);
    log('Stock: pages …');
    const pages = await measurePages({
      ...target,
      entity: {
        path: '/catalog/default/component/example-website',
        shows: 'example-website',
      },
      runs,
    });
    return {
      firstBackend: first,
      laterBackend: median(later),
      memory,
      ...pages,
    };
  } finally {
    await app?.stop();
    await database.stop();
    await rm(temp, { recursive: true, force: true });
  }
}

function stockConfig(port, databaseUrl) {
  const {
    hostname,
    port: databasePort,
    username,
    password,
  } = new URL(databaseUrl);
  const baseUrl = `http://localhost:${port}`;
  // JSON is YAML.
  return JSON.stringify({
    app: { baseUrl },
    backend: {
      baseUrl,
      listen: { port },
      cors: { origin: baseUrl },
      database: {
        client: 'pg',
        connection: {
          host: hostname,
          port: Number(databasePort),
          user: decodeURIComponent(username),
          password: decodeURIComponent(password),
        },
      },
    },
    auth: {
      providers: { guest: { dangerouslyAllowOutsideDevelopment: true } },
    },
  });
}

async function startStock(folder, config, port) {
  const output = [];
  const child = spawn(
    process.execPath,
    [
      '--require',
      join(folder, 'node_modules/@backstage/cli/config/nodeTransform.cjs'),
      'src/index.ts',
      '--config',
      join(folder, 'app-config.yaml'),
      '--config',
      config,
    ],
    {
      cwd: join(folder, 'packages/backend'),
      env: { ...process.env, NODE_ENV: 'production' },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  child.stdout.on('data', chunk => output.push(chunk));
  child.stderr.on('data', chunk => output.push(chunk));
  const exited = new Promise(resolve => child.once('exit', resolve));
  const stop = async () => {
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
    await exited;
    clearTimeout(timer);
  };
  try {
    const ms = await untilAnswers(
      `http://localhost:${port}/.backstage/health/v1/readiness`,
      {
        patienceMs: 180_000,
        failed: () =>
          child.exitCode === null
            ? undefined
            : `The stock app did not start:\n${Buffer.concat(output)
                .toString()
                .slice(-3000)}`,
      },
    );
    return { ms, pid: child.pid, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** An embedded PostgreSQL of the same kind as Waystone's. */
async function startDatabase(repo) {
  const child = spawn(
    process.execPath,
    [join(repo, 'packages/launcher/bin/waystone-run.mjs'), 'postgres'],
    { cwd: repo, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const exited = new Promise(resolve => child.once('exit', resolve));
  let text = '';
  const url = await new Promise((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', chunk => {
      text += chunk;
      const [found] = /postgres(?:ql)?:\/\/\S+/.exec(text) ?? [];
      if (found && text.endsWith('\n')) resolve(found);
    });
    exited.then(() => reject(new Error(`PostgreSQL did not start: ${text}`)));
  });
  return {
    url,
    stop: async () => {
      child.kill('SIGINT');
      await exited;
    },
  };
}
