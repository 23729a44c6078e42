import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { acquireLock, readLock, withLock } from '../src/lock.mjs';
import { identify } from '../src/processes.mjs';
import { runCode, source, temporaryFolder } from './helpers.mjs';

test('only one of many that start at once gets the lock', async t => {
  const file = path.join(temporaryFolder(t), 'run.json');
  // A stale lock first: taking it over must not let two in.
  fs.writeFileSync(file, JSON.stringify({ pid: 2 ** 22 + 1, started: 'x' }));
  const begin = Date.now() + 1500;
  const children = Array.from({ length: 6 }, () =>
    runCode(`
      import { acquireLock } from ${JSON.stringify(source('lock.mjs'))};
      while (Date.now() < ${begin}) {}
      const result = acquireLock(${JSON.stringify(file)});
      console.log('lock' in result ? 'got it' : 'held by ' + result.holder.pid);
      await new Promise(resolve => setTimeout(resolve, 1500));
    `),
  );
  await Promise.all(children.map(child => child.ended));
  const texts = children.map(child => child.text().trim());
  assert.equal(texts.filter(text => text === 'got it').length, 1, `${texts}`);
  assert.deepEqual(fs.readdirSync(path.dirname(file)), ['run.json']);
});

test('names the holder and what it wrote', t => {
  const file = path.join(temporaryFolder(t), 'run.json');
  const { lock } = acquireLock(file, { url: 'http://localhost:7007' });
  const { holder } = acquireLock(file);
  assert.equal(holder.pid, process.pid);
  assert.equal(holder.url, 'http://localhost:7007');
  lock.update({ children: [{ name: 'backend' }] });
  assert.equal(readLock(file).children[0].name, 'backend');
  assert.equal(fs.statSync(file).mode & 0o777, 0o600);
  lock.release();
  assert.equal(fs.existsSync(file), false);
});

test('takes over the lock of a process that was killed', async t => {
  const file = path.join(temporaryFolder(t), 'run.json');
  const child = runCode(`
    import { acquireLock } from ${JSON.stringify(source('lock.mjs'))};
    acquireLock(${JSON.stringify(file)}, { children: [{ pid: 1 }] });
    console.log('locked');
    setInterval(() => {}, 1000);
  `);
  await child.says('locked');
  assert.ok('holder' in acquireLock(file));
  child.kill('SIGKILL');
  await child.ended;
  const { lock } = acquireLock(file);
  assert.equal(lock.stale.pid, child.pid);
  assert.deepEqual(lock.stale.children, [{ pid: 1 }]);
});

test('is not held by another process that got the same number', t => {
  const file = path.join(temporaryFolder(t), 'run.json');
  const started = `${identify(process.pid).started} earlier`;
  fs.writeFileSync(file, JSON.stringify({ pid: process.pid, started }));
  assert.ok('lock' in acquireLock(file));
});

test('a damaged lock is nobody’s', t => {
  const file = path.join(temporaryFolder(t), 'run.json');
  fs.writeFileSync(file, '{"pid":');
  assert.ok('lock' in acquireLock(file));
});

test('withLock runs one action after the other', async t => {
  const file = path.join(temporaryFolder(t), 'install.lock');
  const lines = [];
  const output = { line: text => lines.push(text) };
  const order = [];
  const action = name => async () => {
    order.push(`${name} begins`);
    await new Promise(resolve => setTimeout(resolve, 50));
    order.push(`${name} ends`);
  };
  await Promise.all(
    ['a', 'b'].map(name =>
      withLock(file, { output, what: 'installing' }, action(name)),
    ),
  );
  assert.equal(order[1], order[0].replace('begins', 'ends'));
  assert.match(lines[0], /Another command is installing \(process \d+\)/);
});
