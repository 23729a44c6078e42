import { expect, people, test } from '../fixtures/test';

test.use({ person: people.developer });

test('the Kubernetes tab of order-service shows its pods, their logs and events', async ({
  page,
  portal,
}) => {
  await portal.open('/catalog/default/component/order-service');
  await page.getByRole('tab', { name: 'Kubernetes' }).click();
  await expect(page.getByText('prod', { exact: true }).first()).toBeVisible();
  await expect(page.getByText('3 pods').first()).toBeVisible({
    timeout: 30_000,
  });
  await portal.check('clusters');

  await page.getByText('prod', { exact: true }).first().click();
  const deployment = page.getByText('order-service', { exact: true }).last();
  await deployment.click();
  await page
    .getByText(/^order-service-[a-z0-9]+-[a-z0-9]+$/)
    .first()
    .click();
  const drawer = page.getByRole('presentation').last();
  await expect(drawer).toContainText('Running');
  await drawer.getByRole('button', { name: /logs/i }).first().click();
  await expect(page.getByText(/order/i).last()).toBeVisible();
  await portal.screenshot('logs');
});
