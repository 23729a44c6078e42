import { translationApiRef } from '@backstage/frontend-plugin-api';
import type { ApiHolder } from '@backstage/frontend-plugin-api';
import {
  createExtensionTester,
  mockApis,
} from '@backstage/frontend-test-utils';
import { inboxSourceDataRef } from '@waystone/plugin-inbox-react';
import type { InboxAudience } from '@waystone/plugin-inbox-react';
import { infrastructureApiRef } from '../api/InfrastructureClient';
import { infrastructureInbox } from './infrastructureInbox';

const request = (id: string, status: string) => ({
  id,
  status,
  offeringTitle: 'PostgreSQL',
  name: id,
  environment: 'production',
  statusReason: `${id} ${status}`,
  statusSince: '2026-11-01T09:00:00Z',
  entityRef: `resource:default/${id}`,
});

async function read(audience: InboxAudience, owners: string[]) {
  const asked: string[] = [];
  const apis = new Map<string, unknown>([
    [translationApiRef.id, mockApis.translation()],
    [
      infrastructureApiRef.id,
      {
        listRequests: async (query: URLSearchParams) => {
          asked.push(String(query));
          const status = query.get('status') ?? 'awaiting-approval';
          return { items: [request(`db-${asked.length}`, status)] };
        },
      },
    ],
  ]);
  const items = await createExtensionTester(infrastructureInbox)
    .get(inboxSourceDataRef)
    .read({
      apis: { get: ref => apis.get(ref.id) } as ApiHolder,
      audience,
      owners,
      limit: 5,
      signal: new AbortController().signal,
    });
  return { asked, items };
}

describe('infrastructureInbox', () => {
  it('should have what a person may decide on, and what failed', async () => {
    const { asked, items } = await read({ type: 'me' }, ['user:default/ada']);
    expect(asked).toEqual([
      'decidable=true&limit=5',
      'owner=user%3Adefault%2Fada&status=failed&limit=5',
    ]);
    expect(items).toMatchObject([
      {
        state: 'critical',
        title: "PostgreSQL 'db-2' in production failed",
        detail: 'db-2 failed',
        link: '/infrastructure/requests/db-2',
      },
      {
        state: 'attention',
        title: "PostgreSQL 'db-1' in production waits for approval",
      },
    ]);
  });

  it('should have what waits for a decision on what a team asked for', async () => {
    const entityRef = 'group:default/shop';
    const { asked } = await read({ type: 'team', entityRef }, [entityRef]);
    expect(asked[0]).toBe(
      'owner=group%3Adefault%2Fshop&status=awaiting-approval&limit=5',
    );
  });
});
