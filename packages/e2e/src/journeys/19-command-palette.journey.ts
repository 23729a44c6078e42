import type { Page } from '@playwright/test';
import { expect, people, test } from '../fixtures/test';

test.use({ person: people.developer });

const open = async (page: Page) => {
  await page.keyboard.press('Control+k');
  const field = page.getByRole('combobox', {
    name: 'Search for services, people, APIs, docs and actions',
  });
  await expect(field).toBeFocused();
  return field;
};

test('order-service is found with a typing error, by keys alone', async ({
  page,
  portal,
}) => {
  await portal.open('/');
  await open(page);
  await page.keyboard.type('ordr-servcie');
  const list = page.getByRole('listbox', { name: 'Results' });
  await expect(
    list
      .getByRole('group', { name: 'Services' })
      .getByRole('option', { name: /^order-service/ }),
  ).toHaveAttribute('aria-selected', 'true');
  await portal.check('typing-error');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL('/catalog/default/component/order-service');
  await expect(
    page.getByRole('heading', { name: 'order-service' }),
  ).toBeVisible();
});

test('an API is found by its operation, a team and a person by name', async ({
  page,
  portal,
}) => {
  await portal.open('/');
  for (const { asked, name, leads } of [
    {
      asked: 'POST /orders',
      name: /^POST \/orders/,
      leads: /\/api\/orders-api\/definition/,
    },
    {
      asked: 'fulfil',
      name: /^Fulfilment/,
      leads: /\/catalog\/default\/group\/fulfilment/,
    },
    {
      asked: 'Maya Okafr',
      name: /^Maya Okafor/,
      leads: /\/catalog\/default\/user\/maya\.okafor/,
    },
  ]) {
    await test.step(asked, async () => {
      await open(page);
      await page.keyboard.type(asked);
      await expect(page.getByRole('option', { selected: true })).toHaveText(
        name,
      );
      await page.keyboard.press('Enter');
      await expect(page).toHaveURL(leads);
    });
  }
});

test('a heading of the docs is found after they were made', async ({
  page,
  portal,
}) => {
  test.slow();
  // They are made when they are first read
  await portal.open('/docs/default/component/order-service/architecture');
  await expect(
    page.getByRole('heading', { level: 1, name: /Architecture/ }),
  ).toBeVisible({ timeout: 30_000 });
  const heading = page
    .getByRole('group', { name: 'Docs' })
    .getByRole('option', { name: /^Order states/ });
  await expect(async () => {
    await page.goto('/');
    await open(page);
    await page.keyboard.type('order states');
    await expect(heading).toBeVisible({ timeout: 3_000 });
  }).toPass({ timeout: 120_000 });
  await portal.check('docs');
  await heading.click();
  await expect(page).toHaveURL(/order-service\/architecture\/?#order-states$/);
});

test('pages and actions are found, and keys move through them', async ({
  page,
  portal,
}) => {
  await portal.open('/');
  const field = await open(page);
  await expect(page.getByRole('group', { name: 'Actions' })).toBeVisible();
  await portal.check('empty');

  const selected = page.getByRole('option', { selected: true });
  await page.keyboard.type('catalog');
  await expect(selected).toHaveText('Catalog');
  await page.keyboard.press('ArrowDown');
  await expect(selected).not.toHaveText('Catalog');
  await expect(field).toHaveAttribute(
    'aria-activedescendant',
    (await selected.getAttribute('id')) ?? '',
  );
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/catalog/);

  await open(page);
  await page.keyboard.type('dark');
  await expect(selected).toHaveText('Switch theme');
  await page.keyboard.press('Enter');
  await expect(page.locator('body')).toHaveAttribute('data-theme-mode', 'dark');
  await open(page);
  await page.keyboard.type('qqxyzzy');
  await expect(page.getByText('Nothing matches “qqxyzzy”')).toBeVisible();
  await portal.check('nothing');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
});

test('the search page has filters and pages in its address', async ({
  page,
  portal,
}) => {
  await portal.open('/search?query=order');
  const results = page.getByRole('list', { name: 'Results' });
  await expect(results.getByRole('listitem').first()).toContainText(
    'order-service',
  );
  await page.getByRole('button', { name: 'APIs and operations' }).click();
  await expect(page).toHaveURL(/group=apis/);
  await expect(results.getByRole('listitem').first()).toContainText('order');
  await portal.check('filtered');
  await page.reload();
  await expect(
    page.getByRole('button', { name: 'APIs and operations' }),
  ).toHaveAttribute('aria-pressed', 'true');
});

test.describe('on a small screen', () => {
  test.use({ viewport: { width: 390, height: 844 }, colorScheme: 'dark' });

  test('the palette fills it', async ({ page, portal }) => {
    await portal.open('/');
    await page.getByRole('button', { name: 'Search' }).click();
    await page.keyboard.type('order');
    await expect(
      page.getByRole('option', { name: /^order-service/ }).first(),
    ).toBeVisible();
    await portal.check('palette-small');
    await page.getByRole('button', { name: 'Close' }).click();
    await expect(page.getByRole('dialog')).toBeHidden();
  });
});
