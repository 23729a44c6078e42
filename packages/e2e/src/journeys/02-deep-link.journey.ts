import { expect, people, test } from '../fixtures/test';

const DEEP_LINK =
  '/catalog/default/component/order-service/apis?from=mail&note=a%2Fb#provided';

test('a deep link is kept through signing in', async ({ page, portal }) => {
  await page.goto(DEEP_LINK);
  await expect(portal.signInButton).toBeVisible();
  await portal.check('asked-to-sign-in');

  await portal.signIn(people.developer);
  await expect(page).toHaveURL(DEEP_LINK);
  await expect(
    page.getByRole('heading', { name: 'order-service' }),
  ).toBeVisible();
  await portal.check('where-the-link-points');
});
