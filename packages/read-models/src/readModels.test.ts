import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { ChangeSignals } from './ChangeSignals';
import { VisibleEntities } from './VisibleEntities';

const credentials = mockCredentials.user();
const cart = 'component:default/cart';
const hidden = 'component:default/hidden';

describe('VisibleEntities', () => {
  const create = (decision: object) => {
    const catalog = catalogServiceMock.mock({
      getEntitiesByRefs: async ({ entityRefs }) => ({
        items: entityRefs.map(ref =>
          ref === cart
            ? { apiVersion: 'a', kind: 'Component', metadata: { name: 'cart' } }
            : undefined,
        ),
      }),
    });
    const visible = VisibleEntities.create({
      catalog,
      permissions: mockServices.permissions.mock({
        authorizeConditional: async () => [decision as never],
      }),
    });
    return { catalog, visible };
  };

  it('should not ask the catalog where everything may be seen', async () => {
    const { catalog, visible } = create({ result: AuthorizeResult.ALLOW });
    const { includes } = await visible.scope([cart], credentials);
    expect([includes(cart), includes(hidden), includes(undefined)]).toEqual([
      true,
      true,
      true,
    ]);
    expect(catalog.getEntitiesByRefs).not.toHaveBeenCalled();
  });

  it('should keep what the catalog shows the caller, and nothing that belongs to no entity', async () => {
    const { catalog, visible } = create({
      result: AuthorizeResult.CONDITIONAL,
      pluginId: 'catalog',
      resourceType: 'catalog-entity',
      conditions: {},
    });
    expect(
      await visible.filter(
        [{ entityRef: cart }, { entityRef: hidden }],
        credentials,
      ),
    ).toEqual([{ entityRef: cart }]);
    const { includes } = await visible.scope([cart], credentials);
    expect(includes(undefined)).toBe(false);
    expect(catalog.getEntitiesByRefs).toHaveBeenLastCalledWith(
      { entityRefs: [cart], fields: ['kind', 'metadata.name'] },
      { credentials },
    );
  });

  it('should ask for many in parts', async () => {
    const { catalog, visible } = create({
      result: AuthorizeResult.CONDITIONAL,
    });
    await visible.scope(
      Array.from({ length: 2500 }, (_, n) => `component:default/c${n}`),
      credentials,
    );
    expect(catalog.getEntitiesByRefs).toHaveBeenCalledTimes(3);
  });

  it('should show nothing to who may see nothing', async () => {
    const { visible } = create({ result: AuthorizeResult.DENY });
    expect(await visible.filter([{ entityRef: cart }], credentials)).toEqual(
      [],
    );
  });
});

describe('ChangeSignals', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  const createModel = () => {
    const listeners = new Set<() => void>();
    return {
      change: () => listeners.forEach(listener => listener()),
      subscribe: (listener: () => void) => {
        listeners.add(listener);
        return () => {
          listeners.delete(listener);
        };
      },
    };
  };

  it('should tell of many changes once, without saying of what, until it is stopped', async () => {
    const publish = jest.fn(async () => {});
    const model = createModel();
    const signals = ChangeSignals.create({
      signals: { publish } as never,
      logger: mockServices.logger.mock(),
      channel: 'fruit',
    });
    signals.start(model);
    model.change();
    model.change();
    await jest.advanceTimersByTimeAsync(500);
    expect(publish.mock.calls).toEqual([
      [
        {
          recipients: { type: 'broadcast' },
          channel: 'fruit',
          message: { changedAt: expect.any(String) },
        },
      ],
    ]);
    model.change();
    signals.stop();
    model.change();
    await jest.advanceTimersByTimeAsync(500);
    expect(publish).toHaveBeenCalledTimes(1);
  });

  it('should go on when a signal cannot be sent', async () => {
    const publish = jest.fn(async () => {
      throw new Error('no connection');
    });
    const model = createModel();
    const logger = mockServices.logger.mock();
    ChangeSignals.create({
      signals: { publish } as never,
      logger,
      channel: 'fruit',
    }).start(model);
    model.change();
    await jest.advanceTimersByTimeAsync(500);
    model.change();
    await jest.advanceTimersByTimeAsync(500);
    expect(publish).toHaveBeenCalledTimes(2);
    expect(logger.warn).toHaveBeenCalledTimes(2);
  });
});
