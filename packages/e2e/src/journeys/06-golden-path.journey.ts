import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { APIRequestContext } from '@playwright/test';
import { expect, people, test } from '../fixtures/test';

const run = promisify(execFile);

const TEMPLATE = 'template:default/nodejs-service';

const NAME = 'loyalty-service';
const DESCRIPTION = 'Keeps the points of customers and what they are worth.';

const VALUES = {
  name: NAME,
  description: DESCRIPTION,
  owner: 'group:default/orders',
  system: 'system:default/ordering',
  tier: '3',
  database: 'none',
  cache: 'none',
  queue: 'none',
  exposure: 'internal',
  size: 'small',
  availability: '99.5',
};

/** Who wrote what in the new repository, as a clone of it says. */
async function cloneAndLog(sandboxUrl: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'waystone-clone-'));
  try {
    const url = `${sandboxUrl}/gitea/fernway/${NAME}.git`;
    await run('git', ['clone', '--quiet', url, folder]);
    const { stdout } = await run('git', ['log', '--format=%an <%ae>'], {
      cwd: folder,
    });
    return stdout;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Runs the golden path, and says why it failed. */
async function failureOf(
  api: APIRequestContext,
  values: Record<string, string>,
): Promise<string> {
  const response = await api.post('/api/scaffolder/v2/tasks', {
    data: { templateRef: TEMPLATE, values },
  });
  expect(response.status()).toBe(201);
  const { id } = await response.json();
  let events = '';
  await expect(async () => {
    const task = await api.get(`/api/scaffolder/v2/tasks/${id}`);
    expect((await task.json()).status).toBe('failed');
    events = await (
      await api.get(`/api/scaffolder/v2/tasks/${id}/events`)
    ).text();
  }).toPass({ timeout: 60_000 });
  return events;
}

test.describe('a developer', () => {
  test.use({ person: people.developer });

  test('gets from a form to a service that runs', async ({
    apiOf,
    page,
    portal,
    sandboxUrl,
  }) => {
    test.setTimeout(300_000);
    await test.step('Choose the template', async () => {
      await portal.open('/create');
      await expect(
        page.getByRole('heading', { name: 'Node.js service' }),
      ).toBeVisible();
      await portal.check('templates');
      await portal.open('/create/templates/default/nodejs-service');
    });

    let runUrl = '';
    const next = page.getByRole('button', { name: 'Next' });
    await test.step('A bad name is refused', async () => {
      const name = page.getByRole('textbox', { name: 'Name' });
      await name.fill('Loyalty Service');
      await page
        .getByRole('textbox', { name: 'What does it do?' })
        .fill(DESCRIPTION);
      await next.click();
      await expect(
        page.getByText('Use lower-case words joined by hyphens').first(),
      ).toBeVisible();
      await portal.check('bad-name');
      await name.fill('order-service');
      await expect(
        page.getByText("There is a component 'order-service' in the catalog"),
      ).toBeVisible();
      await name.fill(NAME);
      await expect(page.getByText('Nothing has this name yet')).toBeVisible();
      await next.click();
    });

    await test.step('Say where it belongs', async () => {
      // She is in one team only, so there is nothing to choose
      await expect(page.getByRole('textbox', { name: 'Owner' })).toHaveValue(
        'Orders',
      );
      await page.getByRole('textbox', { name: 'System' }).click();
      await page.getByRole('option', { name: 'Ordering' }).click();
      await page.getByRole('radio', { name: /^Tier 2/ }).check();
      await portal.check('where-it-belongs');
      await next.click();
    });

    await test.step('Say what it needs', async () => {
      await page.getByRole('radio', { name: 'PostgreSQL' }).check();
      await expect(
        page.getByRole('button', { name: /^Size of the database/ }),
      ).toBeVisible();
      await portal.check('what-it-needs');
      await next.click();
    });

    await test.step('Look at what will be made', async () => {
      const files = page.getByRole('list', { name: 'Files' });
      await expect(files).toBeVisible({ timeout: 30_000 });
      await files.getByRole('button', { name: 'application.yaml' }).click();
      await expect(page.getByText('kind: Application').first()).toBeVisible();
      await expect(page.getByText(/a month$/)).toBeVisible();
      await portal.check('preview');
      await page.getByRole('button', { name: 'Review' }).click();
    });

    await test.step('Review and create', async () => {
      await expect(page.getByText(NAME).first()).toBeVisible();
      await portal.check('review');
      await page.getByRole('button', { name: 'Create', exact: true }).click();
    });

    await test.step('The steps finish and the result is shown', async () => {
      await expect(page).toHaveURL(/\/create\/tasks\/[0-9a-f-]+/);
      await expect(
        page.getByRole('heading', { name: `${NAME} runs in development` }),
      ).toBeVisible({ timeout: 120_000 });
      for (const step of [
        'Write the manifests',
        'Make the repository',
        'Let Argo CD run it',
        'Wait until it runs in development',
      ]) {
        await expect(page.getByText(step).first()).toBeVisible();
      }
      await expect(
        page.getByRole('region', { name: 'What this run has made' }),
      ).toBeVisible();
      await portal.check('result');
      runUrl = new URL(page.url()).pathname;
    });

    await test.step('The repository can be cloned, and says who made it', async () => {
      const log = await cloneAndLog(sandboxUrl);
      expect(log).toContain('Maya Okafor <maya.okafor@fernway.example>');
    });

    await test.step('It is in the catalog, owned by the team', async () => {
      const api = await apiOf(people.developer);
      await expect(async () => {
        const response = await api.get(
          `/api/catalog/entities/by-name/component/default/${NAME}`,
        );
        expect(response.status()).toBe(200);
        expect(await response.json()).toMatchObject({
          metadata: { description: DESCRIPTION },
          spec: { owner: 'group:default/orders' },
        });
      }).toPass({ timeout: 60_000 });
    });

    await test.step('The task is listed', async () => {
      await portal.open('/create/tasks');
      const row = page.getByRole('row', { name: /Node\.js service/ });
      await expect(row.first()).toBeVisible();
      await expect(row.first()).toContainText(/completed/i);
      await portal.check('tasks');
    });

    await test.step('The name is taken now', async () => {
      const api = await apiOf(people.developer);
      expect(await failureOf(api, VALUES)).toContain(
        `There is a repository 'fernway/${NAME}' already`,
      );
    });

    await test.step('What the run has made is removed again', async () => {
      await portal.open(runUrl);
      await page.getByRole('button', { name: 'Remove all' }).click();
      const dialog = page.getByRole('dialog');
      // It waits for approval, so there is nothing of it yet
      await expect(
        dialog.getByText(/loyalty-service-database waits for approval/),
      ).toBeVisible();
      await dialog.getByRole('textbox').fill(`fernway/${NAME}`);
      await portal.check('removal');
      await dialog.getByRole('button', { name: /^Remove \d+$/ }).click();
      await expect(dialog).toBeHidden({ timeout: 60_000 });
      await expect(
        page.getByRole('row', { name: new RegExp(`fernway/${NAME}.*Removed`) }),
      ).toBeVisible();
      await expect(cloneAndLog(sandboxUrl)).rejects.toThrow();
    });
  });

  test('fills in the form from a file', async ({ page, portal }) => {
    await portal.open('/create/from-file');
    const text = page.getByRole('textbox', { name: 'ServiceRequest' });
    const request = (
      language: string,
    ) => `apiVersion: platform.waystone.dev/v1alpha1
kind: ServiceRequest
metadata: { name: parcel-tracker }
spec: { type: service, language: ${language}, owner: orders, system: ordering }
`;
    await text.fill(request('cobol'));
    await page.getByRole('button', { name: 'Fill in the form' }).click();
    await expect(page.getByText(/^Line 4:/)).toBeVisible();
    await portal.check('from-file');
    await text.fill(request('go'));
    await page.getByRole('button', { name: 'Fill in the form' }).click();
    await expect(page).toHaveURL(/templates\/default\/go-service/);
    await expect(page.getByRole('textbox', { name: 'Name' })).toHaveValue(
      'parcel-tracker',
    );
  });
});

test('a service of another team is refused before anything is made', async ({
  apiOf,
}) => {
  const api = await apiOf(people.developer);
  const events = await failureOf(api, {
    ...VALUES,
    name: 'not-mine',
    owner: 'group:default/storefront',
    system: 'system:default/storefront',
  });
  expect(events).toContain(
    "You are not a member of 'group:default/storefront'",
  );
  expect(events).not.toContain('Beginning step Make the repository');
});

test.describe('an auditor', () => {
  test.use({ person: people.auditor });

  test('cannot run the golden path', async ({ apiOf, page, portal }) => {
    await portal.open('/create');
    await portal.check('templates-of-the-auditor');

    const api = await apiOf(people.auditor);
    const response = await api.post('/api/scaffolder/v2/tasks', {
      data: {
        templateRef: TEMPLATE,
        values: VALUES,
      },
    });
    expect(response.status()).toBe(403);

    const choose = page.getByRole('button', { name: 'Choose' }).first();
    if (await choose.isVisible()) {
      await portal.open('/create/templates/default/nodejs-service');
      await expect(
        page.getByText(/not allowed|permission|denied/i).first(),
        'What is denied must be said before the form is filled',
      ).toBeVisible();
    }
  });
});
