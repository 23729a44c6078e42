import {
  addressOf,
  readRouteTable,
  type Route,
  routeBodies,
} from '../fixtures/routes';
import { expect, people, test } from '../fixtures/test';

const ENTITY = '/api/catalog/entities/by-name/component/default/order-service';

test('the API answers nobody without a token', async ({ request }) => {
  for (const path of [
    ENTITY,
    '/api/catalog/entities',
    '/api/search/query?term=order',
    '/api/scaffolder/v2/tasks',
    '/api/notifications/notifications',
    '/api/user-settings/buckets/default.home/keys/hideFirstSteps',
    '/api/techdocs/static/docs/default/component/order-service/index.html',
  ]) {
    const response = await request.get(path);
    expect(response.status(), path).toBe(401);
  }
});

/** Plugins that describe their routes; each route has to be in the table. */
const DESCRIBED = [
  'audit',
  'delivery',
  'governance',
  'infrastructure',
  'observability',
  'platform-health',
];

test('every route answers everybody as the table says', async ({
  apiOf,
  request,
}) => {
  test.setTimeout(240_000);
  const routes = readRouteTable();
  const askers = [];
  for (const person of [
    people.developer,
    people.lead,
    people.platformEngineer,
    people.securityEngineer,
    people.auditor,
  ]) {
    askers.push(await apiOf(person));
  }
  const statusOf = async (api: typeof request, route: Route) => {
    const { method, template } = route;
    const response = await api.fetch(addressOf(route), {
      method,
      maxRedirects: 0,
      // An answer that does not end, such as a stream, has a status all the same.
      timeout: 20_000,
      headers: {
        accept: 'application/json, text/event-stream',
        'idempotency-key': 'table-of-routes-1',
      },
      ...(method !== 'GET' && {
        data: routeBodies[`${method} ${template}`] ?? {},
      }),
    });
    return String(response.status());
  };
  const answers = await Promise.all(
    [...askers, request].map(async api => {
      const statuses = [];
      for (const route of routes) {
        statuses.push(await statusOf(api, route));
      }
      return statuses;
    }),
  );
  const row = ({ method, template }: Route, statuses: string) =>
    `${method.padEnd(6)} ${template.padEnd(93)} ${statuses}`;
  expect(
    routes.map((route, index) =>
      row(route, answers.map(statuses => statuses[index]).join(' ')),
    ),
  ).toEqual(routes.map(route => row(route, route.expected)));

  const known = new Set(
    routes.map(({ method, template }) => `${method} ${template.split('?')[0]}`),
  );
  for (const plugin of DESCRIBED) {
    const response = await askers[0].get(`/api/${plugin}/openapi.json`);
    expect(response.status(), plugin).toBe(200);
    const { paths } = await response.json();
    const described = Object.entries<object>(paths).flatMap(
      ([path, operations]) =>
        Object.keys(operations)
          .filter(method => /^(get|post|put|patch|delete)$/.test(method))
          .map(method => `${method.toUpperCase()} /api/${plugin}${path}`),
    );
    expect(
      described.filter(each => !known.has(each)),
      'Routes that the table does not have',
    ).toEqual([]);
  }
});

test('an auditor and another team cannot remove order-service', async ({
  apiOf,
}) => {
  const owner = await apiOf(people.developer);
  const found = await owner.get(ENTITY);
  expect(found.status()).toBe(200);
  const { uid } = (await found.json()).metadata;

  for (const person of [people.auditor, people.lead]) {
    const api = await apiOf(person);
    expect((await api.get(ENTITY)).status()).toBe(200);
    const refused = await api.delete(`/api/catalog/entities/by-uid/${uid}`);
    expect(refused.status(), person.name).toBe(403);
  }
  expect((await owner.get(ENTITY)).status()).toBe(200);
});

test.describe('somebody of another team', () => {
  test.use({ person: people.lead });

  test('is not offered to unregister order-service', async ({
    page,
    portal,
  }) => {
    await portal.open('/catalog/default/component/order-service');
    await page.getByRole('button', { name: 'More actions' }).click();
    const item = page.getByRole('menuitem', { name: /unregister/i });
    await expect(page.getByRole('menu')).toBeVisible();
    await expect(
      item.and(page.locator(':not([aria-disabled="true"])')),
    ).toHaveCount(0);
    await portal.check('no-unregister');
  });
});
