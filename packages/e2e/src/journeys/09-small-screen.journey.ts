import { expect, people, test } from '../fixtures/test';

test.use({
  person: people.developer,
  viewport: { width: 390, height: 844 },
  hasTouch: true,
});

/** WCAG 2.2, 2.5.8. */
const SMALLEST_TARGET = 24;

test('navigation is a sheet', async ({ page, portal }) => {
  await portal.open('/');
  const open = page.getByRole('button', { name: 'Open navigation' });
  const sheet = page.getByRole('dialog', { name: 'Main' });
  await expect(sheet).toBeHidden();
  await open.click();
  await expect(sheet).toBeVisible();
  await expect(sheet.getByRole('link', { name: 'Catalog' })).toBeVisible();
  await portal.check('sheet');

  await page.keyboard.press('Escape');
  await expect(sheet).toBeHidden();
  await expect(open).toBeFocused();

  await open.click();
  await sheet.getByRole('link', { name: 'Catalog' }).click();
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
    const small = await page.evaluate(least => {
      const own = document.querySelectorAll<HTMLElement>(
        'header:has(nav[aria-label="Main"]) :is(a, button), main section :is(button)',
      );
      return [...own]
        .map(element => ({
          element,
          box: element.getBoundingClientRect(),
        }))
        .filter(
          ({ box }) =>
            box.width > 0 && (box.width < least || box.height < least),
        )
        .map(
          ({ element, box }) =>
            `${element.getAttribute('aria-label') ?? element.innerText}: ${
              box.width
            }×${box.height}`,
        );
    }, SMALLEST_TARGET);
    expect(small, 'Too small to touch').toEqual([]);
  });
}
