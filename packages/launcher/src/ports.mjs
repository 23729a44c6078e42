import { execFile } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import { Problem } from './problems.mjs';
import { commandLine } from './processes.mjs';

/**
 * @param {string} [host]
 * @returns {Promise<number>} A port that is free now.
 */
export async function freePort(host = '127.0.0.1') {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject);
    server.listen(0, host, () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/**
 * @param {string | undefined} value - As given by the environment or the command line.
 * @param {number} fallback
 * @param {string} name - What to call it in an error.
 * @returns {number}
 */
export function parsePort(value, fallback, name) {
  if (value === undefined || value === '') return fallback;
  const port = Number(value);
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    throw new Problem(
      `${name} must be a port number from 1 to 65535, not "${value}".`,
    );
  }
  return port;
}

/**
 * Checks that a port can be listened on, before long work begins.
 *
 * @param {number} port
 * @param {{ variable: string, suggestion: number, command: string }} advice - Which variable moves it, and where to.
 */
export async function requireFreePort(port, advice) {
  const code = await whyNotListen(port);
  if (!code) return;
  if (code === 'EACCES') {
    throw new Problem(
      `Port ${port} needs more rights than this user has. Use one above 1023: ${advice.variable}=${advice.suggestion} ${advice.command}`,
    );
  }
  const owner = await portOwner(port);
  throw new Problem(
    `Port ${port} is taken by ${owner ?? 'another program'}. Stop it or run: ${
      advice.variable
    }=${advice.suggestion} ${advice.command}`,
  );
}

/** The servers listen on all addresses; a program that has only one of them would still get in the way. */
async function whyNotListen(port) {
  for (const host of ['::', '0.0.0.0', '127.0.0.1', '::1']) {
    const code = await new Promise(resolve => {
      const server = net.createServer();
      server.once('error', error => resolve(error.code));
      server.listen({ port, host, exclusive: true }, () =>
        server.close(() => resolve(undefined)),
      );
    });
    // A machine without IPv6 (or IPv4) has nobody listening there either.
    if (code && code !== 'EADDRNOTAVAIL' && code !== 'EAFNOSUPPORT') {
      return code;
    }
  }
  return undefined;
}

/**
 * @param {number} port
 * @returns {Promise<string | undefined>} Such as `node (process 123)`; undefined when the system does not say.
 */
export async function portOwner(port) {
  const pid =
    process.platform === 'linux' ? linuxPortOwner(port) : await lsof(port);
  if (!pid) return undefined;
  const [program] = commandLine(pid).split(' ');
  return `${program.split('/').pop() || 'a program'} (process ${pid})`;
}

function linuxPortOwner(port) {
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0');
  const inodes = new Set();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    try {
      for (const line of fs.readFileSync(table, 'utf8').split('\n').slice(1)) {
        const fields = line.trim().split(/\s+/);
        // State 0A is LISTEN.
        if (fields[1]?.endsWith(`:${hexPort}`) && fields[3] === '0A') {
          inodes.add(`socket:[${fields[9]}]`);
        }
      }
    } catch {
      // Without the table the owner stays unnamed.
    }
  }
  if (inodes.size === 0) return undefined;
  for (const pid of fs
    .readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))) {
    try {
      for (const fd of fs.readdirSync(`/proc/${pid}/fd`)) {
        if (inodes.has(fs.readlinkSync(`/proc/${pid}/fd/${fd}`))) {
          return Number(pid);
        }
      }
    } catch {
      // Another user's process, or one that has just ended.
    }
  }
  return undefined;
}

function lsof(port) {
  return new Promise(resolve => {
    execFile(
      'lsof',
      ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-t'],
      { timeout: 3000 },
      (_error, stdout) => resolve(parseInt(stdout, 10) || undefined),
    );
  });
}
