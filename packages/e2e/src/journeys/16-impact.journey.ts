import { readFile } from 'node:fs/promises';
import { expect, people, test } from '../fixtures/test';

test.use({ person: people.developer });

test('who breaks if inventory-service is down, and what it needs', async ({
  page,
  portal,
}) => {
  await portal.open('/catalog/default/component/inventory-service');
  await page.getByRole('link', { name: 'Impact', exact: true }).click();
  await expect(
    page.getByText(/If inventory-service is down, \d+ entities of \d+ owners/),
  ).toBeVisible();
  const table = page.getByRole('table', { name: 'Affected entities' });
  const order = table.getByRole('row').filter({ hasText: /^order-service/ });
  await expect(order).toContainText('inventory-api');
  await portal.check('who-breaks');

  // A filter is part of the address, so it can be shared.
  await page.getByRole('searchbox', { name: 'Filter by name' }).fill('order-s');
  await expect(table.getByRole('row')).toHaveCount(2);
  await expect(page).toHaveURL(/q=order-s/);
  await page.reload();
  await expect(order).toBeVisible();
  await expect(table.getByRole('row')).toHaveCount(2);

  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export CSV' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe('dependents-of-inventory-service.csv');
  expect(await readFile(await file.path(), 'utf8')).toMatch(
    /^entityRef,.*\r\ncomponent:default\/order-service,order-service,/,
  );

  await page.goto(
    '/catalog/default/component/inventory-service/impact?direction=dependencies',
  );
  await expect(page.getByText(/inventory-service needs/)).toBeVisible();
  await expect(
    table.getByRole('link', { name: 'inventory-database' }),
  ).toBeVisible();
});

test.describe('on a small screen', () => {
  test.use({ viewport: { width: 390, height: 844 }, colorScheme: 'dark' });

  test('the impact is a list of cards', async ({ page, portal }) => {
    await portal.open('/catalog/default/component/inventory-service/impact');
    await expect(page.getByText(/If inventory-service is down/)).toBeVisible();
    await portal.check('impact-small');
  });
});
