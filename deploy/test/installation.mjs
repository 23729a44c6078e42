import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import {
  startChild,
  waitForAnswer,
} from '../../packages/launcher/src/children.mjs';
import { freePort } from '../../packages/launcher/src/ports.mjs';
import { transformArguments } from '../../packages/launcher/src/portal.mjs';
import {
  databaseAccount,
  spawnAs,
} from '../../packages/launcher/src/postgresFiles.mjs';
import {
  lastLines,
  openLog,
  sendSignal,
  until,
  watchdog,
} from '../../packages/launcher/src/processes.mjs';
import { startThrowAwayPostgres } from '../../packages/launcher/src/throwAwayPostgres.mjs';
import { PUBLIC_URL, ask } from './client.mjs';

/** The Dockerfile's ENTRYPOINT and CMD. */
export function readCommand(repo) {
  const dockerfile = fs.readFileSync(
    path.join(repo, 'deploy/Dockerfile'),
    'utf8',
  );
  const [entrypoint, command] = ['ENTRYPOINT', 'CMD'].map(name => {
    const [, list] =
      new RegExp(`^${name} (\\[.*\\])$`, 'm').exec(dockerfile) ?? [];
    if (!list) throw new Error(`deploy/Dockerfile has no ${name} in JSON form`);
    return JSON.parse(list);
  });
  return [...entrypoint, ...command];
}

/** Two replicas, their database and their identity provider. */
export class Installation {
  /** @type {Replica[]} */
  replicas = [];
  /** @type {Error | undefined} Why the replicas could not start at the same time. */
  simultaneousStart;
  #started = [];
  #folder;
  #stops = [];

  /**
   * @param {object} options
   * @param {string} options.repo
   * @param {string} options.image - The folder that stands for the image's /app.
   * @param {Awaited<ReturnType<typeof startThrowAwayPostgres>>} [options.postgres] - One that runs already, empty.
   * @param {(line: string) => void} options.log
   */
  constructor({ repo, image, postgres, log }) {
    this.repo = repo;
    this.image = image;
    this.postgres = postgres;
    this.log = log;
    this.#folder = fs.mkdtempSync(path.join(os.tmpdir(), 'waystone-deploy-'));
    fs.chmodSync(this.#folder, 0o711);
    const secret = () => randomBytes(24).toString('base64url');
    this.secrets = { session: secret(), client: secret() };
  }

  async start() {
    const postgres = this.postgres ?? (await startThrowAwayPostgres());
    if (!this.postgres) this.#stops.push(() => postgres.stop());
    this.postgres = postgres;
    await this.#startIssuer();
    const organisation = path.join(this.#folder, 'org.yaml');
    fs.copyFileSync(path.join(this.repo, 'examples/org.yaml'), organisation);
    this.environment = {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      WAYSTONE_BASE_URL: PUBLIC_URL,
      WAYSTONE_ORGANIZATION: 'Example',
      WAYSTONE_CATALOG_ORG: organisation,
      POSTGRES_HOST: postgres.host,
      POSTGRES_PORT: String(postgres.port),
      POSTGRES_USER: postgres.user,
      POSTGRES_PASSWORD: postgres.password,
      AUTH_SESSION_SECRET: this.secrets.session,
      AUTH_OIDC_METADATA_URL: `${this.issuer}/.well-known/openid-configuration`,
      AUTH_OIDC_CLIENT_ID: 'waystone',
      AUTH_OIDC_CLIENT_SECRET: this.secrets.client,
    };
    await this.#startReplicas();
  }

  /** At the same time and on an empty database, as a Deployment does at its first installation. */
  async #startReplicas() {
    const names = ['a', 'b'];
    const results = await Promise.allSettled(
      names.map(name => this.#startWithRestarts(name)),
    );
    const failed = results.find(({ status }) => status === 'rejected');
    if (!failed) {
      this.replicas = results.map(({ value }) => value);
      return;
    }
    // Reported by a check. All others can still be made, one replica after the other and with new data.
    this.simultaneousStart = failed.reason;
    this.log('the replicas cannot start together: one after the other');
    for (const replica of this.#started.splice(0)) await replica.stop();
    await this.#emptyDatabase();
    for (const name of names) {
      const replica = await this.startReplica(name);
      this.replicas.push(replica);
      await replica.waitUntilReady();
    }
  }

  async #emptyDatabase() {
    const rows = await this.query(
      'postgres',
      "select datname from pg_database where datname like 'backstage_plugin_%'",
    );
    for (const { datname } of rows) {
      await this.query('postgres', `drop database "${datname}" with (force)`);
    }
  }

  /** @param {string} database @param {string} statement @returns {Promise<any[]>} */
  async query(database, statement) {
    const { Client } = createRequire(
      path.join(this.repo, 'packages/launcher/package.json'),
    )('pg');
    const { host, port, user, password } = this.postgres;
    const client = new Client({ host, port, user, password, database });
    await client.connect();
    try {
      return (await client.query(statement)).rows;
    } finally {
      await client.end();
    }
  }

  /** Starts a replica again when it has ended, as Kubernetes and Docker's restart policies do. */
  async #startWithRestarts(name) {
    for (let attempt = 1; ; attempt += 1) {
      const replica = await this.startReplica(name);
      try {
        await replica.waitUntilReady();
        return replica;
      } catch (error) {
        if (!replica.ended || attempt === 3) throw error;
        this.log(`replica ${name} has ended and is started again`);
      }
    }
  }

  /** The sandbox's OpenID provider, started by hand: it stands for any provider. */
  async #startIssuer() {
    const port = await freePort();
    const url = `http://localhost:${port}`;
    const issuer = startChild({
      name: 'OpenID provider',
      args: [
        ...transformArguments(),
        path.join(this.repo, 'packages/sandbox/src/main.ts'),
      ],
      cwd: this.repo,
      env: {
        ...process.env,
        NODE_ENV: 'development',
        WAYSTONE_SANDBOX_PORT: String(port),
        WAYSTONE_SANDBOX_URL: url,
        WAYSTONE_SANDBOX_ORG: path.join(this.repo, 'examples/org.yaml'),
        WAYSTONE_BASE_URL: PUBLIC_URL,
        WAYSTONE_APP_BASE_URL: '',
        AUTH_OIDC_CLIENT_ID: 'waystone',
        AUTH_OIDC_CLIENT_SECRET: this.secrets.client,
      },
      logFile: path.join(this.#folder, 'issuer.log'),
    });
    this.#stops.push(() => issuer.stop());
    this.issuer = `${url}/oidc`;
    await waitForAnswer(issuer, `${url}/healthz`, { patienceMs: 60_000 });
  }

  /** @param {string} name @param {NodeJS.ProcessEnv} [environment] */
  async startReplica(name, environment = this.environment) {
    const temporary = path.join(this.#folder, `tmp-${name}`);
    fs.mkdirSync(temporary, { recursive: true });
    const account = this.#account();
    if (account) fs.chownSync(temporary, account.uid, account.gid);
    const replica = new Replica({
      name,
      args: readCommand(this.repo).slice(1),
      cwd: this.image,
      port: await freePort(),
      env: { ...environment, TMPDIR: temporary, HOME: '/nonexistent' },
      account,
      logFile: path.join(this.#folder, `replica-${name}.log`),
    });
    this.#started.push(replica);
    this.#stops.push(() => replica.stop());
    return replica;
  }

  /** Another account than the one that owns the files, as in the image, where this test may do so and that account reaches them. */
  #account() {
    if (this.account === undefined) {
      const account = databaseAccount();
      const probe =
        account &&
        spawnSync(process.execPath, ['-e', 'require("fs").readdirSync(".")'], {
          ...spawnAs(account),
          cwd: this.image,
          env: {},
        });
      this.account = probe?.status === 0 ? account : null;
      this.log(
        this.account
          ? 'the replicas run under an account that cannot write to the image'
          : 'the replicas run under the account of this test, which owns the image',
      );
    }
    return this.account ?? undefined;
  }

  async stop() {
    for (const stop of this.#stops.reverse()) await stop();
    fs.rmSync(this.#folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** A backend that cannot start should have ended by then. */
const EXIT_PATIENCE_MS = 5000;

/** One running backend. */
export class Replica {
  #child;
  /** @type {{ code: number | null, signal: string | null } | undefined} */
  ended;

  constructor({ name, args, cwd, port, env, account, logFile }) {
    this.name = name;
    this.port = port;
    this.logFile = logFile;
    this.startedAt = Date.now();
    const log = openLog(logFile);
    this.#child = spawn(process.execPath, args, {
      cwd,
      // The image's port is fixed; two replicas on one machine need two.
      env: { ...env, APP_CONFIG_backend_listen: `127.0.0.1:${port}` },
      stdio: ['ignore', log, log],
      detached: true,
      ...spawnAs(account),
    });
    fs.closeSync(log);
    const { pid } = this.#child;
    if (pid) watchdog.add(pid, 'SIGTERM');
    this.exited = new Promise(resolve => {
      this.#child.once('error', error =>
        resolve({ code: null, signal: null, error }),
      );
      this.#child.once('exit', (code, signal) => resolve({ code, signal }));
    }).then(result => {
      this.ended = result;
      if (pid) watchdog.remove(pid);
      return result;
    });
  }

  get log() {
    return fs.readFileSync(this.logFile, 'utf8');
  }

  async isReady() {
    const answer = await ask(this, '/.backstage/health/v1/readiness', {
      timeoutMs: 5000,
    }).catch(() => undefined);
    return answer?.status === 200;
  }

  async waitUntilReady(patienceMs = 90_000) {
    let failedAt;
    const ready = await until(
      async () => {
        if (/Backend startup failed/.test(this.log)) failedAt ??= Date.now();
        const hopeless = failedAt && Date.now() - failedAt > EXIT_PATIENCE_MS;
        return Boolean(this.ended) || hopeless || (await this.isReady());
      },
      patienceMs,
      100,
    );
    if (!ready || this.ended || !(await this.isReady())) {
      throw new Error(
        `Replica ${this.name} does not become ready${
          this.ended ? '' : ', and runs on'
        }:\n${lastMessages(this.logFile)}`,
      );
    }
    this.readyAfterMs ??= Date.now() - this.startedAt;
  }

  /** @param {NodeJS.Signals} signal */
  send(signal) {
    this.#child.kill(signal);
  }

  async stop() {
    if (this.ended) return;
    sendSignal(this.#child.pid, 'SIGKILL', { group: true });
    await this.exited;
  }
}

/** What a log says beside the requests. */
function lastMessages(file) {
  return lastLines(file, 500)
    .split('\n')
    .filter(line => !line.includes('"incomingRequest"'))
    .slice(-8)
    .map(line => line.slice(0, 600))
    .join('\n');
}
