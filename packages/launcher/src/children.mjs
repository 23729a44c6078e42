import { spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import { Problem, machineCause } from './problems.mjs';
import {
  identify,
  lastLines,
  openLog,
  sendSignal,
  until,
  watchdog,
} from './processes.mjs';

/**
 * A program that runs beside the launcher, in a process group of its own.
 *
 * @typedef {object} Child
 * @property {string} name - As people call it.
 * @property {number} pid
 * @property {string} logFile
 * @property {Promise<{ code: number | null, signal: string | null }>} exited
 * @property {() => boolean} hasExited
 * @property {(patienceMs?: number) => Promise<void>} stop - Politely, then by force.
 */

/**
 * @param {object} options
 * @param {string} options.name
 * @param {string[]} options.args - For Node.
 * @param {string} options.cwd
 * @param {NodeJS.ProcessEnv} options.env
 * @param {string} options.logFile
 * @param {(line: string) => void} [options.onLine] - Told every line that the program writes.
 * @returns {Child}
 */
export function startChild({ name, args, cwd, env, logFile, onLine }) {
  const log = openLog(logFile);
  const child = spawn(process.execPath, args, {
    cwd,
    env,
    stdio: ['ignore', log, log],
    detached: true,
  });
  fs.closeSync(log);
  if (child.pid) watchdog.add(child.pid, 'SIGTERM');
  const follower = onLine ? followFile(logFile, onLine) : undefined;
  let ended = false;
  const exited = new Promise(resolve => {
    child.once('error', () => resolve({ code: 1, signal: null }));
    child.once('exit', (code, signal) => resolve({ code, signal }));
  }).then(result => {
    ended = true;
    follower?.stop();
    if (child.pid) {
      // What it has started itself must not outlive it.
      sendSignal(child.pid, 'SIGKILL', { group: true });
      watchdog.remove(child.pid);
    }
    return result;
  });
  return {
    name,
    pid: child.pid,
    logFile,
    exited,
    hasExited: () => ended,
    async stop(patienceMs = 8000) {
      if (ended) return;
      sendSignal(child.pid, 'SIGTERM', { group: true });
      if (!(await until(() => ended, patienceMs))) {
        sendSignal(child.pid, 'SIGKILL', { group: true });
      }
      await exited;
    },
  };
}

/**
 * Waits until a program answers an HTTP request with success.
 *
 * @param {Child} child
 * @param {string} url
 * @param {{ patienceMs: number, failure?: RegExp }} options - `failure`: in the log of a program that failed to start but goes on running.
 */
export async function waitForAnswer(child, url, { patienceMs, failure }) {
  let rounds = 0;
  let failed = false;
  const ready = await until(
    async () => {
      rounds += 1;
      failed =
        rounds % 10 === 0 &&
        Boolean(failure?.test(lastLines(child.logFile, 200)));
      return failed || child.hasExited() || (await answers(url));
    },
    patienceMs,
    100,
  );
  if (child.hasExited()) throw await exitProblem(child, 'did not start');
  if (failed) {
    throw new Problem(
      `The ${child.name} did not start. Its log: ${child.logFile}`,
      { details: usefulLines(child.logFile) },
    );
  }
  if (!ready) {
    throw new Problem(
      `The ${child.name} did not answer at ${url} within ${Math.round(
        patienceMs / 1000,
      )} s. Its log: ${child.logFile}`,
      { details: usefulLines(child.logFile) },
    );
  }
}

/**
 * @param {Child} child - One that has ended.
 * @param {string} what - Such as `did not start`.
 * @returns {Promise<Problem>} With its last lines and the cause as far as they tell it.
 */
export async function exitProblem(child, what) {
  const { code, signal } = await child.exited;
  const details = usefulLines(child.logFile);
  const how = signal ? `signal ${signal}` : `exit code ${code}`;
  const cause = machineCause(details);
  return new Problem(
    `The ${child.name} ${what} (${how}). ${cause ? `${cause} ` : ''}Its log: ${
      child.logFile
    }`,
    { details },
  );
}

/**
 * The end of a program's log for people: errors before all else, and the text of lines in JSON.
 *
 * @param {string} file
 * @returns {string}
 */
export function usefulLines(file) {
  const lines = lastLines(file, 200).split('\n').map(readLine);
  const errors = lines.filter(({ level }) => level === 'error');
  return (errors.length > 0 ? errors.slice(-4) : lines.slice(-12))
    .map(({ text }) => text.slice(0, 600))
    .join('\n');
}

function readLine(line) {
  if (line.startsWith('{')) {
    try {
      const { level, plugin, service, message, stack } = JSON.parse(line);
      const [, at] = String(stack ?? '').split('\n');
      return {
        level,
        text: `${level ?? ''} ${plugin ?? service ?? ''}: ${message}${
          level === 'error' && at ? `\n  ${at.trim()}` : ''
        }`.trim(),
      };
    } catch {
      // Only looks like JSON.
    }
  }
  return { level: undefined, text: line };
}

/** @param {string} url @returns {Promise<boolean>} */
export function answers(url) {
  return new Promise(resolve => {
    const request = http.get(url, { timeout: 3000, agent: false }, response => {
      response.resume();
      resolve(response.statusCode >= 200 && response.statusCode < 400);
    });
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(false));
  });
}

/** Calls `onLine` for every line that is added to a file. */
function followFile(file, onLine) {
  const handle = fs.openSync(file, 'r');
  const buffer = Buffer.alloc(64 * 1024);
  let rest = '';
  const read = () => {
    for (;;) {
      const count = fs.readSync(handle, buffer, 0, buffer.length, null);
      if (count === 0) return;
      const lines = (rest + buffer.toString('utf8', 0, count)).split('\n');
      rest = lines.pop();
      lines.forEach(onLine);
    }
  };
  const timer = setInterval(read, 200);
  timer.unref();
  return {
    stop() {
      clearInterval(timer);
      read();
      if (rest) onLine(rest);
      fs.closeSync(handle);
    },
  };
}

/**
 * @param {{ pid: number, name: string, signal?: string }[]} children
 * @returns {object[]} What the lock file says of them, so that a later start can stop those that are left behind.
 */
export function describeChildren(children) {
  return children
    .map(({ pid, name, signal }) => ({ name, signal, ...identify(pid) }))
    .filter(({ pid }) => pid);
}
