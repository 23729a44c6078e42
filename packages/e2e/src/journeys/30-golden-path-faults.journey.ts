import type { APIRequestContext, Page } from '@playwright/test';
import { Portal } from '../fixtures/Portal';
import { RestartablePortal } from '../fixtures/RestartablePortal';
import { expect, people, test } from '../fixtures/test';

/** Long enough to do something to a run while it waits for the forge, in milliseconds. */
const SLOW = 2_000;

const VALUES = {
  description: 'Keeps the points of customers and what they are worth.',
  owner: 'group:default/orders',
  system: 'system:default/ordering',
  tier: '3',
  databaseSize: 'small',
  cache: 'none',
  queue: 'none',
  exposure: 'internal',
  size: 'small',
  availability: '99.5',
};

type Created = { kind: string; title: string; state: string };

/** What a person does with the portal, and what is to be seen in the systems behind it. */
class World {
  readonly #api: APIRequestContext;
  readonly #own: RestartablePortal;

  constructor(own: RestartablePortal, api: APIRequestContext) {
    this.#own = own;
    this.#api = api;
  }

  async startRun(
    name: string,
    database: 'none' | 'postgresql',
  ): Promise<string> {
    const response = await this.#api.post('/api/scaffolder/v2/tasks', {
      data: {
        templateRef: 'template:default/nodejs-service',
        values: { ...VALUES, name, database },
      },
    });
    expect(response.status(), await response.text()).toBe(201);
    return (await response.json()).id;
  }

  /** Waits until a run has made something. */
  async waitFor(run: string, kind: string): Promise<void> {
    await expect
      .poll(
        async () =>
          (
            await this.created(run)
          ).some(each => each.kind === kind && each.state === 'created'),
        {
          intervals: [100],
          timeout: 60_000,
        },
      )
      .toBe(true);
  }

  async created(run: string): Promise<Created[]> {
    const response = await this.#api.get(
      `/api/scaffolder/golden-paths/tasks/${run}/inventory`,
    );
    expect(response.ok(), await response.text()).toBe(true);
    return (await response.json()).resources;
  }

  async breakForge(fault: object): Promise<void> {
    await this.#sandbox('PUT', '/control/faults/gitea', fault);
  }

  async mendForge(): Promise<void> {
    await this.#sandbox('DELETE', '/control/faults/gitea');
  }

  /** What there is of a service, in each system once and no more. */
  async expectOnce(name: string, databases: number): Promise<void> {
    const repositories = await this.#sandbox(
      'GET',
      `/gitea/api/v1/repos/search?q=${name}`,
    );
    expect(
      repositories.data.map((each: { name: string }) => each.name),
    ).toEqual([name]);
    const commits = await this.#sandbox(
      'GET',
      `/gitea/api/v1/repos/fernway/${name}/commits`,
    );
    expect(commits).toHaveLength(1);
    const instances = await this.#sandbox(
      'GET',
      '/kubernetes/nonprod/apis/platform.waystone.dev/v1alpha1/namespaces/ordering-development/postgresqlinstances',
    );
    expect(
      instances.items
        .map((each: { metadata: { name: string } }) => each.metadata.name)
        .filter((each: string) => each.startsWith(name)),
    ).toHaveLength(databases);
    const requests = await (
      await this.#api.get(
        `/api/infrastructure/requests?q=${name}&environment=development`,
      )
    ).json();
    expect(requests.items).toHaveLength(databases);
  }

  async #sandbox(method: string, path: string, body?: object) {
    const response = await fetch(`${this.#own.sandboxUrl}${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${this.#own.sandboxToken}`,
        'Content-Type': 'application/json',
      },
      body: body && JSON.stringify(body),
    });
    expect(response.ok, `${method} ${path}: ${response.status}`).toBe(true);
    return response.json();
  }
}

const resultOf = (page: Page, name: string) =>
  page.getByRole('heading', { name: `${name} runs in development` });

test('a run survives a forge that goes down, and a backend that is killed', async ({
  browser,
  playwright,
}, { config }) => {
  test.setTimeout(480_000);
  const own = await RestartablePortal.start({
    // A run of a backend that is gone is taken up after so long; 30 s by default
    APP_CONFIG_scaffolder_taskRecovery_staleTimeout: '{"seconds":4}',
  });
  try {
    const context = await browser.newContext({
      baseURL: own.url,
      locale: 'en-GB',
      timezoneId: 'Europe/Berlin',
      viewport: { width: 1440, height: 900 },
      storageState: { cookies: [], origins: [] },
    });
    const page = await context.newPage();
    const portal = new Portal({
      page,
      screenshots: `${config.rootDir}/../../screenshots/30-golden-path-faults`,
      sandboxUrl: own.sandboxUrl,
    });
    await page.goto('/');
    await portal.signIn(people.developer);
    const refreshed = await context.request.get(
      '/api/auth/oidc/refresh?env=sandbox&scope=openid%20profile%20email%20offline_access',
      { headers: { 'X-Requested-With': 'XMLHttpRequest' } },
    );
    const { backstageIdentity } = await refreshed.json();
    const api = await playwright.request.newContext({
      baseURL: own.url,
      extraHTTPHeaders: { Authorization: `Bearer ${backstageIdentity.token}` },
    });
    const world = new World(own, api);
    const inventory = page.getByRole('region', {
      name: 'What this run has made',
    });

    await test.step('The forge goes down: the run says so, and shows what it has made', async () => {
      await world.breakForge({ latencyMs: SLOW });
      const run = await world.startRun('loyalty-points', 'none');
      // It is not settled before the run ends
      await page.goto(`/create/tasks/${run}`);
      await world.waitFor(run, 'repository');
      await world.breakForge({ down: true });
      const error = page.getByRole('alert').filter({ hasText: 'Error' });
      await expect(error).toContainText('gitea (localhost', {
        timeout: 60_000,
      });
      await expect(inventory).toContainText('fernway/loyalty-points');
      await expect(
        inventory.getByRole('button', {
          name: 'Remove fernway/loyalty-points',
        }),
      ).toBeVisible();
      await portal.check('forge-down');
    });

    await test.step('It is tried again when the forge is back, and finishes', async () => {
      await world.mendForge();
      const retry = page.getByRole('button', { name: 'Retry' });
      const result = resultOf(page, 'loyalty-points');
      // The portal leaves a system alone for some seconds that has failed too often, and the error says for how long
      await expect(async () => {
        await retry.click();
        await expect(retry).toBeDisabled();
        const over = result.or(retry.and(page.locator(':enabled')));
        await expect(over).toBeVisible({ timeout: 60_000 });
        await expect(result).toBeVisible({ timeout: 1_000 });
      }).toPass({ timeout: 180_000 });
      await world.expectOnce('loyalty-points', 0);
    });

    await test.step('The backend is killed while it asks for the database: after the restart the run finishes', async () => {
      const run = await world.startRun('gift-cards', 'postgresql');
      await page.goto(`/create/tasks/${run}`);
      await world.waitFor(run, 'infrastructure-request');
      await own.killBackend();
      await portal.screenshot('backend-killed');
      await own.startBackend();
      await expect(resultOf(page, 'gift-cards')).toBeVisible({
        timeout: 120_000,
      });
      await world.expectOnce('gift-cards', 1);
      await portal.screenshot('finished-after-restart');
    });
    await api.dispose();
    await context.close();
  } finally {
    await own.stop();
  }
});
