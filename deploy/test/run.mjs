import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { watchdog } from '../../packages/launcher/src/processes.mjs';
import { createImage } from './image.mjs';
import { Installation } from './installation.mjs';

/** In this order: what stops a replica comes last. */
const PARTS = [
  'supplyChain',
  'image',
  'docs',
  'environment',
  'web',
  'signIn',
  'load',
  'database',
  'shutdown',
];

/**
 * Builds what the image contains, runs it as the image would be run in production, with two replicas, and checks it.
 *
 * @param {object} options
 * @param {string} options.repo
 * @param {(line: string) => void} [options.log]
 * @param {object} [options.postgres] - An empty PostgreSQL to use, as the launcher's `startThrowAwayPostgres` returns it. It is frozen for some seconds.
 * @returns {Promise<{ passed: number, failed: number, skipped: number, failures: string[] }>}
 */
export async function run({ repo, log = console.log, postgres }) {
  const result = { passed: 0, failed: 0, skipped: 0, failures: [] };
  const state = path.join(repo, '.waystone', 'deploy-test');
  const context = { repo, log, state };

  const check = async (name, action) => {
    const since = Date.now();
    try {
      const note = await action();
      const skipped = note?.skipped;
      result[skipped ? 'skipped' : 'passed'] += 1;
      const time = ((Date.now() - since) / 1000).toFixed(1);
      const more = skipped ?? note;
      log(
        `${skipped ? '-' : '✓'} ${name}${more ? ` (${more})` : ''}  ${time} s`,
      );
    } catch (error) {
      result.failed += 1;
      result.failures.push(`${name}: ${error.message}`);
      log(`✗ ${name}\n${error.message.replace(/^/gm, '    ')}`);
    }
  };

  try {
    context.image = await createImage({ repo, state, log });
    context.installation = new Installation({
      repo,
      image: context.image.folder,
      postgres,
      log,
    });
    const begin = context.installation.start();
    // Reported where it is awaited.
    begin.catch(() => {});
    context.started = begin;
    for (const part of PARTS) {
      // What follows needs the replicas.
      if (part === 'web') await begin;
      const { checks } = await import(`./checks/${part}.mjs`);
      for (const [name, action] of Object.entries(checks(context))) {
        await check(name, action);
      }
    }
  } catch (error) {
    result.failed += 1;
    result.failures.push(`The image: ${error.stack}`);
    log(`✗ the image\n${error.stack.replace(/^/gm, '    ')}`);
  } finally {
    if (result.failed > 0) keepLogs(context);
    await context.installation?.stop();
  }
  return result;
}

/** The replicas' logs disappear with the test; after a failure they are wanted. */
function keepLogs({ installation, state, log }) {
  for (const { logFile } of installation?.replicas ?? []) {
    fs.copyFileSync(logFile, path.join(state, path.basename(logFile)));
  }
  if (installation?.replicas.length) log(`the replicas' logs: ${state}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const repo = path.resolve(path.dirname(process.argv[1]), '../..');
  const stop = () => watchdog.stopAll().then(() => process.exit(130));
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  const { passed, failed, skipped } = await run({ repo });
  console.log(
    `${passed} passed, ${failed} failed${
      skipped ? `, ${skipped} skipped` : ''
    }`,
  );
  await watchdog.stopAll();
  process.exit(failed > 0 ? 1 : 0);
}
