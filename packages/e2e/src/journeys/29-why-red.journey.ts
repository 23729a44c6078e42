import { expect, people, test } from '../fixtures/test';

const STORY = '/api/platform-health/sandbox/stories/bad-deploy';

test.use({ person: people.developer });

test('from a red cell to the line of the crash, and to the pod, one click each', async ({
  apiOf,
  page,
  portal,
}) => {
  test.slow();
  const engineer = await apiOf(people.platformEngineer);
  expect((await engineer.post(`${STORY}/start`)).status()).toBe(204);
  try {
    await portal.open('/delivery?q=order-service');
    const row = page
      .getByRole('table', { name: 'Services and where they run' })
      .getByRole('row')
      .filter({ hasText: /^order-service/ });
    // Kubernetes gives a rollout ten minutes; the portal sees its pods before.
    await expect(row).toContainText(/Failing|Degraded/, {
      timeout: 60_000,
    });
    await portal.screenshot('red');

    await row.getByRole('link', { name: /^Why\? order-service/ }).click();
    await expect(page).toHaveURL(/delivery\?why=production/);
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
  } finally {
    expect((await engineer.post(`${STORY}/undo`)).status()).toBe(204);
  }
});
