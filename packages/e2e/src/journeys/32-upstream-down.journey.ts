import { expect, people, test } from '../fixtures/test';

const FAULTS = '/api/platform-health/sandbox/faults';
const SERVICES = 'Services and where they run';

test.use({ person: people.developer });

test('a system that is down leaves its last state, marked, and the rest goes on', async ({
  apiOf,
  page,
  portal,
}) => {
  test.setTimeout(300_000);
  const engineer = await apiOf(people.platformEngineer);
  const bringDown = async (system: string) => {
    const answer = await engineer.put(`${FAULTS}/${system}`, {
      data: { down: true },
    });
    expect(answer.ok()).toBe(true);
  };
  const bringBack = async (system: string) =>
    expect((await engineer.delete(`${FAULTS}/${system}`)).ok()).toBe(true);
  const note = (source: RegExp) =>
    page.getByText(new RegExp(`^${source.source} does not answer`));
  const order = page
    .getByRole('table', { name: SERVICES })
    .getByRole('row')
    .filter({ hasText: /^order-service/ });
  try {
    await portal.open('/delivery');
    await expect(page.getByText(/Live from argocd\/main, kub/)).toBeVisible({
      timeout: 60_000,
    });
    const version = /\d+\.\d+\.\d+/;
    await expect(order).toContainText(version);

    // Its streams are cut, so this does not take until the next question.
    await bringDown('argocd');
    await expect(note(/argocd\/main/)).toBeVisible({ timeout: 60_000 });
    await expect(page.getByText(/\(as of .+\)/)).toBeVisible();
    await expect(page.getByText(/Live from kubernetes/)).toBeVisible();
    await expect(order).toContainText(version);
    await portal.check('argocd-down');
    await order.getByRole('link', { name: 'order-service' }).click();
    await expect(note(/argocd\/main/)).toBeVisible();
    await expect(
      page
        .getByRole('list', { name: 'Environments' })
        .getByRole('listitem')
        .filter({ hasText: version }),
    ).toHaveCount(3);
    await expect(page.getByRole('list', { name: 'CI runs' })).toContainText(
      'Succeeded',
    );

    await bringDown('kubernetes');
    await bringDown('gitea');
    await bringBack('argocd');
    // Alone: nobody touches the page.
    await expect(note(/argocd\/main/)).toBeHidden({ timeout: 120_000 });
    await expect(note(/gitea\/\S+/)).toBeVisible({ timeout: 90_000 });
    await expect(page.getByRole('list', { name: 'CI runs' })).toContainText(
      'Succeeded',
    );
    await portal.check('git-down');
    await page
      .getByRole('navigation', { name: 'Main' })
      .getByRole('link', { name: 'Delivery' })
      .click();
    await expect(note(/kubernetes\/prod/)).toBeVisible({ timeout: 60_000 });
    await expect(page.getByText(/Live from argocd\/main/)).toBeVisible();
    await expect(order).toContainText(version);
    await portal.open('/governance');
    await expect(note(/gatekeeper\/prod/)).toBeVisible({ timeout: 60_000 });
    await expect(
      page.getByRole('row').filter({ hasText: 'legacy-mailer' }).first(),
    ).toBeVisible();
    await bringBack('kubernetes');
    await bringBack('gitea');
    await portal.open('/delivery');
    await expect(
      page.getByText(/Live from argocd\/main, kubernetes\/nonprod, kub/),
    ).toBeVisible({ timeout: 120_000 });
  } finally {
    for (const system of ['argocd', 'kubernetes', 'gitea']) {
      await bringBack(system);
    }
  }
  await portal.open('/catalog/default/component/order-service/delivery');
  await expect(page.getByRole('list', { name: 'CI runs' })).toBeVisible();
  await expect(note(/gitea\/\S+/)).toBeHidden({ timeout: 90_000 });
});
