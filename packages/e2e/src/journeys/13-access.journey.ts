import { expect, people, test } from '../fixtures/test';

const ENTITY = '/api/catalog/entities/by-name/component/default/order-service';

test('the API answers nobody without a token', async ({ request }) => {
  for (const path of [
    ENTITY,
    '/api/catalog/entities',
    '/api/search/query?term=order',
    '/api/scaffolder/v2/tasks',
    '/api/notifications/notifications',
    '/api/user-settings/buckets/default.home/keys/hideFirstSteps',
    '/api/techdocs/static/docs/default/component/order-service/index.html',
  ]) {
    const response = await request.get(path);
    expect(response.status(), path).toBe(401);
  }
});

test('an auditor and another team cannot remove order-service', async ({
  apiOf,
}) => {
  const owner = await apiOf(people.developer);
  const found = await owner.get(ENTITY);
  expect(found.status()).toBe(200);
  const { uid } = (await found.json()).metadata;

  for (const person of [people.auditor, people.lead]) {
    const api = await apiOf(person);
    expect((await api.get(ENTITY)).status()).toBe(200);
    const refused = await api.delete(`/api/catalog/entities/by-uid/${uid}`);
    expect(refused.status(), person.name).toBe(403);
  }
  expect((await owner.get(ENTITY)).status()).toBe(200);
});

test.describe('somebody of another team', () => {
  test.use({ person: people.lead });

  test('is not offered to unregister order-service', async ({
    page,
    portal,
  }) => {
    await portal.open('/catalog/default/component/order-service');
    await page.getByRole('button', { name: 'More actions' }).click();
    const item = page.getByRole('menuitem', { name: /unregister/i });
    await expect(page.getByRole('menu')).toBeVisible();
    await expect(
      item.and(page.locator(':not([aria-disabled="true"])')),
    ).toHaveCount(0);
    await portal.check('no-unregister');
  });
});
