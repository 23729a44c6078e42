import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import pg from 'pg';
import { removePostgresData, startPostgres } from '../src/postgres.mjs';
import { hydrateSymlinks } from '../src/postgresFiles.mjs';
import { identify, isRunning, until } from '../src/processes.mjs';
import { runCode, source, temporaryFolder } from './helpers.mjs';

async function query(database, text) {
  const client = new pg.Client({
    connectionString: database.connectionString,
  });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

function options(folder, more = {}) {
  return {
    dataFolder: path.join(folder, 'data'),
    logFile: path.join(folder, 'postgres.log'),
    password: 'it’s "secret"',
    throwAway: true,
    ...more,
  };
}

test('keeps the data over a restart, takes a new password, and is removed on request', async t => {
  const folder = temporaryFolder(t);
  const first = await startPostgres(options(folder));
  t.after(() => first.stop());
  assert.equal(first.created, true);
  await query(first, 'create table t as select 42 as answer');
  const [settings] = await query(
    first,
    `select current_setting('server_encoding') as encoding, current_setting('listen_addresses') as listen,
       current_setting('unix_socket_directories') as sockets, current_setting('max_connections') as connections`,
  );
  assert.deepEqual(settings, {
    encoding: 'UTF8',
    listen: '127.0.0.1',
    sockets: '',
    connections: '100',
  });
  await assert.rejects(
    query(
      { connectionString: first.connectionString.replace('secret', 'wrong') },
      'select 1',
    ),
    /password authentication failed/,
  );
  await first.stop();

  const second = await startPostgres(
    options(folder, { password: 'new', setPassword: true }),
  );
  t.after(() => second.stop());
  assert.equal(second.created, false);
  assert.deepEqual(await query(second, 'select * from t'), [{ answer: 42 }]);
  await second.stop();
  assert.equal(isRunning(identify(second.pid)), false);

  const data = path.join(folder, 'data');
  assert.equal(await removePostgresData(data), data);
  assert.equal(await removePostgresData(data), undefined);
});

test('stops when the launcher is killed, and the next start recovers', async t => {
  const folder = temporaryFolder(t);
  const child = runCode(`
    import { startPostgres } from ${JSON.stringify(source('postgres.mjs'))};
    const database = await startPostgres(${JSON.stringify(options(folder))});
    console.log('pid', database.pid, 'ready');
    setInterval(() => {}, 1000);
  `);
  await child.says('ready');
  const postgres = identify(Number(/pid (\d+)/.exec(child.text())[1]));
  assert.ok(postgres);
  child.kill('SIGKILL');
  await child.ended;
  assert.ok(
    await until(() => !isRunning(postgres), 10_000),
    'PostgreSQL still runs',
  );
  const next = await startPostgres(options(folder));
  await next.stop();
});

test('recovers when the server itself was killed, and from a pid file that names another process', async t => {
  const folder = temporaryFolder(t);
  const first = await startPostgres(options(folder, { throwAway: false }));
  await query(first, 'create table t as select 1 as one');
  process.kill(first.pid, 'SIGKILL');
  await first.exited;
  const pidFile = path.join(folder, 'data/postmaster.pid');
  const lines = fs.readFileSync(pidFile, 'utf8').split('\n');
  fs.writeFileSync(pidFile, [process.pid, ...lines.slice(1)].join('\n'));
  const next = await startPostgres(options(folder));
  t.after(() => next.stop());
  assert.deepEqual(await query(next, 'select * from t'), [{ one: 1 }]);
});

test('data of another version, and files that are no data, are one clear line each', async t => {
  const folder = temporaryFolder(t);
  const data = path.join(folder, 'data');
  fs.mkdirSync(data);
  fs.writeFileSync(path.join(data, 'PG_VERSION'), '13\n');
  await assert.rejects(
    startPostgres(options(folder)),
    /was made by PostgreSQL 13; this version of Waystone has PostgreSQL 18\. Move that folder away .*--reset/,
  );
  fs.renameSync(path.join(data, 'PG_VERSION'), path.join(data, 'notes.txt'));
  await assert.rejects(
    startPostgres(options(folder)),
    /holds files but no PostgreSQL data/,
  );
  assert.ok(fs.existsSync(path.join(data, 'notes.txt')));
});

test('a damaged database is a problem with the server’s own words', async t => {
  const folder = temporaryFolder(t);
  const first = await startPostgres(options(folder));
  await first.stop();
  fs.rmSync(path.join(folder, 'data/global/pg_control'));
  await assert.rejects(startPostgres(options(folder)), error => {
    assert.equal(error.name, 'Problem');
    assert.match(error.message, /^PostgreSQL did not start\. /);
    assert.match(error.details, /pg_control|database system/);
    return true;
  });
});

test('makes the links between libraries once', t => {
  const native = path.join(temporaryFolder(t), 'native');
  fs.mkdirSync(path.join(native, 'lib/sub'), { recursive: true });
  fs.writeFileSync(path.join(native, 'lib/libx.so.1.2'), 'x');
  const link = (from, to) => ({ source: from, target: to });
  fs.writeFileSync(
    path.join(native, 'pg-symlinks.json'),
    JSON.stringify([
      link('native/lib/libx.so.1.2', 'native/lib/libx.so'),
      link('native/lib/libx.so.1.2', 'native/lib/sub/libx.so'),
      link('native/lib/libx.so.1.2', '../outside'),
    ]),
  );
  assert.equal(hydrateSymlinks(native), 2);
  assert.equal(
    fs.readlinkSync(path.join(native, 'lib/libx.so')),
    'libx.so.1.2',
  );
  assert.equal(
    fs.readFileSync(path.join(native, 'lib/sub/libx.so'), 'utf8'),
    'x',
  );
  assert.equal(hydrateSymlinks(native), 0);
  assert.equal(fs.existsSync(path.join(native, '../../outside')), false);
});
