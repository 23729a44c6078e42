import { expect, people, test } from '../fixtures/test';

const VIOLATIONS = 'Violations';

test.describe('a developer', () => {
  test.use({ person: people.developer });

  test('sees what breaks the rules, what repairs it, and only her own secrets', async ({
    page,
    portal,
  }) => {
    await portal.open('/');
    await page
      .getByRole('link', { name: 'Governance', exact: true })
      .filter({ visible: true })
      .click();
    const violations = page.getByRole('table', { name: VIOLATIONS });
    // Kyverno needs no audit, so that there is something at once.
    await expect(violations).toBeVisible({ timeout: 60_000 });
    await page.getByRole('searchbox', { name: 'Search' }).fill('legacy-mailer');
    await expect(page).toHaveURL(/q=legacy-mailer/);
    const mailer = violations
      .getByRole('row')
      .filter({ hasText: 'legacy-mailer' })
      .filter({ hasText: 'Name a version' });
    await expect(mailer.first()).toBeVisible({ timeout: 60_000 });
    await portal.check('violations');

    await page
      .getByRole('link', { name: 'Vulnerabilities', exact: true })
      .click();
    await page.goto('/governance/vulnerabilities?group=package');
    await expect(
      page.getByRole('table', { name: 'Vulnerabilities' }).getByRole('row'),
    ).not.toHaveCount(0, { timeout: 30_000 });
    await portal.check('packages');

    await page.getByRole('link', { name: 'Policies', exact: true }).click();
    await expect(
      page
        .getByRole('table', { name: 'Policies' })
        .getByRole('row')
        .filter({ hasText: 'allowed-registries' }),
    ).toContainText('refuses');

    // Her team has order-service, and shipping-service is another's.
    await page.getByRole('link', { name: 'Secrets', exact: true }).click();
    const secrets = page.getByRole('table', { name: 'Secrets' });
    await expect(
      secrets.getByRole('row').filter({ hasText: 'order-service/production' }),
    ).toBeVisible({ timeout: 30_000 });
    await expect(secrets).not.toContainText('shipping-service');
    await portal.check('secrets');

    await page.goto('/catalog/default/component/order-service/governance');
    await expect(
      page.getByRole('region', { name: 'Vulnerabilities' }),
    ).toBeVisible({ timeout: 30_000 });
    await expect(page.getByRole('region', { name: 'Secrets' })).toBeVisible();
    await portal.check('service');
    await page.goto('/catalog/default/component/shipping-service/governance');
    await expect(
      page.getByRole('region', { name: 'Vulnerabilities' }),
    ).toBeVisible({ timeout: 30_000 });
    await expect(page.getByRole('region', { name: 'Secrets' })).toHaveCount(0);
  });
});
