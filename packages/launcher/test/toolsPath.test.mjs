import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { toolsPath } from '../src/toolsPath.mjs';

test('the committed Yarn and this Node come first on the PATH', t => {
  const repo = fs.mkdtempSync(path.join(os.tmpdir(), 'waystone tools-'));
  t.after(() => fs.rmSync(repo, { recursive: true }));
  const releases = path.join(repo, '.yarn', 'releases');
  fs.mkdirSync(releases, { recursive: true });
  fs.writeFileSync(
    path.join(releases, 'yarn-4.0.0.cjs'),
    'console.log(process.version, ...process.argv.slice(2))',
  );
  const context = { repo, checkoutState: path.join(repo, '.waystone') };

  const PATH = toolsPath(context);
  assert.equal(toolsPath(context).split(':')[0], PATH.split(':')[0]);
  const out = execFileSync('yarn', ['two words'], {
    env: { PATH },
    encoding: 'utf8',
  });
  assert.equal(out.trim(), `${process.version} two words`);
});
