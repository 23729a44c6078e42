import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { buildHash } from '../src/build.mjs';
import { prepareFolders } from '../src/context.mjs';
import {
  installHash,
  installProblem,
  yarnEnvironment,
} from '../src/install.mjs';
import { loadSecrets } from '../src/secrets.mjs';
import { hashFiles } from '../src/stamps.mjs';
import { repo, temporaryFolder } from './helpers.mjs';

const write = (root, file, content) => {
  fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  fs.writeFileSync(path.join(root, file), content);
};

function smallRepo(t) {
  const root = temporaryFolder(t);
  write(root, 'package.json', '{"workspaces":["packages/*"]}');
  write(root, 'yarn.lock', '1');
  write(
    root,
    'packages/app/package.json',
    '{"name":"app","dependencies":{"@x/common":"workspace:^"}}',
  );
  write(root, 'packages/app/src/index.ts', 'a');
  write(root, 'packages/common/package.json', '{"name":"@x/common"}');
  write(root, 'packages/common/src/index.ts', 'a');
  write(root, 'packages/other/package.json', '{"name":"other"}');
  write(root, 'packages/other/src/index.ts', 'a');
  write(root, 'app-config.yaml', 'a: 1');
  return root;
}

test('the build hash follows sources, packages depended on, configuration and lockfile, and nothing else', t => {
  const root = smallRepo(t);
  const config = [path.join(root, 'app-config.yaml')];
  const hash = () => buildHash(root, 'packages/app', config);
  let before = hash();
  for (const file of [
    'packages/app/src/index.ts',
    'packages/app/src/new.ts',
    'packages/app/public/logo.svg',
    'packages/common/src/index.ts',
    'app-config.yaml',
    'yarn.lock',
  ]) {
    write(root, file, `changed ${file}`);
    assert.notEqual(hash(), before, file);
    before = hash();
  }
  for (const file of [
    'packages/other/src/index.ts',
    'packages/app/src/index.test.ts',
    'packages/app/dist/index.html',
    'packages/app/node_modules/x/index.js',
    'packages/app/README.md',
  ]) {
    write(root, file, 'changed');
    assert.equal(hash(), before, file);
  }
  fs.rmSync(path.join(root, 'packages/app/src/new.ts'));
  assert.notEqual(hash(), before);
});

test('the install hash follows every package.json', t => {
  const root = smallRepo(t);
  const before = installHash(root);
  write(root, 'packages/app/src/index.ts', 'changed');
  assert.equal(installHash(root), before);
  write(root, 'packages/other/package.json', '{"name":"renamed"}');
  assert.notEqual(installHash(root), before);
});

test('a missing file and an empty one have different hashes', t => {
  const root = temporaryFolder(t);
  const missing = hashFiles(root, ['a']);
  write(root, 'a', '');
  assert.notEqual(hashFiles(root, ['a']), missing);
});

test('secrets are random, kept, and readable by their owner only', t => {
  const home = temporaryFolder(t);
  const first = loadSecrets(home);
  const file = path.join(home, 'secrets.json');
  assert.equal(first.newPassword, true);
  assert.equal(fs.statSync(file).mode & 0o777, 0o600);
  assert.ok(Object.values(first.secrets).every(value => value.length >= 32));
  assert.equal(new Set(Object.values(first.secrets)).size, 4);
  fs.chmodSync(file, 0o644);
  assert.deepEqual(loadSecrets(home), {
    secrets: first.secrets,
    newPassword: false,
  });
  assert.equal(fs.statSync(file).mode & 0o777, 0o600);
  fs.writeFileSync(file, '{');
  assert.throws(
    () => loadSecrets(home),
    /secrets\.json is damaged\. Remove it/,
  );
});

test('a file where the state folder should be is one clear line', t => {
  const home = path.join(temporaryFolder(t), 'state');
  fs.writeFileSync(home, '');
  assert.throws(
    () => prepareFolders({ checkoutState: home, home, logs: `${home}/logs` }),
    /is not a folder\. Move/,
  );
});

test('a folder that cannot be written is one clear line', t => {
  if (process.getuid() === 0) {
    t.skip('root may write everywhere');
    return;
  }
  const parent = temporaryFolder(t);
  const home = path.join(parent, 'state');
  fs.chmodSync(parent, 0o555);
  t.after(() => fs.chmodSync(parent, 0o755));
  assert.throws(
    () => prepareFolders({ checkoutState: home, home, logs: home }),
    /cannot be used\. No permission to read or write .*state/,
  );
});

test('a full disk is one clear line', t => {
  const home = path.join(temporaryFolder(t), 'small');
  fs.mkdirSync(home);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', home], {
      stdio: 'ignore',
    });
  } catch {
    t.skip('a small disk can only be mounted by root on Linux');
    return;
  }
  try {
    assert.throws(
      () => fs.writeFileSync(path.join(home, 'big'), Buffer.alloc(128 * 1024)),
      /ENOSPC/,
    );
    const logs = path.join(home, 'logs');
    assert.throws(
      () => prepareFolders({ checkoutState: home, home, logs }),
      /The disk is full \(.*\)\. Free some space there/,
    );
  } finally {
    execFileSync('umount', [home]);
  }
});

test('a failed installation says the cause in words', () => {
  const problem = text => installProblem(text, repo, '/log').message;
  assert.match(
    problem('➤ YN0028: │ The lockfile would have been modified'),
    /yarn\.lock does not fit the package\.json files\. .*node \.yarn\/releases\/yarn-.*\.cjs install/,
  );
  assert.match(
    problem('➤ YN0001: │ RequestError: getaddrinfo EAI_AGAIN registry'),
    /The package registry cannot be reached/,
  );
  assert.match(
    problem('➤ YN0001: │ Error: ENOSPC: no space left on device, write'),
    /The disk is full/,
  );
  assert.match(problem('➤ YN0001: │ Error: something else'), /\/log/);
});

test('Yarn gets npm’s registry and proxy, unless it has its own', () => {
  assert.equal(
    yarnEnvironment({ npm_config_registry: 'https://r.example/' })
      .YARN_NPM_REGISTRY_SERVER,
    'https://r.example/',
  );
  assert.equal(
    yarnEnvironment({ npm_config_registry: 'a', YARN_NPM_REGISTRY_SERVER: 'b' })
      .YARN_NPM_REGISTRY_SERVER,
    'b',
  );
  assert.equal(
    yarnEnvironment({ HTTPS_PROXY: 'http://p:1' }).YARN_HTTPS_PROXY,
    'http://p:1',
  );
  assert.equal('YARN_HTTPS_PROXY' in yarnEnvironment({}), false);
});
