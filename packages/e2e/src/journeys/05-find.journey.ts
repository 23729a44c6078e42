import { expect, people, test } from '../fixtures/test';

test.use({ person: people.lead });

const heading = 'order-service';

test('order-service is found by search', async ({ page, portal }) => {
  await portal.open('/');
  await test.step('The search box', async () => {
    await page.keyboard.press('Control+k');
    const box = page.getByRole('dialog');
    await expect(box).toBeVisible();
    await box.getByRole('combobox').fill('order-service');
    const first = box.getByRole('option').first();
    await expect(first).toHaveText(/^order-service/);
    await portal.check('search-box');
    await first.click();
    await expect(page).toHaveURL('/catalog/default/component/order-service');
    await expect(page.getByRole('heading', { name: heading })).toBeVisible();
  });
  await test.step('The search page', async () => {
    await portal.open('/search');
    await page.getByRole('searchbox', { name: 'Search' }).fill('order-service');
    const first = page
      .getByRole('link', { name: 'order-service', exact: true })
      .first();
    await expect(first).toBeVisible();
    await portal.check('search-page');
    await first.click();
    await expect(page).toHaveURL('/catalog/default/component/order-service');
  });
});

test('order-service is found by filters', async ({ page, portal }) => {
  await portal.open('/catalog?filters[kind]=component&filters[user]=all');
  const rows = page.getByRole('rowheader');
  await expect(rows).toHaveCount(20);
  await portal.check('catalog');

  for (const { field, value } of [
    { field: 'Owner', value: /Orders/ },
    { field: 'Lifecycle', value: /production/ },
  ]) {
    await page.getByRole('button', { name: `Filter by ${field}` }).click();
    await page
      .getByRole('dialog', { name: `Filter by ${field}` })
      .getByRole('checkbox', { name: value })
      .check({ force: true });
    await page.keyboard.press('Escape');
  }
  await expect(rows).toHaveCount(4);
  const link = page.getByRole('link', { name: 'order-service', exact: true });
  await expect(link).toBeVisible();
  await portal.check('catalog-filtered');
  await link.click();
  await expect(page).toHaveURL('/catalog/default/component/order-service');
});

test('the page of order-service says what it is', async ({ page, portal }) => {
  await portal.open('/catalog/default/component/order-service');
  await expect(page.getByRole('heading', { name: heading })).toBeVisible();
  await expect(
    page.getByText('Takes an order from checkout to dispatch').first(),
  ).toBeVisible();
  await expect(
    page.getByRole('link', { name: 'orders-database' }).first(),
  ).toBeVisible();
  await portal.check('overview');

  const tabs = page.getByRole('navigation', { name: 'Content navigation' });
  await tabs.getByRole('link', { name: 'APIs' }).click();
  for (const name of ['orders-api', 'order-events-api', 'inventory-api']) {
    await expect(page.getByRole('link', { name, exact: true })).toBeVisible();
  }
  await portal.check('apis');

  await tabs.getByRole('link', { name: 'Kubernetes' }).click();
  await portal.check('kubernetes');
});

test('API definitions of every kind are shown', async ({ page, portal }) => {
  await portal.open('/api-docs');
  await portal.check('apis-of-everybody');
  for (const { api, shows } of [
    { api: 'orders-api', shows: '/orders/{orderId}' },
    { api: 'order-events-api', shows: 'Operations' },
    { api: 'shop-graphql', shows: 'The one graph behind the web shop' },
    { api: 'identity-grpc', shows: '"proto3"' },
  ]) {
    await test.step(api, async () => {
      await portal.open(`/catalog/default/api/${api}/definition`);
      await expect(page.getByText(shows).first()).toBeVisible({
        timeout: 15_000,
      });
      await portal.check(api);
    });
  }
});

test('the graph shows the neighbours of order-service', async ({
  page,
  portal,
}) => {
  await portal.open('/catalog/default/component/order-service');
  await page.getByRole('link', { name: 'View graph' }).click();
  await expect(page).toHaveURL(/catalog-graph/);
  for (const name of ['order-service', 'orders-database', 'payments-api']) {
    await expect(page.locator('svg').getByText(name).first()).toBeVisible();
  }
  await portal.check('graph');
});

test('teams and people have pages', async ({ page, portal }) => {
  await portal.open('/catalog/default/group/orders');
  const members = page.getByRole('list', { name: 'People' });
  for (const name of ['Maya Okafor', 'Jonas Lindqvist', 'Leila Haddad']) {
    await expect(
      members.getByRole('link', { name, exact: true }),
    ).toBeVisible();
  }
  await portal.check('team');
  await members.getByRole('link', { name: 'Maya Okafor' }).click();
  await expect(page).toHaveURL('/catalog/default/user/maya.okafor');
  await expect(page.getByText('Developer in Orders').first()).toBeVisible();
  await portal.check('person');
});
