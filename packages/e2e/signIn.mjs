import { chromium } from 'playwright-core';
import { BROWSER_ARGS, findBrowser } from './browser.mjs';

/** A portal is ready before it has read the people of the organisation; with new data this takes some seconds. */
const PATIENCE_MS = 240_000;

/** The developer of the example organisation. */
export const DEVELOPER = 'Maya Okafor';

/**
 * Signs in by the portal's and the sandbox's pages, again and again until the portal knows the person.
 *
 * @param {import('playwright-core').Page} page - On the portal's sign-in page.
 * @param {string} person - Her name.
 */
export async function signIn(page, person) {
  const refused = page.getByText('You could not be signed in');
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    await page.getByRole('button', { name: /^Sign in with/ }).click();
    await page.getByRole('button', { name: person }).click();
    await page
      .getByRole('button', { name: `Account of ${person}` })
      .or(refused)
      .first()
      .waitFor({ timeout: 60_000 });
    if (!(await refused.isVisible())) return;
    if (Date.now() > until) {
      throw new Error(
        `${person} could not sign in: ${await page
          .getByRole('main')
          .innerText()}`,
      );
    }
    await page.waitForTimeout(1000);
  }
}

/**
 * Waits until a portal has read the example organisation: people can sign in and own services.
 *
 * @param {string} url
 */
export async function waitForOrganisation(url) {
  const browser = await chromium.launch({
    executablePath: await findBrowser(),
    args: BROWSER_ARGS,
  });
  try {
    const page = await browser.newPage();
    await page.goto(url);
    await signIn(page, DEVELOPER);
    const until = Date.now() + PATIENCE_MS;
    const service = page.getByRole('link', { name: 'order-service' }).first();
    while (!(await service.isVisible())) {
      if (Date.now() > until) {
        throw new Error(`The catalog at ${url} has no order-service`);
      }
      await page.waitForTimeout(2000);
      if (!(await service.isVisible())) await page.reload();
    }
  } finally {
    await browser.close();
  }
}
