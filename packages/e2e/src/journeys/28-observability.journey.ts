import { expect, people, test } from '../fixtures/test';

const SANDBOX = '/api/platform-health/sandbox';

test.use({ person: people.developer });

test('from the fleet to one service, its promises and its charts', async ({
  page,
  portal,
}) => {
  test.slow();
  await portal.open('/observability');
  const row = page
    .getByRole('table', { name: 'Services' })
    .getByRole('row')
    .filter({ hasText: /^pricing-service/ });
  await expect(row).toContainText(/\d %.*\/s.*\d m?s/, { timeout: 60_000 });
  await portal.check('fleet');

  await row.getByRole('link', { name: 'pricing-service' }).click();
  await expect(page).toHaveURL(
    /pricing-service\/observability\?environment=production/,
  );
  await expect(
    page.getByText(/ % of \d.* requests in \d+ days; p95 \d+ ms; /),
  ).toBeVisible({ timeout: 60_000 });
  // What the rules of its Application promise
  for (const promise of [
    '99.5 % of requests succeed over 30 days',
    '95 % of requests take at most 500 ms over 30 days',
  ]) {
    await expect(
      page.getByRole('article').filter({ hasText: promise }),
    ).toContainText(/ % of the error budget left.*Set by the application/, {
      timeout: 90_000,
    });
  }
  await portal.check('service');

  await page.getByRole('button', { name: 'As a table' }).click();
  await expect(page).toHaveURL(/view=table/);
  await expect(
    page.getByRole('table', { name: 'Values of the charts' }),
  ).toContainText(/\d+(\.\d+)? ms/);

  await portal.open('/observability/alerts?severity=critical');
  await expect(page.getByRole('heading', { name: 'Alerts' })).toBeVisible();
  await portal.check('alerts');
});

test('a service that nobody instrumented says what to add', async ({
  page,
  portal,
}) => {
  await portal.open('/catalog/default/component/legacy-mailer/observability');
  await expect(
    page.getByText('This service has no metrics of requests'),
  ).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText(/In Java, this is what to add/)).toBeVisible();
  await expect(page.getByText(/opentelemetry-javaagent/).first()).toBeVisible();
  await portal.check('not-instrumented');
});

test('without Prometheus the last state stays, marked with the time, and it recovers alone', async ({
  apiOf,
  page,
  portal,
}) => {
  test.slow();
  const engineer = await apiOf(people.platformEngineer);
  await portal.open('/observability');
  const row = page
    .getByRole('table', { name: 'Services' })
    .getByRole('row')
    .filter({ hasText: /^payment-service/ });
  await expect(row).toContainText(/\/s/, { timeout: 60_000 });
  const down = await engineer.put(`${SANDBOX}/faults/prometheus`, {
    data: { down: true },
  });
  expect(down.ok()).toBe(true);
  try {
    await expect(
      page.getByText(/prometheus\/main does not answer/),
    ).toBeVisible({ timeout: 60_000 });
    await expect(row).toContainText(/\/s/);
    await portal.check('stale');
  } finally {
    const up = await engineer.delete(`${SANDBOX}/faults/prometheus`);
    expect(up.ok()).toBe(true);
  }
  await expect(page.getByText(/prometheus\/main does not answer/)).toBeHidden({
    timeout: 90_000,
  });
});
