import { translationApiRef } from '@backstage/frontend-plugin-api';
import type { ApiHolder } from '@backstage/frontend-plugin-api';
import {
  createExtensionTester,
  mockApis,
} from '@backstage/frontend-test-utils';
import { inboxSourceDataRef } from '@waystone/plugin-inbox-react';
import type { InboxAudience } from '@waystone/plugin-inbox-react';
import { catalogProblemsApiRef } from './CatalogProblemsClient';
import { problemsInbox } from './problemsInbox';

async function read(audience: InboxAudience) {
  const list = jest.fn(async () => ({
    items: [
      {
        entityRef: 'location:default/generated-1',
        subjectRef: 'component:default/shop',
        id: 'processing-failed',
        message: 'It could not be taken.',
        since: '2026-11-01T10:00:00.000Z',
      },
    ],
  }));
  const apis = new Map<string, unknown>([
    [catalogProblemsApiRef.id, { list }],
    [translationApiRef.id, mockApis.translation()],
  ]);
  const items = await createExtensionTester(problemsInbox)
    .get(inboxSourceDataRef)
    .read({
      apis: { get: ref => apis.get(ref.id) } as ApiHolder,
      audience,
      owners: ['group:default/orders'],
      limit: 5,
      signal: new AbortController().signal,
    });
  return { list, items };
}

describe('problemsInbox', () => {
  it('should have errors of what a person owns, by the names that people know', async () => {
    const { items, list } = await read({ type: 'me' });
    expect(items).toEqual([
      {
        id: 'location:default/generated-1 processing-failed',
        state: 'critical',
        title: 'shop: an error in its catalog entry',
        detail: 'It could not be taken.',
        since: '2026-11-01T10:00:00.000Z',
        link: '/catalog/default/component/shop',
        entityRef: 'component:default/shop',
      },
    ]);
    expect(list).toHaveBeenCalledWith(
      { mine: true, severity: 'error', limit: 5 },
      expect.any(AbortSignal),
    );
  });

  it('should have errors of what a team owns', async () => {
    const { list } = await read({
      type: 'team',
      entityRef: 'group:default/orders',
    });
    expect(list).toHaveBeenCalledWith(
      { owner: 'group:default/orders', severity: 'error', limit: 5 },
      expect.any(AbortSignal),
    );
  });
});
