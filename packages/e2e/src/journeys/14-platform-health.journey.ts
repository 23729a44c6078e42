import { expect, people, test } from '../fixtures/test';

const SYSTEMS = [
  'Kubernetes nonprod',
  'Kubernetes prod',
  'Argo CD main',
  'Vault main',
  'Prometheus main',
  'Alertmanager main',
  'Gitea',
];

test.describe('a platform engineer', () => {
  test.use({ person: people.platformEngineer });

  test('sees how every system is, lets one go down and brings it back', async ({
    page,
    portal,
  }) => {
    await portal.open('/');
    await page
      .getByRole('link', { name: 'Platform health' })
      .filter({ visible: true })
      .click();
    const table = page.getByRole('table', {
      name: 'Systems behind the portal',
    });
    for (const system of SYSTEMS) {
      await expect(
        table.getByRole('row').filter({ hasText: system }),
      ).toContainText('Healthy', { timeout: 30_000 });
    }
    await expect(page.getByText('All 7 systems answer.')).toBeVisible();
    await portal.check('all-well');

    await page
      .getByRole('button', { name: 'Start Prometheus is down' })
      .click();
    const prometheus = table
      .getByRole('row')
      .filter({ hasText: 'Prometheus main' });
    await expect(prometheus).toContainText('Down', { timeout: 30_000 });
    // The others go on, and the unwell comes first.
    await expect(table.getByRole('row').nth(1)).toContainText('Prometheus');
    await expect(
      table.getByRole('row').filter({ hasText: 'Argo CD main' }),
    ).toContainText('Healthy');
    await portal.check('one-down');

    await page.getByRole('button', { name: 'Undo Prometheus is down' }).click();
    // The circuit breaker tries again by itself.
    await expect(prometheus).toContainText('Healthy', { timeout: 60_000 });
  });
});

test.describe('a developer', () => {
  test.use({ person: people.developer });

  test('is neither shown nor answered', async ({ apiOf, page, portal }) => {
    await portal.open('/');
    await expect(
      page.getByRole('link', { name: 'Platform health' }),
    ).toHaveCount(0);
    const api = await apiOf(people.developer);
    expect((await api.get('/api/platform-health/systems')).status()).toBe(403);
    const start = await api.post(
      '/api/platform-health/sandbox/stories/drift/start',
    );
    expect(start.status()).toBe(403);
  });
});

test.describe('an auditor', () => {
  test('looks and changes nothing', async ({ apiOf }) => {
    const api = await apiOf(people.auditor);
    expect((await api.get('/api/platform-health/systems')).status()).toBe(200);
    const start = await api.post(
      '/api/platform-health/sandbox/stories/drift/start',
    );
    expect(start.status()).toBe(403);
  });
});
