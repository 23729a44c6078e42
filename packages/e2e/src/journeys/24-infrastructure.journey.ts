import { Client } from 'pg';
import { expect, people, test } from '../fixtures/test';

/** Names are taken until what has them is gone, and a portal may have run before. */
const suffix = Date.now().toString(36);

test.describe('a developer', () => {
  test.use({ person: people.developer });

  test('asks for a database and gets one', async ({ page, portal }) => {
    const name = `orders-try-${suffix}`;

    await test.step('See what there is', async () => {
      await portal.open(
        '/infrastructure?component=component:default/order-service',
      );
      await expect(page.getByText('from €19.20 a month')).toBeVisible();
      await portal.check('catalogue');
      await page
        .getByRole('link', { name: 'Request PostgreSQL', exact: true })
        .click();
    });

    const preview = page.getByRole('complementary', { name: 'Preview' });
    const submit = page.getByRole('button', { name: 'Request PostgreSQL' });
    await test.step('The policies of the cluster refuse it at the fields', async () => {
      await page.getByRole('textbox', { name: /^Name/ }).fill(name);
      await page.getByRole('radio', { name: /^Large/ }).check();
      await expect(
        preview.getByText(/things? ha(s|ve) to be changed/),
      ).toBeVisible();
      const form = page.getByRole('form', { name: 'Request PostgreSQL' });
      await expect(
        form.getByRole('alert').filter({ hasText: 'Enter the cost center' }),
      ).toBeVisible();
      await expect(form.getByText(/<large> is not allowed here/)).toBeVisible();
      await expect(page.getByRole('group', { name: 'Size' })).toHaveAttribute(
        'aria-invalid',
        'true',
      );
      await expect(
        page.getByRole('button', { name: 'Ask for approval' }),
      ).toBeDisabled();
      await portal.check('refused');
    });

    await test.step('Correct it and see what it will be', async () => {
      await page
        .getByRole('textbox', { name: 'Cost center' })
        .fill('cc-orders');
      await page.getByRole('radio', { name: /^Small/ }).check();
      await page.getByRole('button', { name: /Version/ }).click();
      await page.getByRole('option', { name: '16' }).click();
      await expect(
        preview.getByText('The cluster and its policies accept it.'),
      ).toBeVisible();
      await expect(preview.getByText('version: "16"')).toBeVisible();
      await expect(preview.getByText('€19.20 a month')).toBeVisible();
      await portal.check('accepted');
      await submit.click();
    });

    await test.step('It is ready in seconds', async () => {
      await expect(page).toHaveURL(
        /\/infrastructure\/requests\/[0-9a-f-]{36}$/,
      );
      await expect(
        page.getByRole('status').filter({ hasText: 'Ready' }),
      ).toBeVisible({ timeout: 60_000 });
      await expect(page.getByText('ScheduledBackup')).toBeVisible();
      await portal.check('ready');
    });

    await test.step('The connection works', async () => {
      await page
        .getByRole('button', { name: 'Reveal uri', exact: true })
        .click();
      const value = page
        .getByRole('row', { name: /^uri / })
        .getByText(/^postgresql:/);
      await expect(value).toBeVisible();
      const client = new Client({ connectionString: await value.innerText() });
      await client.connect();
      try {
        await client.query('create table orders (id int primary key)');
        await client.query('insert into orders values (1), (2)');
        const { rows } = await client.query('select count(*)::int from orders');
        expect(rows).toEqual([{ count: 2 }]);
      } finally {
        await client.end();
      }
      await page.getByRole('button', { name: 'Hide uri', exact: true }).click();
      await expect(value).toHaveCount(0);
      await expect(
        page.getByText('Revealed a value of the connection'),
      ).toBeVisible({ timeout: 15_000 });
    });

    await test.step('The component names it', async () => {
      const address = page.url();
      await portal.open('/catalog/default/component/order-service');
      // By its name; as a resource of the catalog it is listed too, with its environment.
      await expect(page.getByRole('link', { name, exact: true })).toBeVisible();
      await page.goto(address);
    });

    await test.step('Delete it by its name', async () => {
      await page.getByRole('button', { name: 'Delete', exact: true }).click();
      const dialog = page.getByRole('dialog');
      const confirm = dialog.getByRole('button', { name: `Delete ${name}` });
      await expect(confirm).toBeDisabled();
      await dialog.getByRole('textbox').fill(name);
      await portal.check('delete');
      await confirm.click();
      await expect(
        page.getByRole('status').filter({ hasText: 'Deleted' }),
      ).toBeVisible({ timeout: 60_000 });
    });
  });

  test('cannot approve what she asked for in production; somebody else can', async ({
    apiOf,
    page,
    portal,
  }) => {
    const name = `orders-live-${suffix}`;
    await portal.open(
      `/infrastructure/request/postgresqlinstances.platform.waystone.dev?environment=production&name=${name}`,
    );
    await page.getByRole('textbox', { name: 'Cost center' }).fill('cc-orders');
    await page
      .getByRole('textbox', { name: 'Reason' })
      .fill('Refunds go live on Monday');
    await page.getByRole('button', { name: 'Ask for approval' }).click();
    await expect(
      page.getByRole('status').filter({ hasText: 'Waiting for approval' }),
    ).toBeVisible();
    await expect(page.getByRole('button', { name: 'Approve' })).toHaveCount(0);
    await portal.check('waiting');
    const path = `/api/infrastructure/requests/${page.url().split('/').pop()}`;

    // Not by the API either, and not by another team.
    const own = await (
      await apiOf(people.developer)
    ).post(`${path}/approve`, { data: {} });
    expect(own.status()).toBe(403);
    const lead = await apiOf(people.lead);
    expect((await lead.post(`${path}/approve`, { data: {} })).status()).toBe(
      403,
    );
    expect((await lead.get(`${path}/connection`)).status()).toBe(403);
    expect((await lead.delete(`${path}?confirm=${name}`)).status()).toBe(403);

    const platform = await apiOf(people.platformEngineer);
    const approved = await platform.post(`${path}/approve`, {
      data: { comment: 'Looks right' },
    });
    expect(approved.status()).toBe(200);
    await expect(
      page.getByRole('status').filter({ hasText: 'Ready' }),
    ).toBeVisible({ timeout: 60_000 });
    await expect(page.getByText('Looks right')).toBeVisible();
    await portal.check('approved');
  });
});

test.describe('a platform engineer', () => {
  test.use({ person: people.platformEngineer });

  test('decides on what waits', async ({ apiOf, page, portal }) => {
    const name = `orders-large-${suffix}`;
    const asked = await (
      await apiOf(people.developer)
    ).post('/api/infrastructure/requests', {
      headers: { 'Idempotency-Key': `journey-${name}` },
      data: {
        offering: 'postgresqlinstances.platform.waystone.dev',
        name,
        environment: 'production',
        system: 'ordering',
        owner: 'group:default/orders',
        costCenter: 'cc-orders',
        parameters: { size: 'large' },
      },
    });
    expect(asked.status()).toBe(202);

    await portal.open('/infrastructure/approvals');
    await page.getByRole('link', { name }).click();
    await page.getByRole('button', { name: 'Reject', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Comment' }).fill('Too large');
    await dialog.getByRole('button', { name: 'Reject' }).click();
    await expect(
      page.getByRole('status').filter({ hasText: 'Rejected' }),
    ).toBeVisible();
    await expect(page.getByText('Too large').first()).toBeVisible();
    // Passwords of others are not his either.
    const { id } = await asked.json();
    const reveal = await (
      await apiOf(people.platformEngineer)
    ).post(`/api/infrastructure/requests/${id}/connection/reveal`, {
      data: { key: 'password' },
    });
    expect(reveal.status()).toBe(403);
    await portal.check('rejected');
  });
});

test.describe('on a small screen', () => {
  test.use({
    person: people.developer,
    viewport: { width: 390, height: 844 },
    colorScheme: 'dark',
  });

  test('the pages fit', async ({ page, portal }) => {
    await portal.open('/infrastructure/requests?scope=all');
    await portal.check('requests-small');
    await portal.open(
      '/infrastructure/request/redisinstances.platform.waystone.dev',
    );
    await expect(
      page.getByRole('heading', { name: 'Request Redis' }),
    ).toBeVisible();
    await portal.check('form-small');
  });
});
