import type { Page } from '@playwright/test';
import { expect, people, test } from '../fixtures/test';

test.use({
  person: people.developer,
  viewport: { width: 390, height: 844 },
  hasTouch: true,
});

/** WCAG 2.2, 2.5.8. */
const SMALLEST_TARGET = 24;

/** Names what can be seen of the selector and is hard to hit with a finger. */
const tooSmall = (page: Page, selector: string) =>
  page.locator(selector).evaluateAll(
    (elements, least) =>
      elements
        .map(element => ({
          name:
            element.getAttribute('aria-label') ??
            (element as HTMLElement).innerText,
          box: element.getBoundingClientRect(),
        }))
        .filter(
          ({ box }) =>
            box.width > 0 && (box.width < least || box.height < least),
        )
        .map(({ name, box }) => `${name}: ${box.width}×${box.height}`),
    SMALLEST_TARGET,
  );

test('navigation is a sheet', async ({ page, portal }) => {
  await portal.open('/');
  const open = page.getByRole('button', { name: 'Open navigation' });
  const sheet = page.getByRole('dialog', { name: 'Main' });
  await expect(sheet).toBeHidden();
  await open.click();
  await expect(sheet).toBeVisible();
  await expect(
    sheet.getByRole('link', { name: 'Catalog', exact: true }),
  ).toBeVisible();
  await portal.check('sheet');
  expect(
    await tooSmall(page, 'dialog[open] :is(a, button)'),
    'Too small to touch',
  ).toEqual([]);

  await page.keyboard.press('Escape');
  await expect(sheet).toBeHidden();
  await expect(open).toBeFocused();

  await open.click();
  await sheet.getByRole('link', { name: 'Catalog', exact: true }).click();
  await expect(page).toHaveURL(/\/catalog/);
  await expect(sheet).toBeHidden();
});

for (const { name, path } of [
  { name: 'home', path: '/' },
  { name: 'catalog', path: '/catalog' },
  { name: 'entity', path: '/catalog/default/component/order-service' },
  { name: 'create', path: '/create' },
  { name: 'search', path: '/search?query=order' },
]) {
  test(`${name} fits a small screen`, async ({ page, portal }) => {
    await portal.open(path);
    await portal.check(name);
    const small = await tooSmall(
      page,
      'header:has(nav[aria-label="Main"]) :is(a, button), main section button',
    );
    expect(small, 'Too small to touch').toEqual([]);
  });
}
