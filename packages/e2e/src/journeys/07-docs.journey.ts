import { expect, people, test } from '../fixtures/test';

test.use({ person: people.developer });

test('docs are listed, and the portal says that it has no pages yet', async ({
  messages,
  page,
  portal,
}) => {
  await portal.open('/docs');
  await page.getByRole('menuitem', { name: /^All/ }).click();
  await expect(
    page.getByRole('link', { name: 'inventory-service', exact: true }),
  ).toBeVisible();
  await expect(
    page.getByRole('link', { name: 'shop-web', exact: true }),
  ).toBeVisible();
  await portal.check('docs');

  messages.expect({ text: /status of 404/, url: /\/api\/techdocs\// });
  await page
    .getByRole('link', { name: 'inventory-service', exact: true })
    .click();
  await expect(
    page.getByText('This portal does not generate documentation itself yet'),
  ).toBeVisible();
  await portal.check('no-pages-yet');
});
