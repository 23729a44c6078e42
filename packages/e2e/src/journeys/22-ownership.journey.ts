import { expect, people, test } from '../fixtures/test';

test.use({ person: people.developer });

test('a team tells how to reach it, who is in it and what it owns', async ({
  page,
  portal,
}) => {
  const requests: string[] = [];
  page.on('request', request => {
    const { pathname } = new URL(request.url());
    if (pathname.includes('/waystone/ownership/')) {
      requests.push(pathname);
    }
  });
  await portal.open('/catalog/default/component/order-service');
  await page
    .getByRole('region', { name: 'Owner' })
    .getByRole('link', { name: 'Orders', exact: true })
    .click();
  await expect(page).toHaveURL('/catalog/default/group/orders');
  const contact = page.getByRole('region', { name: 'How to reach them' });
  await expect(
    contact.getByRole('link', { name: /^Who is on call/ }),
  ).toHaveAttribute('href', 'https://oncall.fernway.example/teams/orders');
  await expect(
    contact.getByRole('link', { name: 'orders@fernway.example' }),
  ).toHaveAttribute('href', 'mailto:orders@fernway.example');
  const owned = page.getByRole('table', { name: 'Owned entities' });
  await expect(
    owned.getByRole('row').filter({ hasText: 'payment-service' }),
  ).toContainText('production');
  // Whether something waits for it depends on what other journeys do
  await expect(
    page.getByRole('region', { name: 'What needs the team' }),
  ).toContainText(/Nothing waits for this team|ago|now/);
  expect(requests).toEqual([
    '/api/catalog/waystone/ownership/group/default/orders',
  ]);
  await portal.check('team-orders');

  await page
    .getByRole('list', { name: 'People' })
    .getByRole('link', { name: 'Leila Haddad' })
    .press('Enter');
  await expect(page).toHaveURL('/catalog/default/user/leila.haddad');
  await expect(
    page.getByRole('list', { name: 'Teams' }).getByRole('link'),
  ).toHaveText('Orders');
  await expect(
    owned.getByRole('rowheader', { name: 'order-service' }),
  ).toBeVisible();
  await portal.check('person-leila');
});

test('a department counts what its teams own', async ({ page, portal }) => {
  await portal.open('/catalog/default/group/engineering');
  await expect(
    page.getByText(/entities, .* by teams|entities, \d+ of them directly/),
  ).toBeVisible();
  await expect(
    page.getByRole('list', { name: 'Teams below' }).getByRole('listitem'),
  ).toHaveCount(5);
  await portal.check('department');

  await page.getByRole('link', { name: 'Unowned' }).press('Enter');
  await expect(page).toHaveURL('/catalog-unowned');
  await expect(
    page
      .getByText('Somebody looks after everything that you may see.')
      .or(page.getByRole('table')),
  ).toBeVisible();
  await portal.check('unowned');
});

test.describe('on a small screen', () => {
  test.use({ viewport: { width: 390, height: 844 }, colorScheme: 'dark' });

  test('how to reach a team comes first', async ({ page, portal }) => {
    await portal.open('/catalog/default/group/orders');
    await expect(
      page.getByRole('link', { name: /^Who is on call/ }),
    ).toBeInViewport();
    await portal.check('team-small');
  });
});
