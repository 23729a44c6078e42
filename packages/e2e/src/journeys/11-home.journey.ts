import { expect, people, test } from '../fixtures/test';

const person = people.securityEngineer;
test.use({ person });

test.beforeEach(async ({ apiOf }) => {
  const api = await apiOf(person);
  for (const [bucket, key] of [
    ['default.home', 'hideFirstSteps'],
    ['default.home', 'hiddenAnnouncements'],
    ['default.starredEntities', 'entityRefs'],
  ]) {
    const response = await api.delete(
      `/api/user-settings/buckets/${bucket}/keys/${key}`,
    );
    expect(response.status()).toBe(204);
  }
});

test('what she stars and visits waits at home', async ({ page, portal }) => {
  await portal.open('/');
  const starred = page.getByRole('region', { name: 'Starred' });
  await expect(starred).toContainText('Nothing starred yet');

  await portal.open('/catalog/default/component/order-service');
  await page.getByRole('button', { name: 'Add to favorites' }).click();
  await expect(
    page.getByRole('button', { name: 'Remove from favorites' }),
  ).toBeVisible();

  await page
    .getByRole('navigation', { name: 'Main' })
    .getByRole('link', { name: 'Home' })
    .click();
  await expect(
    starred.getByRole('link', { name: /order-service/ }),
  ).toBeVisible();
  const visited = page.getByRole('region', { name: 'Recently visited' });
  await expect(
    visited.getByRole('link', { name: /order-service/ }).first(),
  ).toBeVisible();
  await portal.check('starred');

  await page.reload();
  await starred.getByRole('link', { name: /order-service/ }).click();
  await expect(page).toHaveURL('/catalog/default/component/order-service');
});

test('what she hides stays hidden', async ({ page, portal }) => {
  await portal.open('/');
  const steps = page.getByRole('region', { name: 'Three first steps' });
  const news = page.getByRole('region', { name: 'What changed' });
  await expect(steps).toBeVisible();
  await expect(news).toContainText('This portal runs on the sandbox');

  const saved = () =>
    page.waitForResponse(
      response =>
        response.url().includes('/api/user-settings/') &&
        response.request().method() === 'PUT',
    );
  const stepsSaved = saved();
  await page.getByRole('button', { name: 'Hide these steps' }).click();
  await stepsSaved;
  const newsSaved = saved();
  await news
    .getByRole('button', { name: 'Hide “This portal runs on the sandbox”' })
    .click();
  await newsSaved;
  await expect(steps).toBeHidden();
  await expect(news).toContainText('No announcements');

  await page.reload();
  await expect(news).toContainText('No announcements');
  await expect(steps).toBeHidden();
  await portal.check('hidden');
});
