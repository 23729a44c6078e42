import { changeFile } from '../fixtures/changeFile';
import { expect, people, test } from '../fixtures/test';

const TOKEN = process.env.WAYSTONE_E2E_SANDBOX_TOKEN ?? '';
const ORDER_SERVICE = 'component:default/order-service';
const PAGE = '/catalog/default/component/order-service';

test.use({ person: people.developer });

test('a broken file is told to its owner alone, with the line and a pull request', async ({
  apiOf,
  baseURL,
  browser,
  page,
  portal,
  sandboxUrl,
  sessionOf,
}) => {
  test.skip(
    !TOKEN,
    'WAYSTONE_E2E_SANDBOX_TOKEN is not set: nothing can be pushed',
  );
  test.setTimeout(240_000);
  const api = await apiOf(people.developer);
  const change = async (edit: (text: string) => string) => {
    await changeFile({
      sandboxUrl,
      token: TOKEN,
      repository: 'fernway/order-service',
      path: 'catalog-info.yaml',
      edit,
    });
    const response = await api.post('/api/catalog/refresh', {
      data: { entityRef: ORDER_SERVICE },
    });
    expect(response.ok(), await response.text()).toBe(true);
  };
  const strip = page.getByRole('region', {
    name: 'Problems of the catalog entry',
  });

  await change(text =>
    text.replace('\n  name: order-service', '\n\tname: order-service'),
  );
  try {
    await expect(async () => {
      await portal.open(PAGE);
      await expect(strip).toContainText('shows the version of commit', {
        timeout: 3000,
      });
    }).toPass({ timeout: 60_000 });
    await expect(strip).toContainText(/broken since .* See line \d+, column/);
    // What was read before is still there
    await expect(
      page
        .getByRole('region', { name: 'Owner' })
        .getByRole('link', { name: 'Orders', exact: true }),
    ).toBeVisible();
    await strip.getByRole('button', { name: 'Show what is wrong' }).click();
    await expect(strip.getByText(/^catalog-info\.yaml:\d+:\d+$/)).toBeVisible();
    await expect(strip.getByRole('figure').first()).toContainText(
      'name: order-service',
    );
    await portal.check('broken');

    await strip
      .getByRole('button', { name: 'Open a pull request' })
      .first()
      .click();
    await strip
      .getByRole('button', { name: 'Open in fernway/order-service' })
      .click();
    const link = strip.getByRole('link', { name: /^Pull request #\d+/ });
    await expect(link).toBeVisible();
    const address = (await link.getAttribute('href')) ?? '';
    // The open one is found again
    await page.reload();
    await strip.getByRole('button', { name: 'Show what is wrong' }).click();
    await expect(link).toHaveAttribute('href', address);
    await portal.check('pull-request');

    await expect(async () => {
      await portal.open('/');
      await expect(
        page.getByText('order-service: an error in its catalog entry').first(),
      ).toBeVisible({ timeout: 3000 });
    }).toPass({ timeout: 60_000 });

    const { state } = await sessionOf(people.lead);
    const other = await browser.newContext({ baseURL, storageState: state });
    const otherPage = await other.newPage();
    await otherPage.goto(PAGE);
    await expect(
      otherPage.getByText('This is not the newest version'),
    ).toBeVisible({ timeout: 20_000 });
    await expect(otherPage.getByText(/catalog-info\.yaml:\d/)).toBeHidden();
    await otherPage.goto('/catalog-problems?severity=error');
    await expect(
      otherPage.getByRole('heading', { name: 'Catalog problems' }),
    ).toBeVisible();
    await otherPage.waitForLoadState('networkidle');
    await expect(
      otherPage.getByRole('link', { name: 'order-service' }),
    ).toBeHidden();
    await other.close();

    await page.goto(address);
    await expect(page.locator('body')).toContainText('catalog-info.yaml');
    await expect(page.locator('body')).toContainText('Indent with spaces');
  } finally {
    await change(text => text.replace('\n\tname:', '\n  name:'));
  }
  await expect(async () => {
    await portal.open(PAGE);
    await expect(page.getByRole('region', { name: 'Owner' })).toBeVisible();
    await expect(strip).toBeHidden();
  }).toPass({ timeout: 90_000 });
});

test('what runs unregistered is registered by pull request', async ({
  page,
  portal,
}) => {
  await portal.open('/catalog-problems');
  const section = page.getByRole('region', { name: /^Unregistered/ });
  await expect(section).toContainText('in ordering-staging');
  await portal.check('unregistered');
  await section.getByRole('button', { name: 'Register order-exports' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('kind: Component');
  await expect(dialog).toContainText('owner: group:default/orders');
  await portal.check('register');
  await dialog.getByRole('button', { name: 'Open a pull request' }).click();
  await dialog
    .getByRole('button', { name: 'Open in fernway/order-exports' })
    .click();
  const link = dialog.getByRole('link', { name: /^Pull request #\d+/ });
  await expect(link).toBeVisible();
  await page.goto((await link.getAttribute('href')) ?? '');
  await expect(page.locator('body')).toContainText(
    'Register order-exports in the catalog',
  );
});

test.describe('on a small screen', () => {
  test.use({ viewport: { width: 390, height: 844 }, colorScheme: 'dark' });

  test('problems and what runs unregistered are cards', async ({
    page,
    portal,
  }) => {
    await portal.open('/catalog-problems');
    await expect(
      page.getByRole('region', { name: /^Unregistered/ }),
    ).toBeVisible();
    await portal.check('problems-small');
  });
});
