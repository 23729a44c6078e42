import { fetchApiRef, identityApiRef } from '@backstage/frontend-plugin-api';
import { mockApis, TestApiProvider } from '@backstage/frontend-test-utils';
import { notificationsApiRef } from '@backstage/plugin-notifications';
import { scaffolderApiRef } from '@backstage/plugin-scaffolder-react';
import type { ProblemsResponse } from '@waystone/plugin-catalog-overview-common';
import { renderHook, waitFor } from '@testing-library/react';
import { useWaitingForMe } from './useWaitingForMe';

const notification = (id: string, topic?: string) => ({
  id,
  created: new Date('2026-11-01T09:00:00Z'),
  payload: { title: `Notification ${id}`, topic },
});

const problems: ProblemsResponse = {
  items: [
    {
      entityRef: 'location:default/generated-1',
      subjectRef: 'component:default/shop',
      id: 'processing-failed',
      severity: 'error',
      message: 'It could not be taken.',
      owners: ['group:default/orders'],
      since: '2026-11-01T10:00:00.000Z',
    },
  ],
  totalItems: 1,
  pageInfo: {},
  summary: { errors: 1, warnings: 0, kinds: [], owners: [], everybody: false },
};

const feedback = {
  items: [
    {
      entityRef: 'component:default/shop',
      title: 'Shop',
      open: 2,
      latestAt: '2026-11-01T09:30:00.000Z',
    },
  ],
  totalItems: 1,
};

function render(answer: (url: string) => Promise<Response>) {
  const fetch = jest.fn((input: unknown) => answer(String(input)));
  const { result } = renderHook(() => useWaitingForMe(), {
    wrapper: ({ children }) => (
      <TestApiProvider
        apis={[
          [fetchApiRef, { fetch }],
          [
            identityApiRef,
            mockApis.identity({ userEntityRef: 'user:default/maya' }),
          ],
          [
            notificationsApiRef,
            {
              getNotifications: async () => ({
                notifications: [
                  notification('a'),
                  notification('b', 'catalog-problem'),
                ],
              }),
            } as never,
          ],
          [
            scaffolderApiRef,
            { listTasks: async () => ({ tasks: [] }) } as never,
          ],
        ]}
      >
        {children}
      </TestApiProvider>
    ),
  });
  return { fetch, result };
}

describe('useWaitingForMe', () => {
  it('lists errors in what one owns and feedback on its docs, without the notifications of the same', async () => {
    const { fetch, result } = render(
      async url =>
        new Response(
          JSON.stringify(url.includes('feedback') ? feedback : problems),
        ),
    );
    await waitFor(() => expect(result.current.value).toBeDefined());
    expect(result.current.value).toMatchObject([
      {
        title: 'shop',
        detail: 'It could not be taken.',
        link: '/catalog/default/component/shop',
        since: '2026-11-01T10:00:00.000Z',
        state: 'critical',
      },
      {
        title: 'Shop',
        count: 2,
        link: '/docs-feedback/default/component/shop',
        since: '2026-11-01T09:30:00.000Z',
        state: 'attention',
      },
      { id: 'notification:a' },
    ]);
    expect(fetch).toHaveBeenCalledWith(
      'plugin://catalog/waystone/problems?mine=true&severity=error&limit=6',
    );
  });

  it('keeps the rest when problems can not be read', async () => {
    const { result } = render(async () => new Response('', { status: 503 }));
    await waitFor(() => expect(result.current.value).toHaveLength(2));
  });
});
