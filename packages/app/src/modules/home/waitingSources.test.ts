import {
  identityApiRef,
  translationApiRef,
} from '@backstage/frontend-plugin-api';
import type { ApiHolder } from '@backstage/frontend-plugin-api';
import {
  createExtensionTester,
  mockApis,
} from '@backstage/frontend-test-utils';
import { notificationsApiRef } from '@backstage/plugin-notifications';
import { scaffolderApiRef } from '@backstage/plugin-scaffolder-react';
import { inboxSourceDataRef } from '@waystone/plugin-inbox-react';
import { notificationsSource, templateRunsSource } from './waitingSources';

const hoursAgo = (hours: number) =>
  new Date(Date.now() - hours * 3_600_000).toISOString();

const task = (id: string, status: string, createdAt: string, ref = 'me') => ({
  id,
  status,
  createdAt,
  spec: {
    user: { ref: `user:default/${ref}` },
    templateInfo: { entityRef: 'template:default/service' },
  },
});

function holderOf(
  ...apis: (readonly [{ readonly id: string }, unknown])[]
): ApiHolder {
  const found = new Map(apis.map(([{ id }, api]) => [id, api]));
  return { get: ref => found.get(ref.id) as never };
}

const ask = (type: 'me' | 'team') => ({
  apis: holderOf(
    [translationApiRef, mockApis.translation()],
    [identityApiRef, mockApis.identity({ userEntityRef: 'user:default/me' })],
    [
      notificationsApiRef,
      {
        getNotifications: async () => ({
          notifications: [
            {
              id: 'n',
              created: new Date('2026-11-01T09:00:00Z'),
              payload: { title: 'Read me', severity: 'critical', topic: 'x' },
            },
          ],
        }),
      } as never,
    ],
    [
      scaffolderApiRef,
      {
        listTasks: async () => ({
          tasks: [
            task('running', 'processing', hoursAgo(1)),
            task('failed', 'failed', hoursAgo(2)),
            task('forgotten', 'failed', hoursAgo(30)),
            task('done', 'completed', hoursAgo(1)),
            task('other', 'failed', hoursAgo(1), 'somebody'),
          ],
        }),
      } as never,
    ],
  ),
  audience:
    type === 'me'
      ? ({ type } as const)
      : ({ type, entityRef: 'group:default/shop' } as const),
  owners: ['user:default/me'],
  limit: 10,
  signal: new AbortController().signal,
});

describe('what waits for a person', () => {
  it('has unread notifications with their topics', async () => {
    const { read } =
      createExtensionTester(notificationsSource).get(inboxSourceDataRef);
    expect(await read(ask('me'))).toEqual([
      {
        id: 'n',
        title: 'Read me',
        link: '/notifications',
        since: '2026-11-01T09:00:00.000Z',
        state: 'critical',
        topic: 'x',
      },
    ]);
    expect(await read(ask('team'))).toEqual([]);
  });
  it('has template runs of the person that go on or failed within a day', async () => {
    const { read } =
      createExtensionTester(templateRunsSource).get(inboxSourceDataRef);
    expect(await read(ask('me'))).toMatchObject([
      { id: 'running', state: 'progressing', detail: 'running' },
      { id: 'failed', state: 'critical', link: '/create/tasks/failed' },
    ]);
    expect(await read(ask('team'))).toEqual([]);
  });
});
