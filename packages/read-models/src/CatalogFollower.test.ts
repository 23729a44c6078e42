import { mockServices } from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { CatalogFollower } from './CatalogFollower';
import { readIdentity } from './readIdentity';

const entity = (name: string) => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name, namespace: 'shop', title: `The ${name}` },
  relations: [
    { type: 'partOf', targetRef: 'domain:default/sales' },
    { type: 'partOf', targetRef: 'system:default/ordering' },
    { type: 'ownedBy', targetRef: 'group:default/a' },
    { type: 'ownedBy', targetRef: 'group:default/b' },
  ],
});

describe('readIdentity', () => {
  it('should read the first owner and the system', () => {
    expect(readIdentity(entity('Cart'))).toEqual({
      entityRef: 'component:shop/cart',
      name: 'Cart',
      title: 'The Cart',
      owner: 'group:default/a',
      system: 'system:default/ordering',
    });
  });
});

describe('CatalogFollower', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  const setUp = () => {
    let tell: () => Promise<void> = async () => {};
    let run: (signal: AbortSignal) => Promise<void> = async () => {};
    const pages = jest.fn(async (_request: object) => ({
      items: [entity('cart')],
      pageInfo: {} as { nextCursor?: string },
      totalItems: 0,
    }));
    const subscribe = jest.fn(async ({ onEvent }) => {
      tell = onEvent;
    });
    const scheduleTask = jest.fn(async ({ fn }) => {
      run = fn;
    });
    const logger = mockServices.logger.mock();
    const follower = CatalogFollower.create({
      auth: mockServices.auth(),
      catalog: catalogServiceMock.mock({ queryEntities: pages as never }),
      events: { subscribe } as never,
      logger,
      scheduler: { scheduleTask } as never,
      pluginId: 'fruit',
      what: 'apples',
      filter: { kind: 'Component' },
      fields: ['kind', 'metadata.name'],
      read: ({ metadata }) => metadata.name,
    });
    return {
      follower,
      logger,
      pages,
      scheduleTask,
      subscribe,
      run: () => run(new AbortController().signal),
      tell: () => tell(),
    };
  };

  it('should read page by page, and tell once', async () => {
    const { follower, pages, run, scheduleTask, subscribe } = setUp();
    const onRead = jest.fn();
    await follower.start(onRead);
    expect(subscribe).toHaveBeenCalledWith(
      expect.objectContaining({
        id: 'fruit-apples',
        topics: ['waystone.catalog.entities'],
      }),
    );
    expect(scheduleTask).toHaveBeenCalledWith(
      expect.objectContaining({ id: 'fruit-read-catalog', scope: 'local' }),
    );
    pages.mockResolvedValueOnce({
      items: [entity('basket')],
      pageInfo: { nextCursor: 'next' },
      totalItems: 0,
    });
    await run();
    expect(follower.items).toEqual(['basket', 'cart']);
    expect(onRead).toHaveBeenCalledTimes(1);
    const fields = ['kind', 'metadata.name'];
    expect(pages.mock.calls.map(([request]) => request)).toEqual([
      {
        limit: 500,
        fields,
        totalItems: 'exclude',
        filter: { kind: 'Component' },
      },
      { cursor: 'next', limit: 500, fields },
    ]);
  });

  it('should answer a swarm of changes with one look, and none once it is stopped', async () => {
    const { follower, pages, tell } = setUp();
    await follower.start(() => {});
    await tell();
    await tell();
    await jest.advanceTimersByTimeAsync(1000);
    expect(pages).toHaveBeenCalledTimes(1);
    await tell();
    follower.stop();
    await jest.advanceTimersByTimeAsync(1000);
    expect(pages).toHaveBeenCalledTimes(1);
  });

  it('should keep what is known while the catalog cannot be read', async () => {
    const { follower, logger, pages, run, tell } = setUp();
    await follower.start(() => {});
    await run();
    pages.mockRejectedValueOnce(new Error('down'));
    await tell();
    await jest.advanceTimersByTimeAsync(1000);
    expect(follower.items).toEqual(['cart']);
    expect(logger.warn).toHaveBeenCalledTimes(1);
  });

  it('should try again until it can be read', async () => {
    const { follower, pages, run } = setUp();
    await follower.start(() => {});
    pages.mockRejectedValueOnce(new Error('starts'));
    // Real waits of the retry are not of interest
    jest.useRealTimers();
    await run();
    expect(follower.items).toEqual(['cart']);
    expect(pages).toHaveBeenCalledTimes(2);
  });
});
