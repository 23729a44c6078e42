import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

/**
 * Who a process is: its number is used again after it ended, its number and start time together are not.
 *
 * @typedef {{ pid: number, started: string }} ProcessIdentity
 */

/**
 * @param {number} pid
 * @returns {string | undefined} When the process started, as the system says it; undefined when there is none (or only its remains).
 */
export function startedAt(pid) {
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  if (process.platform === 'linux') {
    try {
      const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
      // The name in brackets may contain spaces and brackets itself: fields count from the last one.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
      return `${bootId()}:${fields[19]}`;
    } catch {
      return undefined;
    }
  }
  const line = ps(pid, 'stat=,lstart=');
  return line && !line.startsWith('Z')
    ? line.replace(/^\S+\s+/, '')
    : undefined;
}

/**
 * @param {number} pid
 * @returns {ProcessIdentity | undefined}
 */
export function identify(pid) {
  const started = startedAt(pid);
  return started ? { pid, started } : undefined;
}

/**
 * @param {ProcessIdentity | undefined} identity
 * @returns {boolean} Whether exactly that process still runs.
 */
export function isRunning(identity) {
  return Boolean(identity) && startedAt(identity.pid) === identity.started;
}

/**
 * @param {number} pid
 * @returns {string} The command line; empty when it cannot be read.
 */
export function commandLine(pid) {
  if (process.platform === 'linux') {
    try {
      return fs
        .readFileSync(`/proc/${pid}/cmdline`, 'utf8')
        .split('\0')
        .join(' ')
        .trim();
    } catch {
      return '';
    }
  }
  return ps(pid, 'command=') ?? '';
}

/**
 * Sends a signal to a process, or to its whole group. A process that is gone already is no error.
 *
 * @param {number} pid
 * @param {NodeJS.Signals} signal
 * @param {{ group?: boolean }} [options]
 */
export function sendSignal(pid, signal, { group = false } = {}) {
  try {
    process.kill(group ? -pid : pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH' && error.code !== 'EPERM') throw error;
  }
}

/**
 * Stops a process (and its group, when it leads one) that may not be a child of ours: politely, then by force.
 *
 * @param {ProcessIdentity} identity
 * @param {{ signal?: NodeJS.Signals, group?: boolean, patienceMs?: number }} [options]
 * @returns {Promise<boolean>} Whether it has ended.
 */
export async function stopProcess(
  identity,
  { signal = 'SIGTERM', group = false, patienceMs = 8000 } = {},
) {
  if (!isRunning(identity)) return true;
  sendSignal(identity.pid, signal, { group });
  if (await until(() => !isRunning(identity), patienceMs)) return true;
  sendSignal(identity.pid, 'SIGKILL', { group });
  return until(() => !isRunning(identity), 3000);
}

/**
 * @param {() => boolean | Promise<boolean>} condition
 * @param {number} patienceMs
 * @param {number} [everyMs]
 * @returns {Promise<boolean>} Whether the condition came true in time.
 */
export async function until(condition, patienceMs, everyMs = 25) {
  const end = Date.now() + patienceMs;
  for (;;) {
    if (await condition()) return true;
    if (Date.now() > end) return false;
    await new Promise(resolve => setTimeout(resolve, everyMs));
  }
}

// Reads `add <pid> <signal>` and `del <pid>`. The end of its input means that the launcher is gone, however it ended: then all that
// is still listed is stopped, and after 6 s killed. A shell needs 1 MB for this where Node needs 40.
const WATCHDOG = `
list=' '
while read -r op pid signal; do
  case "$op" in
    add) list="$list$pid:$signal " ;;
    del) for entry in $list; do case "$entry" in "$pid":*) list="\${list%% $entry *} \${list#* $entry }" ;; esac; done ;;
  esac
done
for entry in $list; do kill -s "\${entry#*:}" -- "-\${entry%%:*}" 2>/dev/null; done
n=0
while [ $n -lt 60 ]; do
  alive=
  for entry in $list; do kill -0 -- "-\${entry%%:*}" 2>/dev/null && alive=1; done
  [ -z "$alive" ] && exit 0
  sleep 0.1
  n=$((n + 1))
done
for entry in $list; do kill -s KILL -- "-\${entry%%:*}" 2>/dev/null; done
`;

/**
 * Stops the children when the launcher is gone, even after `kill -9`. Children lead process groups of their own, so that Ctrl-C in the
 * terminal reaches only the launcher, which stops them in order.
 */
export class Watchdog {
  #shell;
  #groups = new Map();

  #start() {
    this.#shell = spawn('/bin/sh', ['-c', WATCHDOG], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
      cwd: '/',
    });
    this.#shell.unref();
    // Without this a watchdog that was killed would end the launcher at the next message.
    this.#shell.on('error', () => {});
    this.#shell.stdin.on('error', () => {});
    this.#shell.stdin.unref?.();
  }

  /** @param {number} pid @param {NodeJS.Signals} signal */
  add(pid, signal) {
    if (!this.#shell) this.#start();
    this.#groups.set(pid, signal);
    this.#shell.stdin.write(`add ${pid} ${signal.replace(/^SIG/, '')}\n`);
  }

  /** @param {number} pid */
  remove(pid) {
    this.#groups.delete(pid);
    this.#shell?.stdin.write(`del ${pid}\n`);
  }

  /** Stops what still runs when the launcher ends. */
  async stopAll() {
    for (const [pid, signal] of this.#groups) {
      sendSignal(pid, signal, { group: true });
    }
    const stopped = await until(() => this.#groups.size === 0, 8000);
    if (stopped) return;
    for (const pid of this.#groups.keys()) {
      sendSignal(pid, 'SIGKILL', { group: true });
    }
  }
}

/** The watchdog of this process. */
export const watchdog = new Watchdog();

/**
 * The last useful lines of a log.
 *
 * @param {string} file
 * @param {number} [count]
 * @returns {string}
 */
export function lastLines(file, count = 15) {
  try {
    const size = fs.statSync(file).size;
    const start = Math.max(0, size - 100_000);
    const handle = fs.openSync(file, 'r');
    try {
      const buffer = Buffer.alloc(size - start);
      fs.readSync(handle, buffer, 0, buffer.length, start);
      return lastLinesOf(buffer.toString('utf8'), count);
    } finally {
      fs.closeSync(handle);
    }
  } catch {
    return '';
  }
}

/**
 * @param {string} text
 * @param {number} [count]
 * @returns {string}
 */
export function lastLinesOf(text, count = 15) {
  return text
    .split('\n')
    .map(line => line.trimEnd())
    .filter(Boolean)
    .slice(-count)
    .join('\n');
}

/**
 * Opens a log file for a child; the log of the previous run is kept beside it.
 *
 * @param {string} file
 * @returns {number} The file descriptor.
 */
export function openLog(file) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  if (fs.existsSync(file)) fs.renameSync(file, `${file}.previous`);
  return fs.openSync(file, 'w', 0o600);
}

let boot;
function bootId() {
  if (boot === undefined) {
    try {
      boot = fs
        .readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')
        .trim()
        .slice(0, 8);
    } catch {
      boot = '';
    }
  }
  return boot;
}

function ps(pid, format) {
  try {
    return execFileSync('ps', ['-o', format, '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, LC_ALL: 'C' },
    }).trim();
  } catch {
    return undefined;
  }
}
