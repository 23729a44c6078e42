import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import {
  describeChildren,
  exitProblem,
  startChild,
  waitForAnswer,
} from './children.mjs';
import { acquireLock } from './lock.mjs';
import { parsePort, requireFreePort } from './ports.mjs';
import { removePostgresData, startPostgres } from './postgres.mjs';
import { Problem } from './problems.mjs';
import { stopProcess } from './processes.mjs';
import { loadSecrets } from './secrets.mjs';
import { waitForPeople } from './waitForPeople.mjs';

/** Together with PostgreSQL's own 8 s this keeps Ctrl-C under 10 s in all but the worst case. */
const STOP_PATIENCE_MS = 5000;

/**
 * @param {import('./context.mjs').Context} context
 * @param {{ port?: string, fleet?: string }} options
 */
export function portalSettings(
  { repo, home, command },
  { port: wanted, fleet },
) {
  const env = process.env;
  const port = parsePort(wanted ?? env.WAYSTONE_PORT, 7007, 'The port');
  const sandboxPort = parsePort(
    env.WAYSTONE_SANDBOX_PORT,
    port + 1,
    'WAYSTONE_SANDBOX_PORT',
  );
  const kubectlPort = parsePort(
    env.WAYSTONE_SANDBOX_KUBECTL_PORT,
    sandboxPort + 1,
    'WAYSTONE_SANDBOX_KUBECTL_PORT',
  );
  const appPort = parsePort(env.WAYSTONE_APP_PORT, 3000, 'WAYSTONE_APP_PORT');
  const baseUrl = env.WAYSTONE_BASE_URL || `http://localhost:${port}`;
  return {
    port,
    sandboxPort,
    kubectlPort,
    appPort,
    fleet: fleet ?? env.WAYSTONE_SANDBOX_FLEET,
    baseUrl,
    sandboxUrl: env.WAYSTONE_SANDBOX_URL || `http://localhost:${sandboxPort}`,
    appBaseUrl:
      env.WAYSTONE_APP_BASE_URL ||
      (command === 'dev' ? `http://localhost:${appPort}` : baseUrl),
    dataFolder: path.join(home, 'postgres', 'data'),
    configFiles: configFiles(repo),
  };
}

/**
 * @param {string} repo
 * @returns {string[]} The layers of a portal on this machine; later ones win.
 */
export function configFiles(repo) {
  return ['app-config.yaml', 'app-config.sandbox.yaml', 'app-config.local.yaml']
    .map(name => path.join(repo, name))
    .filter(file => fs.existsSync(file));
}

/** @param {string[]} files */
export function configArguments(files) {
  return files.flatMap(file => ['--config', file]);
}

/**
 * Everything that runs for one portal: taken in order, stopped in reverse order.
 */
export class Portal {
  #lock;
  #running = [];
  #stopping;
  #newPassword = false;

  /**
   * @param {import('./context.mjs').Context} context
   * @param {ReturnType<typeof portalSettings>} settings
   */
  constructor(context, settings) {
    this.context = context;
    this.settings = settings;
  }

  /** Makes sure that this is the only portal on its data, and cleans up after one that was killed. */
  async lock() {
    const file = path.join(this.context.home, 'run.json');
    const result = acquireLock(file, { url: this.settings.appBaseUrl });
    if ('holder' in result) {
      const { pid, url } = result.holder;
      throw new Problem(
        `Waystone is already running (process ${pid}) at ${url}. Stop it with Ctrl-C in its terminal, or open it in your browser.`,
      );
    }
    this.#lock = result.lock;
    const { secrets, newPassword } = loadSecrets(this.context.home);
    this.secrets = secrets;
    this.#newPassword = newPassword;
    const left = result.lock.stale?.children ?? [];
    await Promise.all(
      left.map(child =>
        stopProcess(child, {
          group: true,
          signal: child.signal ?? 'SIGTERM',
          patienceMs: STOP_PATIENCE_MS,
        }),
      ),
    );
  }

  async checkPorts() {
    const { port, sandboxPort, kubectlPort, appPort } = this.settings;
    const command =
      this.context.command === 'dev' ? 'npm run dev' : 'npm start';
    const moved = {
      command,
      variable: 'WAYSTONE_PORT',
      suggestion: port + 100,
    };
    await requireFreePort(port, moved);
    await requireFreePort(sandboxPort, {
      command,
      variable: 'WAYSTONE_SANDBOX_PORT',
      suggestion: sandboxPort + 100,
    });
    await requireFreePort(kubectlPort, {
      command,
      variable: 'WAYSTONE_SANDBOX_KUBECTL_PORT',
      suggestion: kubectlPort + 100,
    });
    if (this.context.command === 'dev') {
      await requireFreePort(appPort, {
        command,
        variable: 'WAYSTONE_APP_PORT',
        suggestion: appPort + 100,
      });
    }
  }

  /** Removes the database and the sandbox's state. */
  async reset() {
    const removed = await removePostgresData(this.settings.dataFolder);
    fs.rmSync(this.#sandboxState(), { recursive: true, force: true });
    this.context.output.line(
      removed
        ? `› Removed the database (${removed}). Sources, settings and secrets are kept.`
        : '› There is no database to remove.',
    );
  }

  /** Starts PostgreSQL. */
  async startDatabase() {
    const { logs, output } = this.context;
    const database = await startPostgres({
      dataFolder: this.settings.dataFolder,
      password: this.secrets.postgresPassword,
      setPassword: this.#newPassword,
      logFile: path.join(logs, 'postgres.log'),
      log: text => output.line(`› ${text}`),
    });
    this.database = database;
    this.#track({
      ...database,
      name: 'database',
      logFile: path.join(logs, 'postgres.log'),
      signal: 'SIGINT',
    });
  }

  /** Starts the sandbox, which stands in for the platform's systems and for the identity provider. */
  async startSandbox({ watch = false, onLine } = {}) {
    const { repo, logs } = this.context;
    const sandbox = this.#track(
      startChild({
        name: 'sandbox',
        args: [
          ...(watch ? ['--watch', '--watch-preserve-output'] : []),
          // It keeps little and throws much away: with Node's default it holds a third more memory at the same speed.
          '--max-semi-space-size=4',
          ...transformArguments(),
          path.join(repo, 'packages/sandbox/src/main.ts'),
        ],
        cwd: repo,
        // It signs anybody in, so it refuses to run as if in production.
        env: { ...this.environment(), NODE_ENV: 'development' },
        logFile: path.join(logs, 'sandbox.log'),
        onLine,
      }),
    );
    await waitForAnswer(
      sandbox,
      `http://localhost:${this.settings.sandboxPort}/healthz`,
      { patienceMs: 60_000 },
    );
  }

  /**
   * Starts the backend from its sources, with the built frontend in it.
   *
   * @returns {Promise<import('./children.mjs').Child>}
   */
  async startBackend({ onLine } = {}) {
    const { repo, logs } = this.context;
    const backend = this.#track(
      startChild({
        name: 'backend',
        args: [
          // Half of Node's default: a quarter less resident memory at the same speed.
          '--max-semi-space-size=8',
          ...transformArguments(),
          path.join(repo, 'packages/backend/src/index.ts'),
          ...configArguments(this.settings.configFiles),
        ],
        // Paths in the configuration are relative to the backend's folder, as with `backstage-cli package start`.
        cwd: path.join(repo, 'packages/backend'),
        env: this.environment(),
        logFile: path.join(logs, 'backend.log'),
        onLine,
      }),
    );
    await this.waitForBackend(backend);
    await waitForPeople(this.database);
    return backend;
  }

  /** @param {import('./children.mjs').Child} backend */
  async waitForBackend(backend) {
    await waitForAnswer(
      backend,
      `http://localhost:${this.settings.port}/.backstage/health/v1/readiness`,
      // Backstage only logs that a plugin failed to start, and goes on answering "not ready".
      { patienceMs: 300_000, failure: /BackendStartupError/ },
    );
  }

  /**
   * Starts `backstage-cli package start` for a package: it restarts or reloads when sources change.
   *
   * @param {string} name
   * @param {string} folder
   * @param {(line: string) => void} onLine
   * @returns {import('./children.mjs').Child}
   */
  startPackage(name, folder, onLine) {
    const { repo, logs } = this.context;
    return this.#track(
      startChild({
        name,
        args: [
          backstageCli(),
          'package',
          'start',
          ...configArguments(this.settings.configFiles),
        ],
        cwd: path.join(repo, folder),
        env: { ...this.environment(), NODE_ENV: 'development' },
        logFile: path.join(logs, `${name}.log`),
        onLine,
      }),
    );
  }

  /** @returns {NodeJS.ProcessEnv} What the backend, the sandbox and the configuration files read. */
  environment() {
    const { settings, database, secrets } = this;
    return {
      ...process.env,
      NODE_ENV: 'production',
      WAYSTONE_HOME: this.context.home,
      WAYSTONE_BASE_URL: settings.baseUrl,
      WAYSTONE_PORT: String(settings.port),
      WAYSTONE_APP_BASE_URL: settings.appBaseUrl,
      WAYSTONE_APP_PORT: String(settings.appPort),
      WAYSTONE_SANDBOX_URL: settings.sandboxUrl,
      // Backstage's forge integrations are found by it.
      WAYSTONE_SANDBOX_HOST: new URL(settings.sandboxUrl).host,
      WAYSTONE_SANDBOX_PORT: String(settings.sandboxPort),
      WAYSTONE_SANDBOX_KUBECTL_PORT: String(settings.kubectlPort),
      ...(settings.fleet && { WAYSTONE_SANDBOX_FLEET: settings.fleet }),
      WAYSTONE_SANDBOX_TOKEN: secrets?.sandboxToken ?? '',
      WAYSTONE_SANDBOX_ORG:
        process.env.WAYSTONE_SANDBOX_ORG ??
        path.join(this.context.repo, 'examples', 'org.yaml'),
      // Sessions and signing keys: people stay signed in over a restart.
      WAYSTONE_SANDBOX_STATE: this.#sandboxState(),
      POSTGRES_HOST: database?.host ?? '127.0.0.1',
      POSTGRES_PORT: String(database?.port ?? 5432),
      POSTGRES_USER: database?.user ?? 'postgres',
      POSTGRES_PASSWORD: secrets?.postgresPassword ?? '',
      AUTH_SESSION_SECRET: secrets?.sessionSecret ?? '',
      AUTH_OIDC_CLIENT_ID: 'waystone',
      AUTH_OIDC_CLIENT_SECRET: secrets?.oidcClientSecret ?? '',
    };
  }

  /** @returns {Promise<Problem>} Resolves when one of the programs ends by itself. */
  async failure() {
    const first = await Promise.race(
      this.#running.map(child => child.exited.then(() => child)),
    );
    if (this.#stopping) return new Promise(() => {});
    return exitProblem(first, 'has stopped');
  }

  /** Stops everything, the database last. Safe to call more than once. */
  stop() {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop() {
    const isDatabase = child => child.name === 'database';
    const stopAll = list =>
      Promise.all(list.map(c => c.stop(STOP_PATIENCE_MS)));
    await stopAll(this.#running.filter(child => !isDatabase(child)));
    await stopAll(this.#running.filter(isDatabase));
    this.#lock?.release();
  }

  #sandboxState() {
    return path.join(this.context.home, 'sandbox');
  }

  #track(child) {
    this.#running.push(child);
    this.#lock?.update({ children: describeChildren(this.#running) });
    // A stop that was asked for while this one started.
    if (this.#stopping) child.stop();
    return child;
  }
}

const require = createRequire(import.meta.url);

/** @returns {string} The Backstage CLI's program. */
export function backstageCli() {
  return path.join(
    path.dirname(require.resolve('@backstage/cli/package.json')),
    'bin/backstage-cli',
  );
}

/** @returns {string[]} Makes Node run TypeScript, the way `backstage-cli package start` does. */
export function transformArguments() {
  return [
    '--require',
    require.resolve('@backstage/cli/config/nodeTransform.cjs'),
  ];
}
