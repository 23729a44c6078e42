import { chromium } from 'playwright-core';
import { BROWSER_ARGS, findBrowser } from '../browser.mjs';
import { median, sleep } from './figures.mjs';

/** After what is waited for is there, the page may still fetch and paint. */
const QUIET_MS = 2000;

/** What was stopped while it read its catalog goes on after minutes. */
const PATIENCE_MS = 240_000;

const ELEMENTS = { link: 'a', heading: 'h1, h2, h3' };

const SCREEN = { viewport: { width: 1440, height: 900 }, locale: 'en-GB' };

/**
 * Measures the pages of a portal in Chromium, as somebody who is signed in sees them.
 *
 * @param {object} options
 * @param {string} options.url
 * @param {(page: import('playwright-core').Page) => Promise<void>} options.signIn - Starts on the first page.
 * @param {{ path: string, shows: string }} options.first - The first page, and the words of a link on it that shows that it is complete.
 * @param {{ path: string, shows: string }} options.entity - The page of one entity, and the words of a heading on it.
 * @param {number} options.runs
 */
export async function measurePages({ url, signIn, first, entity, runs }) {
  const browser = await chromium.launch({
    executablePath: await findBrowser(),
    args: BROWSER_ARGS,
  });
  try {
    const state = await prepare(browser, url, signIn, first);
    const results = [];
    for (let run = 0; run < runs; run++) {
      // A new context has an empty cache.
      const context = await browser.newContext({
        ...SCREEN,
        storageState: state,
      });
      const page = await context.newPage();
      const firstPage = await measure(page, url, first, 'link');
      const entityPage = await measure(page, url, entity, 'heading');
      results.push({ firstPage, entityPage });
      await context.close();
    }
    const of = pick => median(results.map(pick));
    return {
      firstTransferred: of(({ firstPage }) => firstPage.transferred),
      firstLcp: of(({ firstPage }) => firstPage.lcp),
      firstContent: of(({ firstPage }) => firstPage.content),
      entityTransferred: of(({ entityPage }) => entityPage.transferred),
      entityLcp: of(({ entityPage }) => entityPage.lcp),
      entityContent: of(({ entityPage }) => entityPage.content),
    };
  } finally {
    await browser.close();
  }
}

/**
 * Waits until the first page shows what it should: an app is ready before its catalog is read.
 *
 * @param {{ url: string, signIn: (page: import('playwright-core').Page) => Promise<void>, first: { path: string, shows: string } }} options
 */
export async function waitForFirstPage({ url, signIn, first }) {
  const browser = await chromium.launch({
    executablePath: await findBrowser(),
    args: BROWSER_ARGS,
  });
  try {
    await prepare(browser, url, signIn, first);
  } finally {
    await browser.close();
  }
}

/** Signs in once; the session goes into every context. Also warms what the server keeps. */
async function prepare(browser, url, signIn, first) {
  const context = await browser.newContext(SCREEN);
  const page = await context.newPage();
  await page.goto(url + first.path);
  await signIn(page);
  const shown = page.getByRole('link', { name: first.shows }).first();
  const until = Date.now() + PATIENCE_MS;
  while (!(await appears(shown))) {
    if (Date.now() > until) {
      throw new Error(
        `${url}${first.path} does not show '${
          first.shows
        }' after signing in, but:\n${await page.locator('body').innerText()}`,
      );
    }
    await page.reload();
  }
  const state = await context.storageState();
  await context.close();
  return state;
}

function appears(locator) {
  return locator.waitFor({ timeout: 5000 }).then(
    () => true,
    () => false,
  );
}

async function measure(page, url, { path, shows }, role) {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  let transferred = 0;
  session.on('Network.loadingFinished', ({ encodedDataLength }) => {
    transferred += encodedDataLength;
  });
  await page.goto(url + path, { waitUntil: 'commit' });
  const content = await page.waitForFunction(
    ([elements, text]) =>
      [...document.querySelectorAll(elements)].some(
        element =>
          element.textContent.trim() === text && element.checkVisibility(),
      ) && performance.now(),
    [ELEMENTS[role], shows],
    { polling: 'raf', timeout: 60_000 },
  );
  await sleep(QUIET_MS);
  const lcp = await page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        new PerformanceObserver(list =>
          resolve(list.getEntries().at(-1).startTime),
        ).observe({ type: 'largest-contentful-paint', buffered: true });
        setTimeout(() => reject(new Error('No paint was reported')), 5000);
      }),
  );
  await session.detach();
  return { transferred, lcp, content: await content.jsonValue() };
}
