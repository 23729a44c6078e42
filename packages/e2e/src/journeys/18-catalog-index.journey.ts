import { readFile } from 'node:fs/promises';
import { expect, people, test } from '../fixtures/test';

test.use({
  person: people.developer,
  permissions: ['clipboard-read', 'clipboard-write'],
});

test('a filtered list is found, shared and exported', async ({
  page,
  portal,
}) => {
  await portal.open('/catalog');
  const table = page.getByRole('table', { name: 'Entries of the catalog' });
  // The head, and every component of the example organisation. Other journeys make more
  await expect
    .poll(() => table.getByRole('row').count())
    .toBeGreaterThanOrEqual(21);
  await portal.check('catalog-index');

  await page.getByRole('button', { name: 'Filter by Owner' }).click();
  const picker = page.getByRole('dialog', { name: /^Filter by Owner/ });
  await picker.getByRole('searchbox').fill('ord');
  await picker.getByRole('checkbox', { name: /Orders/ }).check({ force: true });
  await portal.check('owner-picker');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Filter by Lifecycle' }).click();
  await page
    .getByRole('dialog', { name: /^Filter by Lifecycle/ })
    .getByRole('checkbox', { name: /production/ })
    .check({ force: true });
  await page.keyboard.press('Escape');
  await page.getByRole('searchbox', { name: 'Filter by name' }).fill('serv');
  await expect(page).toHaveURL(/q=serv/);
  const order = table.getByRole('row').filter({ hasText: /^order-service/ });
  await expect(order).toBeVisible();
  for (const other of ['Storefront', 'sales-reports']) {
    await expect(table.getByRole('row').filter({ hasText: other })).toHaveCount(
      0,
    );
  }
  const names = await table.getByRole('rowheader').allInnerTexts();

  // The address is all that another person needs.
  await page.getByRole('button', { name: 'Copy link' }).click();
  await expect(page.getByRole('button', { name: 'Link copied' })).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  await page.goto('/');
  await page.goto(link);
  await expect(order).toBeVisible();
  expect(await table.getByRole('rowheader').allInnerTexts()).toEqual(names);

  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export CSV' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe('catalog.csv');
  const csv = await readFile(await file.path(), 'utf8');
  expect(csv).toMatch(/^entityRef,name,title,kind,type,owner,/);
  expect(csv).toContain('component:default/order-service,order-service,');
  expect(csv.trim().split('\r\n')).toHaveLength(names.length + 1);
});

test('a view is saved under a name and taken away', async ({
  page,
  portal,
}) => {
  await portal.open('/catalog?kind=api&sort=owner&order=desc');
  const views = page.getByRole('navigation', { name: 'Views' });
  await page.getByRole('button', { name: 'Save view' }).click();
  const dialog = page.getByRole('dialog', { name: 'Save this view' });
  await dialog.getByRole('textbox', { name: 'Name' }).fill('APIs by owner');
  await portal.check('save-view');
  await dialog.getByRole('button', { name: 'Save view' }).click();
  await expect(
    views.getByRole('link', { name: 'APIs by owner' }),
  ).toHaveAttribute('aria-current', 'page');
  await portal.check('saved-view');

  // It is kept on the server.
  await portal.open('/catalog');
  await views.getByRole('link', { name: 'APIs by owner' }).click();
  await expect(page).toHaveURL('/catalog?kind=api&sort=owner&order=desc');
  await expect(
    page.getByRole('columnheader', { name: 'Owner' }),
  ).toHaveAttribute('aria-sort', 'descending');
  await page.getByRole('button', { name: 'Remove view APIs by owner' }).click();
  await expect(views.getByRole('link', { name: 'APIs by owner' })).toBeHidden();
});

test('several are starred at once', async ({ page, portal }) => {
  await portal.open('/catalog?kind=system');
  await page
    .getByRole('checkbox', { name: 'Select Ordering' })
    .check({ force: true });
  await page
    .getByRole('checkbox', { name: 'Select Warehouse' })
    .check({ force: true });
  await expect(page.getByText('2 selected')).toBeVisible();
  await portal.check('selection');
  await page.getByRole('button', { name: 'Star', exact: true }).click();
  await expect(page.getByText('2 selected')).toBeHidden();
  await page.getByRole('link', { name: 'Starred' }).click();
  const rows = page.getByRole('rowheader');
  await expect(rows).toHaveCount(2);
  await page
    .getByRole('checkbox', { name: 'Select all on this page' })
    .check({ force: true });
  await page.getByRole('button', { name: 'Remove stars' }).click();
  await expect(page.getByText(/You have starred nothing/)).toBeVisible();
  await portal.check('nothing-starred');
});

test('the keys alone find and open an entry', async ({ page, portal }) => {
  await portal.open('/catalog');
  await page.keyboard.press('/');
  await expect(
    page.getByRole('searchbox', { name: 'Filter by name' }),
  ).toBeFocused();
  await page.keyboard.type('service');
  await expect(page).toHaveURL(/q=service/);
  await expect(page.getByText(/entries match/)).toBeVisible();

  // Past the filters, to the first name; then down the list
  const links = page.getByRole('rowheader').getByRole('link');
  for (let step = 0; step < 40; step++) {
    await page.keyboard.press('Tab');
    if (
      await links
        .first()
        .evaluate(element => element === document.activeElement)
    ) {
      break;
    }
  }
  await expect(links.first()).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(links.nth(1)).toBeFocused();
  const href = await links.nth(1).getAttribute('href');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(href!);
});

test('links to the stock index go on working', async ({ page, portal }) => {
  await portal.open('/catalog?filters[kind]=component&filters[user]=owned');
  await expect(page).toHaveURL('/catalog?owner=%28mine%29');
  await expect(
    page.getByRole('link', { name: 'order-service', exact: true }),
  ).toBeVisible();
  await expect(
    page.getByRole('link', { name: 'inventory-service', exact: true }),
  ).toBeHidden();
});

test.describe('on a small screen', () => {
  test.use({ viewport: { width: 390, height: 844 }, colorScheme: 'dark' });

  test('the list is cards, and the filters open', async ({ page, portal }) => {
    await portal.open('/catalog?kind=all');
    await portal.check('index-small');
    await page.getByRole('button', { name: 'Filters' }).click();
    await page.getByRole('button', { name: 'Filter by Tier' }).click();
    await expect(
      page.getByRole('dialog', { name: /^Filter by Tier/ }),
    ).toBeVisible();
    await portal.check('filters-small');
  });
});
