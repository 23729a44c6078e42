import { Client } from 'pg';
import { expect, people, test } from '../fixtures/test';

const TOKEN = process.env.WAYSTONE_E2E_SANDBOX_TOKEN ?? '';
const POSTGRES = 'postgresqlinstances.platform.waystone.dev';

/** Names are taken until what has them is gone, and a portal may have run before. */
const suffix = Date.now().toString(36);

async function query(uri: string, ...statements: string[]) {
  const client = new Client({ connectionString: uri });
  await client.connect();
  try {
    let rows: unknown[] = [];
    for (const statement of statements) {
      ({ rows } = await client.query(statement));
    }
    return rows;
  } finally {
    await client.end();
  }
}

test.describe('who has a database', () => {
  test.use({ person: people.developer });

  test('backs it up, restores it, renews its password, changes it and deletes it', async ({
    apiOf,
    page,
    portal,
  }) => {
    test.setTimeout(240_000);
    const name = `orders-day-${suffix}`;
    const api = await apiOf(people.developer);
    const created = await api.post('/api/infrastructure/requests', {
      headers: { 'Idempotency-Key': `journey-${name}` },
      data: {
        offering: POSTGRES,
        name,
        environment: 'development',
        system: 'ordering',
        owner: 'group:default/orders',
        component: 'component:default/order-service',
        costCenter: 'cc-orders',
        parameters: { version: '16', size: 'small' },
      },
    });
    expect(created.status(), await created.text()).toBe(202);
    const { id, entityRef } = await created.json();
    const path = `/api/infrastructure/requests/${id}`;
    const uriOf = async (request: string) => {
      const response = await api.post(`${request}/connection/reveal`, {
        data: { key: 'uri' },
      });
      return (await response.json()).value as string;
    };
    const status = page.getByRole('status');
    const ready = status.filter({ hasText: 'Ready' });
    await portal.open(`/infrastructure/requests/${id}`);
    await expect(ready).toBeVisible({ timeout: 60_000 });
    const uri = await uriOf(path);

    await test.step('Back it up', async () => {
      await query(
        uri,
        'create table orders (id int primary key)',
        'insert into orders values (1), (2)',
      );
      await page.getByRole('button', { name: 'Back up now' }).click();
      const backups = page.getByRole('table', { name: `Backups of ${name}` });
      await expect(backups.getByText('Good')).toBeVisible({ timeout: 60_000 });
      await query(uri, 'delete from orders');
      await portal.check('backed-up');
    });

    await test.step('Restore it to a new one', async () => {
      await page.getByRole('link', { name: /^Restore .* to a new/ }).click();
      await expect(page.getByRole('textbox', { name: /^Name/ })).toHaveValue(
        `${name}-restored`,
      );
      await page
        .getByRole('button', { name: 'Request PostgreSQL' })
        .click({ timeout: 15_000 });
      await expect(ready).toBeVisible({ timeout: 60_000 });
      const restored = `/api/infrastructure/requests/${page
        .url()
        .split('/')
        .pop()}`;
      expect(
        await query(await uriOf(restored), 'select id from orders order by id'),
      ).toEqual([{ id: 1 }, { id: 2 }]);
      const deleted = await api.delete(`${restored}?confirm=${name}-restored`);
      expect(deleted.status()).toBe(202);
    });

    await test.step('Renew its password', async () => {
      await portal.open(`/infrastructure/requests/${id}`);
      await page.getByRole('button', { name: 'New credentials' }).click();
      await portal.check('credentials');
      await page.getByRole('button', { name: 'Make new credentials' }).click();
      await expect(async () => {
        const renewed = await uriOf(path);
        expect(renewed).not.toBe(uri);
        await query(renewed, 'select 1');
      }).toPass({ timeout: 30_000 });
      await expect(query(uri, 'select 1')).rejects.toThrow(/password/);
    });

    await test.step('Upgrade and resize it, told what that does', async () => {
      await page.getByRole('button', { name: 'Change', exact: true }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('button', { name: /Version/ }).click();
      await page.getByRole('option', { name: '17' }).click();
      await dialog.getByRole('radio', { name: /^Medium/ }).check();
      await expect(dialog.getByText(/there is no way back/)).toBeVisible();
      await portal.check('upgrade');
      await dialog.getByRole('button', { name: `Change ${name}` }).click();
      await expect(
        page.getByText('spec.version: 17', { exact: false }).first(),
      ).toBeVisible({ timeout: 30_000 });
      await expect(ready).toBeVisible({ timeout: 60_000 });
    });

    await test.step('Extend it', async () => {
      await page.getByRole('button', { name: 'Extend', exact: true }).click();
      await page.getByRole('button', { name: `Extend ${name}` }).click();
      await expect(page.getByText('Ends in 90 days')).toBeVisible({
        timeout: 15_000,
      });
    });

    await test.step('It is a resource of the catalog', async () => {
      const [, entity] = entityRef.split('/');
      await expect(async () => {
        const found = await api.get(
          `/api/catalog/entities/by-name/resource/default/${entity}`,
        );
        expect(found.status()).toBe(200);
        const { relations } = await found.json();
        expect(relations).toContainEqual({
          type: 'dependencyOf',
          targetRef: 'component:default/order-service',
        });
      }).toPass({ timeout: 60_000 });
      await portal.open(`/catalog/default/resource/${entity}`);
      await expect(
        page.getByRole('region', { name: 'Infrastructure' }).getByText('Ready'),
      ).toBeVisible();
      await portal.check('resource');
    });

    await test.step('Nobody else does any of it', async () => {
      const lead = await apiOf(people.lead);
      expect((await lead.post(`${path}/backups`)).status()).toBe(403);
      expect((await lead.post(`${path}/credentials/rotate`)).status()).toBe(
        403,
      );
      expect((await lead.get(`${path}/deletion`)).status()).toBe(403);
      expect((await lead.get(`${path}/connection`)).status()).toBe(403);
      expect((await lead.delete(`${path}?confirm=${name}`)).status()).toBe(403);
    });

    await test.step('Delete it, with a last backup', async () => {
      await portal.open(`/infrastructure/requests/${id}`);
      await page.getByRole('button', { name: 'Delete', exact: true }).click();
      const dialog = page.getByRole('dialog');
      await expect(dialog.getByText('order-service')).toBeVisible();
      await dialog.getByRole('textbox').fill(name);
      await portal.check('delete');
      await dialog.getByRole('button', { name: `Delete ${name}` }).click();
      await expect(status.filter({ hasText: 'Deleted' })).toBeVisible({
        timeout: 90_000,
      });
      await expect(
        page.getByText(`${name}-final-${id.slice(0, 8)}`).first(),
      ).toBeVisible();
      await expect(async () => {
        const found = await api.get(
          `/api/catalog/entities/by-name/resource/default/${entityRef
            .split('/')
            .pop()}`,
        );
        expect(found.status()).toBe(404);
      }).toPass({ timeout: 60_000 });
    });
  });

  test('what kubectl defines can be requested, and what it makes can be taken over', async ({
    page,
    portal,
    sandboxUrl,
  }) => {
    test.skip(
      !TOKEN,
      'WAYSTONE_E2E_SANDBOX_TOKEN is not set: nothing can be applied',
    );
    const apply = async (resource: string, object: object) => {
      const response = await fetch(
        `${sandboxUrl}/kubernetes/nonprod/apis/${resource}`,
        {
          method: 'POST',
          headers: {
            Authorization: `Bearer ${TOKEN}`,
            'Content-Type': 'application/json',
          },
          body: JSON.stringify(object),
        },
      );
      expect(response.status, await response.text()).toBe(201);
    };
    await portal.open('/infrastructure');
    const kind = `Notebook${suffix.replace(/[^a-z]/g, 'x')}`;
    const plural = `${kind.toLowerCase()}s`;
    await apply('apiextensions.crossplane.io/v2/compositeresourcedefinitions', {
      apiVersion: 'apiextensions.crossplane.io/v2',
      kind: 'CompositeResourceDefinition',
      metadata: {
        name: `${plural}.platform.waystone.dev`,
        labels: { 'waystone.dev/offering': 'true' },
        annotations: { 'waystone.dev/title': kind },
      },
      spec: {
        scope: 'Namespaced',
        group: 'platform.waystone.dev',
        names: { kind, plural },
        versions: [
          {
            name: 'v1alpha1',
            served: true,
            referenceable: true,
            schema: {
              openAPIV3Schema: {
                type: 'object',
                properties: {
                  spec: {
                    type: 'object',
                    properties: { pages: { type: 'integer', title: 'Pages' } },
                  },
                },
              },
            },
          },
        ],
      },
    });
    const applied = Date.now();
    const offered = page.getByRole('link', {
      name: `Request ${kind}`,
      exact: true,
    });
    await expect(offered).toBeVisible({ timeout: 20_000 });
    test.info().annotations.push({
      type: 'offered after',
      description: `${Date.now() - applied} ms`,
    });

    await test.step('Begin to write, come back, and request it', async () => {
      await offered.click();
      await page.getByRole('button', { name: 'Save as draft' }).click();
      await expect(page).toHaveURL(/\/requests\/[0-9a-f-]{36}$/);
      const draft = page.url();
      await portal.open('/infrastructure/requests?scope=mine&status=draft');
      await expect(
        page.getByRole('link', { name: 'Without a name' }).first(),
      ).toBeVisible();
      await page.goto(draft);
      await page
        .getByRole('textbox', { name: /^Name/ })
        .fill(`orders-note-${suffix}`);
      await page
        .getByRole('textbox', { name: 'Cost center' })
        .fill('cc-orders');
      await page.getByRole('button', { name: 'Save draft' }).click();
      await expect(page.getByText('Saved.', { exact: false })).toBeVisible();
      await portal.check('draft');
      await page
        .getByRole('button', { name: `Request ${kind}` })
        .click({ timeout: 15_000 });
      await expect(page.getByText('Being made').first()).toBeVisible({
        timeout: 15_000,
      });
      expect(page.url()).toBe(draft);
    });

    const name = `orders-old-${suffix}`;
    await apply(
      'platform.waystone.dev/v1alpha1/namespaces/ordering-development/redisinstances',
      {
        apiVersion: 'platform.waystone.dev/v1alpha1',
        kind: 'RedisInstance',
        metadata: {
          name,
          namespace: 'ordering-development',
          labels: {
            owner: 'orders',
            environment: 'development',
            'cost-center': 'cc-orders',
          },
        },
        spec: { size: 'small' },
      },
    );
    await portal.open('/infrastructure/discovered');
    await expect(page.getByRole('rowheader', { name })).toBeVisible({
      timeout: 20_000,
    });
    await portal.check('not-managed-here');
    await page.getByRole('button', { name: `Take over ${name}` }).click();
    const dialog = page.getByRole('dialog');
    await dialog
      .getByRole('button', { name: /Team that it belongs to/ })
      .click();
    await page.getByRole('option', { name: 'orders' }).click();
    await dialog.getByRole('button', { name: `Take over ${name}` }).click();
    await expect(page.getByRole('heading', { name })).toBeVisible();
    await expect(page.getByText('Taken over')).toBeVisible();
  });
});
