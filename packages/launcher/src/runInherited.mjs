import { spawn } from 'node:child_process';
import os from 'node:os';

/**
 * Runs a Node program in the terminal, as if it had been called directly.
 *
 * @param {string[]} args - For Node.
 * @param {{ cwd: string, env?: NodeJS.ProcessEnv }} options
 * @returns {Promise<number>} Its exit code.
 */
export async function runInherited(args, { cwd, env = process.env }) {
  const child = spawn(process.execPath, args, { cwd, env, stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    // In a terminal the program gets Ctrl-C itself; this one only waits for its end.
    process.on(signal, () => child.kill(signal));
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      resolve(code ?? 128 + (os.constants.signals[signal] ?? 0)),
    );
  });
}
