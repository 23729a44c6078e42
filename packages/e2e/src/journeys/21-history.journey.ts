import { changeFile } from '../fixtures/changeFile';
import { expect, people, test } from '../fixtures/test';

const ENTITY = '/catalog/default/component/sales-reports';

test.describe('the history of an entity', () => {
  test.use({ person: people.developer });

  test('a change of its file is told in words, field by field, and by a link', async ({
    apiOf,
    baseURL,
    browser,
    page,
    portal,
    sandboxUrl,
    sessionOf,
  }) => {
    const token = process.env.WAYSTONE_E2E_SANDBOX_TOKEN ?? '';
    test.skip(
      !token,
      'WAYSTONE_E2E_SANDBOX_TOKEN is not set: nothing can be pushed',
    );
    test.setTimeout(300_000);
    const title = `Sales figures ${Date.now()}`;
    await changeFile({
      sandboxUrl,
      token,
      repository: 'fernway/sales-reports',
      path: 'catalog-info.yaml',
      edit: text =>
        text
          .replace(/\n {2}title: .*/, '')
          .replace('\n  name: sales-reports', `$&\n  title: ${title}`)
          .replace('\n  lifecycle: production', '\n  lifecycle: deprecated'),
    });

    // The catalog reads its sources every few minutes, and when it is asked to
    const api = await apiOf(people.developer);
    const refreshed = await api.post('/api/catalog/refresh', {
      data: { entityRef: 'component:default/sales-reports' },
    });
    expect(refreshed.status()).toBe(200);
    const list = page.getByRole('list', { name: 'Changes' });
    const change = list
      .getByRole('listitem')
      .filter({ hasText: `title set to ${title}` });
    await expect(async () => {
      await portal.open(`${ENTITY}/history`);
      await expect(change).toBeVisible({ timeout: 3000 });
    }).toPass({ timeout: 240_000 });
    await expect(change).toContainText(
      'Lifecycle changed from production to deprecated',
    );
    await portal.check('history');

    // By the keys alone
    const toggle = change.getByRole('button', { name: /^Lifecycle changed/ });
    await toggle.press('Enter');
    await expect(toggle).toHaveAttribute('aria-expanded', 'true');
    await expect(change.getByText('spec.lifecycle')).toBeVisible();
    await portal.check('history-fields');

    await change.getByRole('link', { name: /^Link to the change of/ }).click();
    await expect(page).toHaveURL(/history\?change=\d+$/);
    await expect(list.getByRole('listitem')).toHaveCount(1);
    await expect(page.getByText('metadata.title')).toBeVisible();

    // The link is all that a colleague needs
    const other = await browser.newContext({
      baseURL,
      storageState: (await sessionOf(people.lead)).state,
    });
    const theirs = await other.newPage();
    await theirs.goto(page.url());
    await expect(theirs.getByText('metadata.title')).toBeVisible();
    await other.close();

    await page.getByRole('button', { name: 'Show all changes' }).click();
    await page.goto(`${ENTITY}/history?field=spec.lifecycle`);
    await expect(change).toBeVisible();
    await expect(page.getByText('Registered in the catalog')).toBeVisible();
  });
});

test.describe('removed entities', () => {
  test.describe('for a platform engineer', () => {
    test.use({ person: people.platformEngineer });

    test('have a list', async ({ page, portal }) => {
      await portal.open('/catalog-removed');
      await expect(
        page.getByRole('heading', { name: 'Removed entities' }),
      ).toBeVisible();
      await portal.check('removed-entities');
    });
  });
});
