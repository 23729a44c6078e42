import { expect, people, test } from '../fixtures/test';

const STORY = '/api/platform-health/sandbox/stories/bad-deploy';

test.use({ person: people.developer });

test('from home to the line of the crash, the errors it brought and the alert, one click each', async ({
  apiOf,
  page,
  portal,
}) => {
  test.setTimeout(300_000);
  const engineer = await apiOf(people.platformEngineer);
  expect((await engineer.post(`${STORY}/start`)).status()).toBe(204);
  try {
    const waiting = page.getByRole('region', { name: 'Waiting for me' });
    const red = waiting.getByRole('link', {
      name: /order-service does not work in Production/,
    });
    // Kubernetes gives a rollout ten minutes; the portal sees its pods before.
    await expect(async () => {
      await portal.open('/');
      await expect(red).toBeVisible({ timeout: 3_000 });
    }).toPass({ timeout: 90_000 });
    await portal.check('home');

    await red.click();
    await expect(page).toHaveURL(/order-service\/delivery\?why=production/);
    const why = page.getByRole('region', {
      name: 'Why Production is not well',
    });
    await expect(why).toContainText(
      /'order-service' crashes soon after its start with exit code \d/,
      { timeout: 30_000 },
    );
    await expect(
      why.getByLabel(/^Last lines.* Pod order-service/).first(),
    ).toContainText(/Exception|Error|panic/);
    await portal.screenshot('why');

    await page
      .getByRole('listitem')
      .filter({ hasText: /^Production/ })
      .getByRole('button', { name: 'What runs' })
      .click();
    await expect(
      page.getByRole('list', { name: 'Objects in Production' }),
    ).toContainText(/Pod.*CrashLoopBackOff|Pod.*Error/, { timeout: 30_000 });
    await portal.screenshot('objects');

    const runs = page.getByRole('list', { name: 'CI runs' });
    await runs
      .getByRole('button', { name: /^Steps of run/ })
      // The newest may be under way.
      .last()
      .click();
    await expect(runs.getByRole('list').first()).toContainText('Succeeded');

    await page
      .getByRole('link', { name: 'Observability', exact: true })
      // After the one of the navigation comes the one of the service.
      .last()
      .click();
    await expect(page).toHaveURL(/order-service\/observability/);
    await page.getByRole('button', { name: /^6h/ }).click();
    // With steps of seconds instead of minutes, the errors are there soon.
    await page.getByRole('option', { name: '1h' }).click();
    const errors = page.getByRole('figure', { name: 'Errors' });
    await expect(errors).toContainText(/Failed [1-9]\d*(\.\d+)? %/, {
      timeout: 150_000,
    });
    await expect(
      errors.getByRole('link', { name: /deployed$|failed to deploy$/ }).last(),
    ).toBeAttached({ timeout: 60_000 });
    // It is pending first, and fires a minute later.
    await expect(
      page
        .getByRole('table', { name: 'Alerts' })
        .getByRole('row')
        .filter({ hasText: 'HighErrorRatio' }),
    ).toContainText(/order-service fails [\d.]+%.*Critical/, {
      timeout: 150_000,
    });
    await portal.check('errors');
  } finally {
    expect((await engineer.post(`${STORY}/undo`)).status()).toBe(204);
  }
});
