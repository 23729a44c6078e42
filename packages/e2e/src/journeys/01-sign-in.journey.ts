import { expect, people, test } from '../fixtures/test';

const { developer, platformEngineer } = people;

test('two people sign in and see what is theirs', async ({
  page,
  portal,
  sandboxUrl,
}) => {
  await test.step('The sign-in page', async () => {
    await page.goto('/');
    await expect(portal.signInButton).toBeVisible();
    await portal.check('sign-in');
  });

  await test.step('The sandbox offers one person of each role', async () => {
    await portal.signInButton.click();
    await page.waitForURL(`${sandboxUrl}/**`);
    for (const [name, role] of [
      ['Maya Okafor', 'Developer in Orders'],
      ['Priya Raman', 'Team lead of Fulfilment'],
      ['Tomás Herrera', 'Platform engineer'],
      ['Ingrid Solberg', 'Security engineer'],
      ['David Mensah', 'Auditor in Security'],
    ]) {
      const button = page.getByRole('button', { name });
      await expect(button).toBeVisible();
      await expect(button).toContainText(role);
    }
    await portal.check('sandbox');
  });

  await test.step('A developer sees her services', async () => {
    await portal.choose(developer);
    await expect(portal.account(developer)).toBeVisible();
    await expect(page.getByText('4 services are yours')).toBeVisible();
    const services = page.getByRole('region', { name: 'My services' });
    for (const name of [
      'order-service',
      'payment-service',
      'pricing-service',
      'sales-reports',
    ]) {
      await expect(
        services.getByRole('link', { name, exact: true }),
      ).toBeVisible();
    }
    await portal.check('home-of-the-developer');
  });

  await test.step('The session survives a reload', async () => {
    await page.reload();
    await expect(portal.account(developer)).toBeVisible();
    await expect(page.getByText('4 services are yours')).toBeVisible();
  });

  await test.step('She signs out, and stays signed out', async () => {
    await portal.signOut(developer);
    await portal.check('signed-out');
    await page.reload();
    await expect(portal.signInButton).toBeVisible();
  });

  await test.step('A platform engineer sees what his team owns', async () => {
    await portal.signIn(platformEngineer);
    const services = page.getByRole('region', { name: 'My services' });
    await expect(
      services.getByRole('link', { name: 'java-service-kit', exact: true }),
    ).toBeVisible();
    await expect(
      services.getByRole('link', { name: 'order-service', exact: true }),
    ).toBeHidden();
    await portal.check('home-of-the-platform-engineer');
  });
});
