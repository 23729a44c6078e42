import {
  mockServices,
  ServiceFactoryTester,
} from '@backstage/backend-test-utils';
import {
  createServiceFactory,
  createServiceRef,
} from '@backstage/backend-plugin-api';
import { DefaultUpstreamRegistry } from '../core/DefaultUpstreamRegistry';
import { upstreamRegistryServiceRef } from '../core/upstreamRegistryServiceRef';
import type { ForgeService } from './ForgeService';
import { forgesServiceRef } from './serviceRef';

const readerRef = createServiceRef<{ forges: ForgeService }>({
  id: 'test.reader',
  scope: 'root',
});

describe('forgesServiceRef', () => {
  it('makes a forge of each integration with credentials, and finds them by URL', async () => {
    const registry = new DefaultUpstreamRegistry();
    const reader = createServiceFactory({
      service: readerRef,
      deps: { forges: forgesServiceRef },
      factory: ({ forges }) => ({ forges }),
    });
    const tester = ServiceFactoryTester.from(reader, {
      dependencies: [
        createServiceFactory({
          service: upstreamRegistryServiceRef,
          deps: {},
          factory: () => registry,
        }),
        mockServices.rootConfig.factory({
          data: {
            integrations: {
              gitea: [
                {
                  host: 'localhost:7008',
                  baseUrl: 'http://localhost:7008/gitea',
                  username: 'waystone',
                  password: 'a-secret-of-the-test',
                },
                { host: 'read-only.example.com' },
              ],
              github: [{ host: 'github.com', token: 'another-secret' }],
            },
          },
        }),
      ],
    });
    const { forges } = await tester.getSubject();

    expect(
      forges.forges.map(({ system, instance }) => [system, instance]),
    ).toEqual([
      ['gitea', 'localhost:7008'],
      ['github', 'github.com'],
    ]);
    expect(registry.list().map(({ url }) => url)).toEqual([
      'http://localhost:7008/gitea',
      'https://github.com',
    ]);
    const found = forges.forUrl(
      'http://localhost:7008/gitea/fernway/order-service/src/branch/main/',
    );
    expect(found.repository).toEqual({
      owner: 'fernway',
      name: 'order-service',
    });
    expect(found.forge).toBe(forges.get('localhost:7008'));
    expect(
      forges.forUrl('https://github.com/acme/shop.git').repository,
    ).toEqual({ owner: 'acme', name: 'shop' });
    for (const url of [
      'http://localhost:7008/other/fernway/order-service',
      'https://github.com.evil.example/acme/shop',
      'https://github.com/acme',
      'nothing',
    ]) {
      expect(() => forges.forUrl(url)).toThrow('No Git forge');
    }
    expect(() =>
      forges.forUrl('https://user:secret-in-url@x.example/a/b?token=t'),
    ).toThrow(/^(?!.*(secret-in-url|token)).*$/);
  });
});
