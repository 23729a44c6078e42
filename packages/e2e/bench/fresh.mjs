import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';
import { BROWSER_ARGS, findBrowser } from '../browser.mjs';
import { startPortal, temporaryFolder } from '../startPortal.mjs';
import { DEVELOPER, signIn } from '../signIn.mjs';
import { FIRST_PAGE, readSteps } from './waystone.mjs';

/**
 * From nothing to the first page: clone, `npm start` with empty caches, sign in.
 *
 * @param {{ repo: string, log: (line: string) => void }} options
 * @returns {Promise<Array<{ name: string, ms: number }>>} The steps, and the whole at the end.
 */
export async function measureFresh({ repo, log }) {
  const temp = await temporaryFolder('waystone-fresh');
  const clone = join(temp, 'waystone');
  const begin = performance.now();
  const steps = [];
  let portal;
  try {
    log('Fresh: git clone …');
    await promisify(execFile)('git', [
      'clone',
      '--quiet',
      '--no-local',
      repo,
      clone,
    ]);
    steps.push({
      name: 'git clone (local disk)',
      ms: performance.now() - begin,
    });
    log('Fresh: npm start …');
    const since = performance.now();
    portal = await startPortal({
      repo: clone,
      home: join(clone, '.waystone'),
      env: {
        YARN_GLOBAL_FOLDER: join(temp, 'yarn'),
        npm_config_cache: join(temp, 'npm'),
        NODE_COMPILE_CACHE: '',
      },
      onLine: line => log(`  ${line}`),
    });
    steps.push(...readSteps(portal.lines));
    steps.push({ name: 'npm start, whole', ms: performance.now() - since });
    const signedIn = performance.now();
    await openFirstPage(portal.url);
    steps.push({
      name: 'Sign in and see the first page (browser)',
      ms: performance.now() - signedIn,
    });
    steps.push({ name: '**Whole**', ms: performance.now() - begin });
    return steps;
  } finally {
    await portal?.stop();
    await rm(temp, { recursive: true, force: true });
  }
}

async function openFirstPage(url) {
  const browser = await chromium.launch({
    executablePath: await findBrowser(),
    args: BROWSER_ARGS,
  });
  try {
    const page = await browser.newPage();
    await page.goto(url + FIRST_PAGE.path);
    await signIn(page, DEVELOPER);
    await page
      .getByRole('link', { name: FIRST_PAGE.shows })
      .first()
      .waitFor({ timeout: 60_000 });
  } finally {
    await browser.close();
  }
}
