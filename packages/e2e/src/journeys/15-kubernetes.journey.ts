import { expect, people, test } from '../fixtures/test';

test.use({ person: people.developer });

const TAB = '/catalog/default/component/order-service/kubernetes';
const STORY = '/api/platform-health/sandbox/stories/bad-deploy';
const NAMESPACE = '/api/kubernetes/proxy/api/v1/namespaces/ordering-production';
const CLUSTER = { 'Backstage-Kubernetes-Cluster': 'prod' };

test('the Kubernetes tab of order-service shows its pods, and after a bad deploy the one that crashes with its log', async ({
  apiOf,
  page,
  portal,
}) => {
  test.slow();
  await portal.open(TAB);
  await expect(page.getByText('3 pods').first()).toBeVisible({
    timeout: 60_000,
  });
  await expect(page.getByText('No pods with errors')).toBeVisible({
    timeout: 60_000,
  });
  await portal.check('clusters');

  const engineer = await apiOf(people.platformEngineer);
  expect((await engineer.post(`${STORY}/start`)).status()).toBe(204);
  try {
    await expect(page.getByText('1 pod with errors').first()).toBeVisible({
      timeout: 60_000,
    });
    await portal.screenshot('bad-deploy');

    await page.getByText('Production', { exact: true }).last().click();
    await page.getByText('4 pods').nth(1).click();
    const crashing = page
      .getByRole('row')
      .filter({ hasText: 'CrashLoopBackOff' })
      .last();
    await expect(crashing).toBeVisible({ timeout: 30_000 });
    await crashing.getByText(/^order-service-/).click();
    await page.getByRole('button', { name: 'Logs' }).first().click();
    await expect(
      page.getByText(/^order-service-.* logs on cluster Production$/),
    ).toBeVisible();
    await expect(page.getByText(/Exception|Error/).first()).toBeVisible({
      timeout: 30_000,
    });
    await portal.screenshot('log-of-the-crash');
  } finally {
    expect((await engineer.post(`${STORY}/undo`)).status()).toBe(204);
  }
});

test('a developer reads events and logs of a cluster, and nothing else', async ({
  apiOf,
}) => {
  const api = await apiOf(people.developer);
  const events = await api.get(`${NAMESPACE}/events`, { headers: CLUSTER });
  expect(events.status()).toBe(200);
  expect(JSON.stringify(await events.json())).toContain('ScalingReplicaSet');

  for (const path of ['secrets', 'pods', 'pods/any/exec?command=sh']) {
    const refused = await api.get(`${NAMESPACE}/${path}`, { headers: CLUSTER });
    expect(refused.status(), path).toBe(403);
  }
  const write = await api.delete(`${NAMESPACE}/pods/any`, { headers: CLUSTER });
  expect(write.status()).toBe(403);
});
