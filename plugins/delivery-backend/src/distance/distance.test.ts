import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { TestDatabases } from '@backstage/backend-test-utils';
import type { ForgeService } from '@waystone/integrations';
import type { Deployment } from '@waystone/plugin-delivery-common';
import { mockDeployment, MockDeliverySource } from '../__testUtils__/mocks';
import { DeploymentStore } from '../history/DeploymentStore';
import { ImageFiller } from '../history/ImageFiller';
import { DistanceReader } from './DistanceReader';

const ORDERS = 'component:default/orders';
const REPOSITORY = 'https://git.example.com/shop/orders';

const deployment = (environment: string, version?: string): Deployment => ({
  id: environment,
  name: `orders-${environment}`,
  environment,
  version,
  revision: 'head',
  state: 'healthy',
  sync: 'synced',
  health: 'healthy',
  images: [],
  drifted: 0,
  behind: false,
  source: 'argocd/main',
});

describe('the distance between environments', () => {
  const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
  const compare = jest.fn();
  const images = jest.fn();
  let reader: DistanceReader;
  let filler: ImageFiller;
  let store: DeploymentStore;

  const signal = () => new AbortController().signal;
  const read = (from: Deployment, to: Deployment, repository = REPOSITORY) =>
    reader.read(ORDERS, { from, to, repository }, signal());

  beforeEach(async () => {
    const knex = await databases.init('POSTGRES_18');
    await knex.migrate.latest({
      directory: resolvePackagePath(
        '@waystone/plugin-delivery-backend',
        'migrations',
      ),
    });
    store = DeploymentStore.create({ knex });
    const source = Object.assign(new MockDeliverySource(), { images });
    source.set(mockDeployment({ name: 'orders' }));
    // 1.0.0 came with c1 and stayed with c2; 1.1.0 came with c3, 1.2.0 with c4.
    images.mockReset().mockImplementation(async (_, revision: string) => {
      const tag = { c1: '1.0.0', c2: '1.0.0', c3: '1.1.0', c4: '1.2.0' }[
        revision
      ];
      if (!tag) {
        throw new Error('gone');
      }
      return [`r.example/orders:${tag}`];
    });
    compare.mockReset().mockResolvedValue({
      commits: [
        {
          sha: 'c4',
          message: 'Add an index\n\nIt was slow.',
          author: { name: 'Maya', email: 'maya@example.com' },
          authoredAt: '2026-01-01T00:00:00Z',
          committedAt: '2026-01-01T00:00:00Z',
          parents: [],
          url: `${REPOSITORY}/commit/c4`,
        },
      ],
      totalCommits: 3,
    });
    await store.record(
      ['gone', 'c1', 'c2', 'c3', 'c4'].map((revision, index) => ({
        source: 'argocd/main',
        deployment: 'argocd/orders',
        name: 'orders-staging',
        entityRef: ORDERS,
        environment: 'staging',
        startedAt: `2026-01-0${index + 1}T00:00:00.000Z`,
        outcome: 'succeeded' as const,
        revision,
      })),
    );
    filler = ImageFiller.create({ sources: [source], store });
    reader = DistanceReader.create({
      filler,
      store,
      forges: {
        forges: [
          {
            parseUrl: (url: string) =>
              url === REPOSITORY
                ? { owner: 'shop', name: 'orders' }
                : undefined,
            compare,
          },
        ],
      } as unknown as ForgeService,
    });
  });

  it('is counted from the commit that brought the version there to the one that brought it here', async () => {
    const answer = await read(
      deployment('staging', '1.2.0'),
      deployment('production', '1.0.0'),
    );
    expect(answer).toEqual({
      items: [
        {
          revision: 'c4',
          author: 'Maya',
          message: 'Add an index',
          at: '2026-01-01T00:00:00.000Z',
          url: `${REPOSITORY}/commit/c4`,
        },
      ],
      totalItems: 3,
    });
    expect(compare).toHaveBeenCalledWith(
      { owner: 'shop', name: 'orders' },
      'c1',
      'c4',
      expect.anything(),
    );
    await read(
      deployment('staging', '1.2.0'),
      deployment('production', '1.0.0'),
    );
    expect(compare).toHaveBeenCalledTimes(1);
  });

  it('is none between equal versions, and unknown without a forge', async () => {
    expect(
      await read(
        deployment('staging', '1.2.0'),
        deployment('production', '1.2.0'),
      ),
    ).toEqual({ items: [], totalItems: 0 });
    expect(
      await read(
        deployment('staging', '1.2.0'),
        deployment('production', '1.0.0'),
        'https://elsewhere.example/x',
      ),
    ).toEqual({ items: [], reason: expect.stringContaining('not connected') });
    expect(compare).not.toHaveBeenCalled();
  });

  it('finds out past images once, and does not ask again for what is gone', async () => {
    await Promise.all([filler.fill(ORDERS), filler.fill(ORDERS)]);
    await filler.fill(ORDERS);
    expect(images).toHaveBeenCalledTimes(5);
    const { items } = await store.list(ORDERS, { limit: 10 });
    expect(items.map(({ version }) => version)).toEqual([
      '1.2.0',
      '1.1.0',
      '1.0.0',
      '1.0.0',
      undefined,
    ]);
  });
});
