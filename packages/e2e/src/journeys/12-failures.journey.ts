import { expect, people, test } from '../fixtures/test';

test.use({ person: people.developer });

test('a part of home that fails says so, and the rest stays', async ({
  messages,
  page,
  portal,
}) => {
  messages.expect({ text: /status of 503/, url: /\/api\/catalog\// });
  await page.route('**/api/catalog/entities/by-query*', route =>
    route.fulfill({
      status: 503,
      contentType: 'application/json',
      body: JSON.stringify({
        error: { name: 'ServiceUnavailableError', message: 'Try again later' },
      }),
    }),
  );
  await portal.open('/');
  const services = page.getByRole('region', { name: 'My services' });
  await expect(services.getByRole('alert')).toContainText(
    'This could not be loaded',
  );
  await expect(
    page.getByRole('region', { name: 'What changed' }),
  ).toContainText('This portal runs on the sandbox');
  await expect(
    page.getByRole('region', { name: 'Waiting for me' }).getByRole('alert'),
  ).toBeHidden();
  await portal.check('one-part-fails');

  await page.unroute('**/api/catalog/entities/by-query*');
  await services.getByRole('button', { name: 'Try again' }).click();
  await expect(
    services.getByRole('link', { name: 'order-service', exact: true }),
  ).toBeVisible();
  await expect(services.getByRole('alert')).toBeHidden();
});

test('a page that does not exist says so', async ({
  messages,
  page,
  portal,
}) => {
  messages.expect({ text: /status of 404/, url: /\/api\/catalog\// });
  await portal.open('/no-such-page');
  await expect(page.getByText('There is no such page')).toBeVisible();
  await expect(page.getByText(/backstage/i)).toHaveCount(0);
  // Support is the business of the organisation that runs the portal.
  await expect(page.locator('a[href*="backstage/issues"]')).toHaveCount(0);
  await portal.check('no-such-page');

  await portal.open('/catalog/default/component/no-such-service');
  await expect(page.getByText(/not found/i).first()).toBeVisible();
  await portal.check('no-such-entity');
});
