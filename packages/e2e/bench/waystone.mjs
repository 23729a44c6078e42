import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DEVELOPER, signIn, waitForOrganisation } from '../signIn.mjs';
import { freePort, startPortal, temporaryFolder } from '../startPortal.mjs';
import { median, residentMemory, sleep } from './figures.mjs';
import { measurePages } from './measurePages.mjs';

export const FIRST_PAGE = { path: '/', shows: 'order-service' };

/**
 * Measures this portal, started as `npm start` does, with data of its own.
 *
 * @param {{ repo: string, log: (line: string) => void, runs: number, idleMs: number }} options
 */
export async function measureWaystone({ repo, log, runs, idleMs }) {
  const home = await temporaryFolder('waystone-bench');
  const ports = { port: await freePort(), sandboxPort: await freePort() };
  const start = async () => {
    const since = performance.now();
    const portal = await startPortal({ repo, home, ...ports });
    return {
      ...portal,
      whole: performance.now() - since,
      backend: stepTime(portal.lines, 'Backend'),
    };
  };
  let portal;
  try {
    log('Waystone: building if needed, first start with empty data …');
    // What has to be built is built by a start that does not count.
    portal = await start();
    await portal.stop();
    await rm(join(home, 'postgres'), { recursive: true, force: true });
    portal = await start();
    const first = portal;
    await waitForOrganisation(portal.url);
    const later = [];
    for (let run = 0; run < runs; run++) {
      await portal.stop();
      log(`Waystone: start ${run + 2} …`);
      portal = await start();
      later.push(portal);
    }
    log('Waystone: memory …');
    await sleep(idleMs);
    const memory = await memoryOf(home);
    log('Waystone: pages …');
    const pages = await measurePages({
      url: portal.url,
      signIn: page => signIn(page, DEVELOPER),
      first: FIRST_PAGE,
      entity: {
        path: '/catalog/default/component/order-service',
        shows: 'order-service',
      },
      runs,
    });
    return {
      firstStart: first.whole,
      firstBackend: first.backend,
      laterStart: median(later.map(({ whole }) => whole)),
      laterBackend: median(later.map(({ backend }) => backend)),
      memory: memory.backend,
      sandboxMemory: memory.sandbox,
      ...pages,
    };
  } finally {
    await portal?.stop();
    await rm(home, { recursive: true, force: true });
  }
}

/**
 * @param {string[]} lines - What the launcher wrote.
 * @param {string} name
 * @returns {number | undefined} Milliseconds.
 */
export function stepTime(lines, name) {
  const step = readSteps(lines).find(each => each.name === name);
  return step?.ms;
}

/** @param {string[]} lines */
export function readSteps(lines) {
  return lines.flatMap(line => {
    const [, name, seconds] = /^✓ (.+?) {2}([\d.]+) s$/.exec(line.trim()) ?? [];
    return name ? [{ name, ms: Number(seconds) * 1000 }] : [];
  });
}

async function memoryOf(home) {
  const { children } = JSON.parse(
    await readFile(join(home, 'run.json'), 'utf8'),
  );
  const of = name => {
    const child = children.find(each => each.name === name);
    if (!child) {
      throw new Error(`The launcher names no process '${name}' in run.json`);
    }
    return residentMemory(child.pid);
  };
  return { backend: await of('backend'), sandbox: await of('sandbox') };
}
