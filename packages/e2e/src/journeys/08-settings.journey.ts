import type { Page } from '@playwright/test';
import { expect, people, test } from '../fixtures/test';

const person = people.securityEngineer;
test.use({ person });

const background = (page: Page) =>
  page.evaluate(() => getComputedStyle(document.body).backgroundColor);

test('notifications and settings', async ({ page, portal }) => {
  await portal.open('/notifications');
  await expect(
    page.getByRole('heading', { name: 'Notifications', exact: true }),
  ).toBeVisible();
  await portal.check('notifications');

  await portal.open('/settings');
  await expect(
    page.getByRole('heading', { name: person.name }).first(),
  ).toBeVisible();
  await expect(page.getByText(/Backstage/)).toHaveCount(0);
  await portal.check('settings');
});

test('the theme is chosen in the settings and stays', async ({
  page,
  portal,
}) => {
  await portal.open('/settings');
  const light = await background(page);
  await page.getByRole('button', { name: 'Dark' }).click();
  await expect.poll(() => background(page)).not.toBe(light);
  const dark = await background(page);
  await page.reload();
  await portal.settled();
  expect(await background(page)).toBe(dark);
  await portal.check('settings');

  for (const [path, name] of [
    ['/', 'home'],
    ['/catalog', 'catalog'],
    ['/catalog/default/component/order-service', 'entity'],
    ['/create', 'create'],
  ]) {
    await portal.open(path);
    expect(await background(page), `${path} is dark`).toBe(dark);
    await portal.check(name);
  }

  await portal.open('/settings');
  await page.getByRole('button', { name: 'Light' }).click();
  await expect.poll(() => background(page)).toBe(light);
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.reload();
  await portal.settled();
  expect(await background(page)).toBe(light);
  await page.getByRole('button', { name: 'System' }).click();
  await expect.poll(() => background(page)).toBe(dark);
});

test('the theme is chosen in the user menu and stays', async ({
  page,
  portal,
}) => {
  await portal.open('/');
  const light = await background(page);
  const choose = async (theme: string) => {
    await portal.account(person).click();
    await page.getByRole('menuitem', { name: theme }).click();
  };
  await portal.account(person).click();
  await expect(page.getByRole('menu')).toBeVisible();
  await portal.check('user-menu');
  await page.keyboard.press('Escape');

  await choose('Dark');
  await expect.poll(() => background(page)).not.toBe(light);
  const dark = await background(page);
  await page.reload();
  await portal.settled();
  expect(await background(page)).toBe(dark);
  await choose('As the system');
  await expect.poll(() => background(page)).toBe(light);
});
