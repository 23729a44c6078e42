import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {
  accountOf,
  databaseAccount,
  reachableData,
  reachableNative,
  spawnAs,
} from './postgresFiles.mjs';
import { freePort } from './ports.mjs';
import { Problem, machineCause, placeProblem } from './problems.mjs';
import {
  commandLine,
  identify,
  lastLines,
  lastLinesOf,
  openLog,
  stopProcess,
  until,
  watchdog,
} from './processes.mjs';

const HOST = '127.0.0.1';
const USER = 'postgres';

/**
 * @typedef {object} PostgresOptions
 * @property {string} dataFolder - Where the data is kept. Made when it is not there.
 * @property {string} password - The password of the user `postgres`.
 * @property {number} [port] - A free one is chosen when left out.
 * @property {string} logFile - Where the server writes its messages.
 * @property {boolean} [throwAway] - The data need not survive a crash: much faster, for tests.
 * @property {boolean} [setPassword] - The data may have been made with another password: set this one.
 * @property {(text: string) => void} [log] - Told what is unusual.
 * @property {AbortSignal} [signal]
 *
 * @typedef {object} Postgres
 * @property {string} host
 * @property {number} port
 * @property {string} user
 * @property {string} password
 * @property {string} connectionString
 * @property {string} dataFolder - Where the data really is.
 * @property {number} pid
 * @property {boolean} created - Whether the data folder is new.
 * @property {Promise<{ code: number | null, signal: string | null }>} exited
 * @property {() => Promise<void>} stop
 */

/**
 * Starts PostgreSQL on 127.0.0.1 and waits until it takes connections.
 *
 * @param {PostgresOptions} options
 * @returns {Promise<Postgres>}
 */
export async function startPostgres(options) {
  const { password, throwAway = false, logFile, log = () => {} } = options;
  const nobody = databaseAccount();
  const { native, version } = reachableNative(nobody);
  const dataFolder = reachableData(options.dataFolder, nobody);
  const account = accountOf(nobody, dataFolder);
  if (dataFolder !== options.dataFolder) {
    log(
      `PostgreSQL runs as "nobody", who cannot enter ${path.dirname(
        options.dataFolder,
      )}: its data is in ${dataFolder}.`,
    );
  }
  const bin = name => path.join(native, 'bin', name);

  const created = !fs.existsSync(path.join(dataFolder, 'PG_VERSION'));
  if (created) {
    initialise({ initdb: bin('initdb'), dataFolder, account, password });
  } else {
    checkVersion(dataFolder, version);
    await stopLeftover(dataFolder);
    if (options.setPassword) {
      setPassword({
        postgres: bin('postgres'),
        dataFolder,
        account,
        password,
      });
    }
  }

  for (let attempt = 1; ; attempt += 1) {
    const port = options.port ?? (await freePort(HOST));
    try {
      const server = await launch({
        postgres: bin('postgres'),
        dataFolder,
        account,
        port,
        throwAway,
        logFile,
      });
      return {
        host: HOST,
        port,
        user: USER,
        password,
        connectionString: `postgresql://${USER}:${encodeURIComponent(
          password,
        )}@${HOST}:${port}/postgres`,
        dataFolder,
        created,
        ...server,
      };
    } catch (error) {
      // Between choosing a free port and using it another program may take it.
      const portTaken =
        options.port === undefined &&
        /Address already in use/.test(lastLines(logFile));
      if (!portTaken || attempt === 3) throw error;
    }
  }
}

/**
 * Removes the data. PostgreSQL must not run.
 *
 * @param {string} wanted - The folder as given to {@link startPostgres}.
 * @returns {Promise<string | undefined>} The folder that was removed; undefined when there was none.
 */
export async function removePostgresData(wanted) {
  const dataFolder = reachableData(wanted, databaseAccount());
  if (!fs.existsSync(dataFolder)) return undefined;
  await stopLeftover(dataFolder);
  try {
    fs.rmSync(dataFolder, { recursive: true, force: true, maxRetries: 3 });
  } catch (error) {
    throw placeProblem('Removing the database failed', dataFolder, error);
  }
  return dataFolder;
}

/**
 * Makes the data folder under another name and moves it into place when complete, so that an interrupted start leaves nothing half-made.
 */
function initialise({ initdb, dataFolder, account, password }) {
  const unfinished = `${dataFolder}.unfinished`;
  const passwordFile = `${unfinished}.password`;
  try {
    if (fs.existsSync(dataFolder) && fs.readdirSync(dataFolder).length > 0) {
      throw new Problem(
        `${dataFolder} holds files but no PostgreSQL data. Move them away, or begin with empty data: npm start -- --reset`,
      );
    }
    fs.rmSync(unfinished, { recursive: true, force: true });
    fs.mkdirSync(path.dirname(dataFolder), { recursive: true, mode: 0o711 });
    fs.mkdirSync(unfinished, { mode: 0o700 });
    fs.rmSync(passwordFile, { force: true });
    fs.writeFileSync(passwordFile, password, { mode: 0o600 });
    if (account) {
      fs.chownSync(unfinished, account.uid, account.gid);
      fs.chownSync(passwordFile, account.uid, account.gid);
    }
    const result = spawnSync(
      initdb,
      [
        `--pgdata=${unfinished}`,
        `--username=${USER}`,
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale=C',
        '--no-sync',
        '--no-instructions',
      ],
      { ...spawnAs(account), cwd: '/', env: environment(), encoding: 'utf8' },
    );
    if (result.error) throw result.error;
    if (result.status !== 0) {
      throw new Problem(
        `Making the database in ${dataFolder} failed. ${causeOf(
          result.stderr + result.stdout,
          dataFolder,
        )}`,
        { details: lastLinesOf(result.stderr || result.stdout, 8) },
      );
    }
    fs.rmSync(dataFolder, { recursive: true, force: true });
    fs.renameSync(unfinished, dataFolder);
  } catch (error) {
    fs.rmSync(unfinished, { recursive: true, force: true });
    throw placeProblem('Making the database failed', dataFolder, error);
  } finally {
    fs.rmSync(passwordFile, { force: true });
  }
}

/** @param {string} output @param {string} place */
function causeOf(output, place) {
  if (/could not look up effective user ID/i.test(output)) {
    return 'PostgreSQL needs the current user to have a name: the user id has no entry in /etc/passwd.';
  }
  return machineCause(output, place) ?? 'The reason is above.';
}

function checkVersion(dataFolder, version) {
  let found;
  try {
    found = fs.readFileSync(path.join(dataFolder, 'PG_VERSION'), 'utf8').trim();
  } catch (error) {
    throw placeProblem('Reading the database failed', dataFolder, error);
  }
  const [major] = version.split('.');
  if (found !== major) {
    throw new Problem(
      `The database in ${dataFolder} was made by PostgreSQL ${
        found || '(unknown)'
      }; this version of Waystone has PostgreSQL ${major}. Move that folder away to keep it, or begin with empty data: npm start -- --reset`,
    );
  }
}

/**
 * After `kill -9` a server may still run on the data, or its pid file may name a process that is something else by now. PostgreSQL would
 * refuse to start in both cases.
 */
async function stopLeftover(dataFolder) {
  const pidFile = path.join(dataFolder, 'postmaster.pid');
  let pid;
  try {
    pid = parseInt(fs.readFileSync(pidFile, 'utf8'), 10);
  } catch (error) {
    if (error.code === 'ENOENT') return;
    throw placeProblem('Reading the database failed', dataFolder, error);
  }
  const identity = identify(pid);
  if (identity && commandLine(pid).includes(dataFolder)) {
    if (!(await stopProcess(identity, { signal: 'SIGINT' }))) {
      throw new Problem(
        `PostgreSQL of an earlier run (process ${pid}) does not end. Stop it: kill -9 ${pid}`,
      );
    }
  }
  fs.rmSync(pidFile, { force: true });
}

/** Sets the password without knowing the old one: the server's single-user mode asks for none. */
function setPassword({ postgres, dataFolder, account, password }) {
  const result = spawnSync(postgres, ['--single', '-D', dataFolder, USER], {
    ...spawnAs(account),
    cwd: '/',
    env: environment(),
    encoding: 'utf8',
    input: `ALTER USER ${USER} PASSWORD '${password.replaceAll("'", "''")}'\n`,
  });
  if (result.status !== 0) {
    throw new Problem(
      `Setting a new database password failed. ${causeOf(
        result.stderr ?? String(result.error),
        dataFolder,
      )}`,
      { details: lastLinesOf(result.stderr ?? '', 8) },
    );
  }
}

async function launch({
  postgres,
  dataFolder,
  account,
  port,
  throwAway,
  logFile,
}) {
  const settings = {
    listen_addresses: HOST,
    port,
    unix_socket_directories: '',
    max_connections: 100,
    password_encryption: 'scram-sha-256',
    log_timezone: 'UTC',
    timezone: 'UTC',
    ...(throwAway && {
      fsync: 'off',
      synchronous_commit: 'off',
      full_page_writes: 'off',
    }),
  };
  const stderr = openLog(logFile);
  const child = spawn(
    postgres,
    [
      '-D',
      dataFolder,
      ...Object.entries(settings).flatMap(([name, value]) => [
        '-c',
        `${name}=${value}`,
      ]),
    ],
    {
      ...spawnAs(account),
      cwd: '/',
      env: environment(),
      stdio: ['ignore', stderr, stderr],
      detached: true,
    },
  );
  fs.closeSync(stderr);
  let ended;
  const exited = new Promise(resolve => {
    child.once('error', error => resolve({ code: null, signal: null, error }));
    child.once('exit', (code, signal) => resolve({ code, signal }));
  }).then(result => {
    ended = result;
    if (child.pid) watchdog.remove(child.pid);
    return result;
  });
  if (child.pid) watchdog.add(child.pid, 'SIGINT');

  const ready = await until(
    () => Boolean(ended) || isReady(dataFolder, child.pid),
    60_000,
    15,
  );
  if (ended || !ready) {
    if (!ended) child.kill('SIGKILL');
    const details = lastLines(logFile, 8);
    throw new Problem(
      `PostgreSQL did not start. ${
        ended?.error
          ? `${ended.error.message}.`
          : machineCause(details, dataFolder) ?? `Its log: ${logFile}`
      }`,
      { details },
    );
  }
  return {
    pid: child.pid,
    exited,
    // SIGINT is PostgreSQL's "fast" shutdown: it ends connections and writes everything to disk.
    async stop() {
      if (ended) return;
      child.kill('SIGINT');
      const stopped = await until(() => Boolean(ended), 8000);
      if (!stopped) child.kill('SIGKILL');
      await exited;
    },
  };
}

/** The server writes its state into the last line of its pid file; pg_ctl reads it there too. */
function isReady(dataFolder, pid) {
  try {
    const lines = fs
      .readFileSync(path.join(dataFolder, 'postmaster.pid'), 'utf8')
      .split('\n');
    return Number(lines[0]) === pid && lines[7]?.trim() === 'ready';
  } catch {
    // Not written yet.
    return false;
  }
}

/** Nothing of the caller's PG* variables must reach the server. */
function environment() {
  return { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' };
}
