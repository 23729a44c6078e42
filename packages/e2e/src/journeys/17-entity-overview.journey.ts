import { expect, people, test } from '../fixtures/test';

test.use({ person: people.developer });

test('the overview of order-service answers what people ask first', async ({
  page,
  portal,
}) => {
  const requests: string[] = [];
  page.on('request', request => {
    const { pathname } = new URL(request.url());
    if (/^\/api\/(catalog|delivery|observability)\//.test(pathname)) {
      requests.push(pathname);
    }
  });
  await portal.open('/catalog/default/component/order-service');
  const owner = page.getByRole('region', { name: 'Owner' });
  await expect(
    owner.getByRole('link', { name: 'Orders', exact: true }),
  ).toBeVisible();
  await expect(
    owner.getByRole('link', { name: /^Chat: #orders/ }),
  ).toHaveAttribute('href', 'https://chat.fernway.example/channels/orders');
  await expect(
    owner.getByRole('link', { name: /^Who is on call/ }),
  ).toBeVisible();
  await expect(owner.getByRole('link', { name: 'Maya Okafor' })).toBeVisible();

  const needs = page.getByRole('list', { name: /^Depends on/ });
  const database = needs
    .getByRole('listitem')
    .filter({ hasText: 'orders-database' });
  await expect(database).toContainText('database');
  await expect(
    page
      .getByRole('list', { name: /^Consumes APIs/ })
      .getByRole('link', { name: 'inventory-api' }),
  ).toBeVisible();
  await expect(
    page.getByText(/If order-service is down, \d+ entities break/),
  ).toBeVisible();
  await expect(
    page.getByRole('heading', { name: 'Other parts of Ordering' }),
  ).toBeVisible();
  await expect(page.getByText('component:default/order-service')).toBeVisible();
  // One of them for all that surrounds the entity
  const count = (part: string) =>
    requests.filter(path => path.includes(part)).length;
  expect(count('/overview/')).toBe(1);
  expect(count('/api/catalog/')).toBeLessThanOrEqual(8);
  // One of them for each card; it is read again when something changes.
  const pathsOf = (pillar: string) => [
    ...new Set(requests.filter(path => path.startsWith(`/api/${pillar}/`))),
  ];
  for (const pillar of ['delivery', 'observability']) {
    await expect.poll(() => pathsOf(pillar)).toHaveLength(1);
  }
  await portal.check('overview-of-order-service');

  await page.getByRole('link', { name: 'Runbook', exact: true }).click();
  await expect(page).toHaveURL(
    /\/docs\/default\/component\/order-service\/runb/,
  );
  await page.goBack();
  await page.getByRole('link', { name: 'Who breaks' }).press('Enter');
  await expect(page).toHaveURL(/order-service\/impact$/);
});

for (const path of [
  'api/orders-api',
  'resource/orders-database',
  'system/ordering',
  'component/legacy-mailer',
]) {
  test(`the overview of ${path} is readable`, async ({ page, portal }) => {
    await portal.open(`/catalog/default/${path}`);
    await expect(
      page.getByRole('region', { name: 'Owner' }).getByRole('listitem').first(),
    ).toBeVisible();
    await portal.check(`overview-${path.replace('/', '-')}`);
  });
}

test.describe('on a small screen', () => {
  test.use({ viewport: { width: 390, height: 844 }, colorScheme: 'dark' });

  test('the overview is one column', async ({ page, portal }) => {
    await portal.open('/catalog/default/component/order-service');
    await expect(page.getByRole('list', { name: /^Depends on/ })).toBeVisible();
    await portal.check('overview-small');
  });
});
