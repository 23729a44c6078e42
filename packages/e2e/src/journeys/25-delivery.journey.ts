import { expect, people, test } from '../fixtures/test';

const SERVICES = 'Services and where they run';

test.describe('a developer', () => {
  test.use({ person: people.developer });

  test('sees what runs where, and shares what she sees', async ({
    baseURL,
    browser,
    page,
    portal,
    sessionOf,
  }) => {
    await portal.open('/');
    await page
      .getByRole('link', { name: 'Delivery', exact: true })
      .filter({ visible: true })
      .click();
    const table = page.getByRole('table', { name: SERVICES });
    const order = table.getByRole('row').filter({ hasText: /^order-service/ });
    await expect(order).toContainText(/\d+\.\d+\.\d+/, { timeout: 30_000 });
    // One does not start in staging. Kubernetes waits for it before it calls that a failure.
    await expect(
      table.getByRole('row').filter({ hasText: /^recommendation-service/ }),
    ).toContainText(/Degraded|Progressing|Failing/);
    await portal.check('fleet');

    await page
      .getByRole('searchbox', { name: /Search service/ })
      .fill('order-s');
    await expect(table.getByRole('row')).toHaveCount(2);
    await expect(page).toHaveURL(/q=order-s/);
    const shared = page.url();
    // The address is all that somebody else needs, such as who looks for who deployed.
    const { state } = await sessionOf(people.auditor);
    const other = await browser.newContext({ baseURL, storageState: state });
    const otherPage = await other.newPage();
    await otherPage.goto(shared);
    const same = otherPage.getByRole('table', { name: SERVICES });
    await expect(same.getByRole('row')).toHaveCount(2, { timeout: 30_000 });
    await same.getByRole('link', { name: 'order-service' }).click();
    await expect(
      otherPage
        .getByRole('table', { name: 'What got where, newest first' })
        .getByRole('row')
        .filter({ hasText: /Production.*fernway-ci/ })
        .first(),
    ).toBeVisible({ timeout: 30_000 });
    await other.close();

    await page.goto(`${new URL(shared).pathname}?q=no-such-service`);
    await page.getByRole('button', { name: 'Clear the filters' }).click();
    await expect(order).toBeVisible();
    await order.getByRole('link', { name: 'order-service' }).click();
    await expect(page).toHaveURL(
      /\/catalog\/default\/component\/order-service\/delivery/,
    );
    const environments = page.getByRole('list', { name: 'Environments' });
    await expect(environments.getByRole('listitem')).toHaveText([
      /^Development/,
      /^Staging/,
      /^Production/,
    ]);
    const history = page.getByRole('table', {
      name: 'What got where, newest first',
    });
    await expect(
      history.getByRole('row').filter({ hasText: 'fernway-ci' }).first(),
    ).toContainText(/Production.*Succeeded/);
    await portal.check('service');
  });

  test('finds the one field that somebody changed by hand', async ({
    page,
    portal,
  }) => {
    await portal.open('/delivery?drifted=true');
    const shipping = page
      .getByRole('table', { name: SERVICES })
      .getByRole('row')
      .filter({ hasText: /^shipping-service/ });
    await expect(shipping).toContainText('Drift', { timeout: 30_000 });
    await shipping.getByRole('link', { name: 'shipping-service' }).click();
    await page
      .getByRole('button', { name: /^Show .* from Git$/ })
      .first()
      .click();
    await expect(page).toHaveURL(/drift=production/);
    const fields = page.getByRole('table', {
      name: 'ConfigMap shipping-service',
    });
    await expect(fields.getByRole('row')).toHaveCount(2);
    await expect(fields.getByRole('rowheader')).toHaveText('data.LOG_LEVEL');
    await portal.check('drift');
  });
});

test.describe('on a small screen, in the dark', () => {
  test.use({
    person: people.developer,
    viewport: { width: 390, height: 844 },
    colorScheme: 'dark',
  });

  test('the fleet is a list of cards', async ({ page, portal }) => {
    await portal.open('/delivery');
    await expect(page.getByText(/Live from argocd\/main/)).toBeVisible({
      timeout: 30_000,
    });
    await portal.check('fleet-small');
    await portal.open('/catalog/default/component/order-service/delivery');
    await expect(
      page.getByRole('list', { name: 'Environments' }),
    ).toBeVisible();
    await portal.check('service-small');
  });
});
