import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const repo = path.resolve(
  path.dirname(fileURLToPath(import.meta.url)),
  '../../..',
);

/**
 * A folder that is removed after the test. Every account may enter it, as the database's must.
 *
 * @param {import('node:test').TestContext} t
 */
export function temporaryFolder(t) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'waystone-test-'));
  fs.chmodSync(folder, 0o711);
  t.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Something that takes what an Output prints. */
export function fakeStream() {
  return {
    isTTY: false,
    text: '',
    write(text) {
      this.text += text;
    },
  };
}

/**
 * Runs a module's code in a Node of its own.
 *
 * @param {string} code
 * @returns {import('node:child_process').ChildProcess & { text: () => string, ended: Promise<number | string>, says: (text: string) => Promise<void> }}
 */
export function runCode(code, options = {}) {
  const child = spawn(
    process.execPath,
    ['--input-type=module', '--eval', code],
    { stdio: ['ignore', 'pipe', 'pipe'], ...options },
  );
  let text = '';
  child.stdout.on('data', data => (text += data));
  child.stderr.on('data', data => (text += data));
  child.text = () => text;
  child.ended = new Promise(resolve =>
    child.once('close', (exitCode, signal) => resolve(exitCode ?? signal)),
  );
  child.says = async wanted => {
    for (let i = 0; i < 600 && !text.includes(wanted); i += 1) {
      await new Promise(resolve => setTimeout(resolve, 50));
    }
    if (!text.includes(wanted)) {
      throw new Error(`"${wanted}" did not appear in: ${text}`);
    }
  };
  return child;
}

/** @param {string} name - Of a module in src. */
export function source(name) {
  return new URL(`../src/${name}`, import.meta.url).href;
}
