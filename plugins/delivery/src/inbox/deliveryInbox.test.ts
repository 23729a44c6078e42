import { translationApiRef } from '@backstage/frontend-plugin-api';
import type { ApiHolder } from '@backstage/frontend-plugin-api';
import {
  createExtensionTester,
  mockApis,
} from '@backstage/frontend-test-utils';
import { inboxSourceDataRef } from '@waystone/plugin-inbox-react';
import { deliveryApiRef } from '../api/DeliveryClient';
import { deliveryInbox } from './deliveryInbox';

describe('deliveryInbox', () => {
  it('should have each deployment that does not work, of the services asked for', async () => {
    const listServices = jest.fn(async () => ({
      environments: [
        { name: 'prod', title: 'Production', protected: true },
        { name: 'test', title: 'Test', protected: false },
      ],
      items: [
        {
          entityRef: 'component:default/shop',
          title: 'Shop',
          deployments: [
            { id: 'a', environment: 'test', state: 'healthy' },
            {
              id: 'b',
              environment: 'prod',
              state: 'critical',
              reason: 'It crashes.',
              healthSince: '2026-11-01T09:00:00Z',
            },
          ],
        },
      ],
    }));
    const apis = new Map<string, unknown>([
      [deliveryApiRef.id, { listServices }],
      [translationApiRef.id, mockApis.translation()],
    ]);
    const { read } =
      createExtensionTester(deliveryInbox).get(inboxSourceDataRef);
    const { signal } = new AbortController();
    expect(
      await read({
        apis: { get: ref => apis.get(ref.id) } as ApiHolder,
        audience: { type: 'me' },
        owners: ['user:default/ada', 'group:default/shop'],
        limit: 5,
        signal,
      }),
    ).toEqual([
      {
        id: 'b',
        state: 'critical',
        title: 'Shop does not work in Production',
        detail: 'It crashes.',
        since: '2026-11-01T09:00:00Z',
        link: '/catalog/default/component/shop/delivery?why=prod',
        entityRef: 'component:default/shop',
      },
    ]);
    expect(listServices).toHaveBeenCalledWith(
      {
        owner: ['user:default/ada', 'group:default/shop'],
        state: ['critical'],
        limit: 5,
      },
      signal,
    );
  });
});
