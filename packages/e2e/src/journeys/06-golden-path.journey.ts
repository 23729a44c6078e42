import { execFile } from 'node:child_process';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { APIRequestContext, Locator, Page } from '@playwright/test';
import { expect, people, test } from '../fixtures/test';

const run = promisify(execFile);

const TEMPLATE = 'template:default/nodejs-service';

/** Another one if it is tried again: of the first, a request for production still waits for approval. */
const NAME = `loyalty-service-${Date.now().toString(36).slice(-4)}`;
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
  availability: '99.5',
  latency: '500ms',
  // Folded, as the form sends it
  advanced: false,
};

type Step = { id: string; seconds: number };

/** Steps that wait for others: for a database that is made, and for pods that start. */
const WAITING = ['infrastructure', 'healthy'];

/**
 * Clones the new repository.
 *
 * @returns who wrote what in it, and what its own tests say
 */
async function cloneAndTest(
  sandboxUrl: string,
): Promise<{ log: string; tests: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'waystone-clone-'));
  try {
    const url = `${sandboxUrl}/gitea/fernway/${NAME}.git`;
    await run('git', ['clone', '--quiet', url, folder]);
    const { stdout: log } = await run('git', ['log', '--format=%an <%ae>'], {
      cwd: folder,
    });
    // `npm ci` would need a registry: the packages are those of this repository, in versions that the service allows
    // eslint-disable-next-line no-restricted-syntax
    const packages = resolve(__dirname, '../../../../node_modules');
    await symlink(packages, join(folder, 'node_modules'));
    const { stdout: tests } = await run('npm', ['test'], {
      cwd: folder,
      env: { PATH: process.env.PATH, HOME: process.env.HOME },
    });
    return { log, tests };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** How long each step of a run took. */
async function stepsOf(
  api: APIRequestContext,
  taskId: string,
): Promise<Step[]> {
  const response = await api.get(`/api/scaffolder/v2/tasks/${taskId}/events`);
  const events: {
    createdAt: string;
    body: { stepId?: string; status?: string };
  }[] = await response.json();
  const at = (id: string, status: string) =>
    new Date(
      events.find(
        ({ body }) => body.stepId === id && body.status === status,
      )!.createdAt,
    ).getTime();
  return events
    .filter(({ body }) => body.status === 'processing')
    .map(({ body: { stepId = '' } }) => ({
      id: stepId,
      seconds: (at(stepId, 'completed') - at(stepId, 'processing')) / 1000,
    }));
}

/** Goes to another page of the form. The browser refuses as long as a required field is still being filled in. */
async function goOn(page: Page, from: Locator, to: Locator): Promise<void> {
  await expect(async () => {
    if (await from.isVisible()) {
      await page.getByRole('button', { name: 'Next' }).click();
    }
    await expect(to).toBeVisible({ timeout: 5_000 });
  }).toPass({ timeout: 60_000 });
}

type PreviewedFile = { path: string; text?: string };

/** A preview, with what was chosen in the form in no particular order. */
function comparable(preview: { files: PreviewedFile[] }) {
  return {
    ...preview,
    files: preview.files.map(({ path, text = '' }) => {
      const inputs = /^inputs: (.*)$/m.exec(text)?.[1];
      return path === 'waystone-template.yaml' && inputs !== undefined
        ? { path, inputs: JSON.parse(inputs) }
        : { path, text };
    }),
  };
}

/** Runs the golden path, and says why it failed. Nothing must be left of it. */
async function failureOf(
  api: APIRequestContext,
  values: Record<string, unknown>,
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
  const inventory = await api.get(
    `/api/scaffolder/golden-paths/tasks/${id}/inventory`,
  );
  expect((await inventory.json()).resources).toEqual([]);
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
      await page.getByRole('link', { name: 'Choose Node.js service' }).click();
      await expect(page).toHaveURL(
        /\/create\/templates\/default\/nodejs-service$/,
      );
    });

    let runUrl = '';
    let created = 0;
    const next = page.getByRole('button', { name: 'Next' });
    await test.step('A bad name is refused', async () => {
      const name = page.getByRole('textbox', { name: 'Name' });
      await name.fill('Loyalty Service');
      await page
        .getByRole('textbox', { name: 'What does it do?' })
        .fill(DESCRIPTION);
      await next.click();
      // Of the check while it is typed, or of the form, whichever comes first
      await expect(
        page
          .getByText(
            /^Use (3 to 40 characters: )?lower-case words joined by hyphens/,
          )
          .first(),
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
      await expect(
        page.getByRole('button', { name: /^Response time/ }),
      ).toBeVisible();
      const size = page.getByRole('button', { name: /^Size Small/ });
      await expect(size).toBeHidden();
      const advanced = page.getByRole('button', { name: 'Advanced options' });
      await advanced.click();
      await expect(size).toBeVisible();
      await portal.check('what-it-needs');
      await advanced.click();
      await expect(size).toBeHidden();
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
      created = Date.now();
      await page.getByRole('button', { name: 'Create', exact: true }).click();
    });

    await test.step('The steps finish and the result is shown', async () => {
      await expect(page).toHaveURL(/\/create\/tasks\/[0-9a-f-]+/);
      await expect(
        page.getByRole('heading', { name: `${NAME} runs in development` }),
      ).toBeVisible({ timeout: 120_000 });
      const whole = (Date.now() - created) / 1000;
      await expect(
        page.getByText(/Time to first deploy: \d+ seconds/),
      ).toBeVisible();
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
      const steps = await stepsOf(
        await apiOf(people.developer),
        runUrl.split('/').at(-1)!,
      );
      const own = steps
        .filter(({ id }) => !WAITING.includes(id))
        .reduce((sum, { seconds }) => sum + seconds, 0);
      test.info().annotations.push({
        type: 'time to first deploy',
        description: `${whole.toFixed(1)} s, of which ${own.toFixed(
          1,
        )} s in steps that wait for nobody`,
      });
    });

    await test.step('It runs in development, and its database is ready', async () => {
      const api = await apiOf(people.developer);
      // The catalog may still be reading the new entry
      await expect(async () => {
        const response = await api.get(
          `/api/delivery/services/default/component/${NAME}`,
        );
        expect(response.ok(), await response.text()).toBe(true);
        const { service } = await response.json();
        expect(service.deployments[0]).toMatchObject({
          environment: 'development',
          sync: 'synced',
          health: 'healthy',
        });
      }).toPass({ timeout: 60_000 });
      const requests = await api.get(
        `/api/infrastructure/requests?q=${NAME}-database&environment=development`,
      );
      expect((await requests.json()).items).toMatchObject([
        { name: `${NAME}-database`, status: 'ready' },
      ]);
    });

    await test.step('The repository can be cloned, says who made it, and its tests pass', async () => {
      const { log, tests } = await cloneAndTest(sandboxUrl);
      expect(log).toContain('Maya Okafor <maya.okafor@fernway.example>');
      expect(tests).toMatch(/pass [1-9]/);
      expect(tests).toMatch(/fail 0/);
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
        dialog.getByText(`${NAME}-database waits for approval`, {
          exact: false,
        }),
      ).toBeVisible();
      await dialog.getByRole('textbox').fill(`fernway/${NAME}`);
      await portal.check('removal');
      await dialog.getByRole('button', { name: /^Remove \d+$/ }).click();
      await expect(dialog).toBeHidden({ timeout: 60_000 });
      await expect(
        page.getByRole('row', { name: new RegExp(`fernway/${NAME}.*Removed`) }),
      ).toBeVisible();
      await expect(cloneAndTest(sandboxUrl)).rejects.toThrow();
    });
  });

  test('fills in the form from a file, and gets the same', async ({
    apiOf,
    page,
    portal,
  }) => {
    await portal.open('/create/from-file');
    const text = page.getByRole('textbox', { name: 'ServiceRequest' });
    const request = (
      language: string,
    ) => `apiVersion: platform.waystone.dev/v1alpha1
kind: ServiceRequest
metadata: { name: parcel-tracker }
spec: { type: service, language: ${language}, owner: orders, system: ordering, description: '${DESCRIPTION}', database: { engine: postgresql, size: medium } }
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

    const name = page.getByRole('textbox', { name: 'Name' });
    const tier = page.getByRole('radio', { name: /^Tier 3/ });
    const database = page.getByRole('radio', { name: 'PostgreSQL' });
    await expect(page.getByText('Nothing has this name yet')).toBeVisible();
    await goOn(page, name, tier);
    await expect(tier).toBeChecked();
    await portal.settled();
    await goOn(page, tier, database);
    await expect(database).toBeChecked();
    const shown = page.waitForResponse(/\/golden-paths\/preview$/);
    await goOn(page, database, page.getByRole('list', { name: 'Files' }));
    const fromFile = await (await shown).json();
    const api = await apiOf(people.developer);
    const fromForm = await api.post('/api/scaffolder/golden-paths/preview', {
      data: {
        templateRef: 'template:default/go-service',
        values: {
          ...VALUES,
          name: 'parcel-tracker',
          database: 'postgresql',
          databaseSize: 'medium',
        },
      },
    });
    expect(fromFile.files.length).toBeGreaterThan(20);
    expect(comparable(await fromForm.json())).toEqual(comparable(fromFile));
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

test('what the form does not offer, and templates that do harm, are refused with the reason', async ({
  apiOf,
}) => {
  const developer = await apiOf(people.developer);
  const bad = await developer.post('/api/scaffolder/v2/tasks', {
    data: { templateRef: TEMPLATE, values: { ...VALUES, tier: '9' } },
  });
  expect(bad.status()).toBe(400);
  expect(await bad.text()).toContain('is not one of enum values: 1,2,3');

  const engineer = await apiOf(people.platformEngineer);
  const tryOut = (step: object) =>
    engineer.post('/api/scaffolder/v2/dry-run', {
      data: {
        template: {
          apiVersion: 'scaffolder.backstage.io/v1beta3',
          kind: 'Template',
          metadata: { name: 'harm' },
          spec: {
            owner: 'group:default/platform',
            type: 'service',
            parameters: [],
            steps: [{ id: 'harm', name: 'Harm', ...step }],
          },
        },
        values: {},
        secrets: {},
        directoryContents: [],
      },
    });
  const loop = await tryOut({
    action: 'debug:log',
    input: {
      message: '{% for i in range(0, 999999999) %}{{ i }}{% endfor %}',
    },
  });
  expect(loop.status()).toBe(400);
  expect(await loop.text()).toMatch(/loop|rounds/i);
  const escape = await tryOut({
    action: 'fetch:template',
    input: { url: './skeleton', targetPath: '../../outside' },
  });
  expect(escape.status()).toBe(400);
  expect(await escape.text()).toMatch(/outside|leads out|workspace/i);
});

test.describe('an auditor', () => {
  test.use({ person: people.auditor });

  test('cannot run the golden path', async ({ apiOf, page, portal }) => {
    await portal.open('/create');
    await expect(
      page.getByText('You may look at golden paths, but not start one'),
      'What is denied must be said before a form is filled',
    ).toBeVisible();
    await expect(
      page.getByRole('heading', { name: 'Node.js service' }),
    ).toBeVisible();
    await expect(page.getByRole('link', { name: /^Choose/ })).toHaveCount(0);
    await portal.check('templates-of-the-auditor');

    const api = await apiOf(people.auditor);
    const response = await api.post('/api/scaffolder/v2/tasks', {
      data: {
        templateRef: TEMPLATE,
        values: VALUES,
      },
    });
    expect(response.status()).toBe(403);
  });
});
