import { CatalogOverviewClient } from './CatalogOverviewClient';

const empty = { items: [], total: 0 };

function answer(entityRef: string): Response {
  const body = {
    entityRef,
    links: [],
    parts: empty,
    dependencies: empty,
    dependents: empty,
    providesApis: empty,
    consumesApis: empty,
    providers: empty,
    consumers: empty,
    impact: { total: 0, truncated: false },
    entry: { orphan: false },
  };
  return { ok: true, json: async () => body } as Response;
}

const orders = 'component:default/orders';
const stock = 'component:default/stock';

describe('CatalogOverviewClient', () => {
  afterEach(() => jest.useRealTimers());

  it('shares an answer for some seconds, and never that of another entity', async () => {
    jest.useFakeTimers({ now: 0 });
    const fetch = jest.fn(async (url: unknown) =>
      answer(String(url).endsWith('orders') ? orders : stock),
    );
    const client = new CatalogOverviewClient({ fetchApi: { fetch } });
    const [first, second] = await Promise.all([
      client.getOverview(orders),
      client.getOverview(orders),
    ]);
    expect(first.entityRef).toBe(orders);
    expect(second).toBe(first);
    expect(fetch).toHaveBeenCalledTimes(1);
    expect((await client.getOverview(stock)).entityRef).toBe(stock);
    expect(fetch).toHaveBeenCalledTimes(2);
    jest.setSystemTime(5000);
    await client.getOverview(stock);
    expect(fetch).toHaveBeenCalledTimes(3);
  });

  it('asks again after a failure', async () => {
    const fetch = jest
      .fn()
      .mockRejectedValueOnce(new Error('Nobody answers'))
      .mockResolvedValueOnce(answer(orders));
    const client = new CatalogOverviewClient({ fetchApi: { fetch } });
    await expect(client.getOverview(orders)).rejects.toThrow('Nobody answers');
    await expect(client.getOverview(orders)).resolves.toMatchObject({
      entityRef: orders,
    });
  });
});
