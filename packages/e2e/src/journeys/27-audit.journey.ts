import { expect, people, test } from '../fixtures/test';

const COMPONENT = 'component:default/order-service';

test.describe('an auditor', () => {
  test.use({ person: people.auditor });

  test('finds who refreshed order-service, and passes on what she found', async ({
    apiOf,
    page,
    portal,
  }) => {
    const developer = await apiOf(people.developer);
    const refreshed = await developer.post('/api/catalog/refresh', {
      data: { entityRef: COMPONENT },
    });
    expect(refreshed.status()).toBe(200);

    await portal.open('/');
    await page
      .getByRole('navigation')
      .getByRole('link', { name: 'Audit' })
      .click();
    await expect(
      page.getByRole('heading', { level: 1, name: 'Audit' }),
    ).toBeVisible();
    await portal.check('audit');
    await page.getByRole('searchbox', { name: 'Who' }).fill('maya.okafor');
    await page.getByRole('searchbox', { name: 'Entity ref' }).fill(COMPONENT);
    // Each comes to the address when typing pauses
    await expect(page).toHaveURL(/[?&]actor=maya\.okafor/);
    await expect(page).toHaveURL(/[?&]entity=component/);
    const event = page
      .getByRole('button', { name: 'Show Entity mutate: refresh' })
      .first();
    // Events are stored in batches, a moment after they happen.
    await expect(async () => {
      await page.reload();
      await expect(event).toBeVisible({ timeout: 3_000 });
    }).toPass();
    await event.click();
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByText('catalog.entity-mutate')).toBeVisible();
    await expect(dialog.getByText(/"queryType": "refresh"/)).toBeVisible();
    await portal.check('audit-event');

    // The address is all that it takes to show it to somebody else.
    const auditor = await apiOf(people.auditor);
    const id = new URL(page.url()).searchParams.get('show');
    const shared = await auditor.get(`/api/audit/events/${id}`);
    expect(await shared.json()).toMatchObject({
      actor: people.developer.ref,
      entityRefs: [COMPONENT],
      outcome: 'succeeded',
    });
    const download = page.waitForEvent('download');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Export CSV' }).click();
    expect((await download).suggestedFilename()).toBe('audit.csv');
  });
});

test.describe('an owner', () => {
  test.use({ person: people.developer });

  test('sees what was done to her service, and nothing of the rest', async ({
    apiOf,
    messages,
    page,
    portal,
  }) => {
    const api = await apiOf(people.developer);
    await api.post('/api/catalog/refresh', { data: { entityRef: COMPONENT } });
    const row = page.getByRole('row', { name: /Entity mutate: refresh/ });
    await expect(async () => {
      await portal.open('/catalog/default/component/order-service/audit');
      await expect(row.first()).toBeVisible({ timeout: 3_000 });
    }).toPass();
    await portal.check('audit-of-a-service');
    const own = await api.get(
      '/api/audit/entities/default/component/order-service/events',
    );
    expect(JSON.stringify(await own.json())).not.toContain('"ip"');

    await expect(page.locator('a[href="/audit"]')).toHaveCount(0);
    messages.expect({ text: /403/, url: /api\/audit/ });
    await portal.open('/catalog/default/component/warehouse-web/audit');
    await expect(page.getByText('You may not see this')).toBeVisible();
    await expect(page.getByText(/audit\.entity\.read/)).toBeVisible();
    await portal.check('audit-refused');
  });
});
