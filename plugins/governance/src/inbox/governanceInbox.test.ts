import { translationApiRef } from '@backstage/frontend-plugin-api';
import type { ApiHolder } from '@backstage/frontend-plugin-api';
import {
  createExtensionTester,
  mockApis,
} from '@backstage/frontend-test-utils';
import { inboxSourceDataRef } from '@waystone/plugin-inbox-react';
import { governanceApiRef } from '../api/GovernanceClient';
import { governanceInbox } from './governanceInbox';

describe('governanceInbox', () => {
  it('has what is past due, of the services asked for', async () => {
    const listGroups = jest.fn(async (kind: string) => ({
      items:
        kind === 'violations'
          ? []
          : [
              {
                value: 'component:default/shop',
                title: 'Shop',
                count: 2,
                since: '2026-01-01T00:00:00.000Z',
              },
              { value: '', title: '', count: 7 },
            ],
    }));
    const secret = {
      id: 's',
      entityRef: 'component:default/shop',
      title: 'Shop',
      owner: 'group:default/shop',
      path: 'secret/shop',
      rotationDue: '2026-02-01T00:00:00.000Z',
    };
    const findSecrets = jest.fn(async () => ({
      items: [secret, { ...secret, owner: 'group:default/other' }],
    }));
    const apis = new Map<string, unknown>([
      [governanceApiRef.id, { findSecrets, listGroups }],
      [translationApiRef.id, mockApis.translation()],
    ]);
    const { read } =
      createExtensionTester(governanceInbox).get(inboxSourceDataRef);
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
        id: 'vulnerabilities component:default/shop',
        state: 'attention',
        title: 'Shop has 2 vulnerabilities past due',
        since: '2026-01-01T00:00:00.000Z',
        link: '/catalog/default/component/shop/governance',
        entityRef: 'component:default/shop',
      },
      {
        id: 'secret component:default/shop s',
        state: 'attention',
        title: 'A secret of Shop is to be rotated',
        detail: 'secret/shop',
        since: '2026-02-01T00:00:00.000Z',
        link: '/catalog/default/component/shop/governance',
        entityRef: 'component:default/shop',
      },
    ]);
    expect(listGroups).toHaveBeenCalledWith(
      'violations',
      {
        by: 'service',
        owner: ['user:default/ada', 'group:default/shop'],
        overdue: true,
        limit: 5,
      },
      signal,
    );
  });
});
