import { expect, people, test } from '../fixtures/test';

const PAGE = '/catalog/default/component/payment-service';

test.use({ person: people.developer });

test('a session that ended is renewed on the same page after a reload', async ({
  context,
  page,
  portal,
}) => {
  await portal.open(PAGE);
  await context.clearCookies();
  await page.reload();
  await expect(portal.signInButton).toBeVisible();
  await portal.check('asked-after-reload');

  await portal.signIn(people.developer);
  await expect(page).toHaveURL(PAGE);
  await expect(
    page.getByRole('heading', { name: 'payment-service' }),
  ).toBeVisible();
});

test('a session that ends while a page is open asks to sign in again', async ({
  context,
  page,
  portal,
}) => {
  await portal.open(PAGE);
  // All that the page reads is there, so that the click is what finds the session ended
  await expect(
    page.getByRole('region', { name: 'Owner' }).getByRole('link').first(),
  ).toBeVisible();
  await context.clearCookies();
  // The portal's token lasts an hour.
  await page.clock.setSystemTime(Date.now() + 2 * 3_600_000);

  await page
    .getByRole('navigation', { name: 'Content navigation' })
    .getByRole('link', { name: 'APIs' })
    .click();
  const dialog = page.getByRole('dialog', { name: 'Sign in again' });
  await expect(dialog).toContainText(
    'Your session has ended. Signing in brings you back to this page.',
  );
  await portal.screenshot('asked-while-open');
  await dialog.getByRole('button', { name: 'Sign in' }).click();
  await portal.choose(people.developer);
  await expect(portal.account(people.developer)).toBeVisible();
  await expect(page).toHaveURL(`${PAGE}/apis`);
});
