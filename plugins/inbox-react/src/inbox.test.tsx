import { ForwardedError, NotAllowedError } from '@backstage/errors';
import { identityApiRef } from '@backstage/frontend-plugin-api';
import {
  mockApis,
  renderInTestApp,
  TestApiProvider,
} from '@backstage/frontend-test-utils';
import { act, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { inboxApiRef } from './inboxApi';
import { InboxList } from './InboxList';
import type { InboxAudience, InboxItem, InboxSource } from './InboxSource';
import { useInbox } from './useInbox';

function Page(props: { readonly audience?: InboxAudience }) {
  const inbox = useInbox(props.audience ?? { type: 'me' });
  return (
    <InboxList
      inbox={inbox}
      most={4}
      empty={{ title: 'Nothing waits', help: 'All is well.' }}
    />
  );
}

function show(sources: InboxSource[], audience?: InboxAudience) {
  return renderInTestApp(
    <TestApiProvider
      apis={[
        [inboxApiRef, { sources }],
        [
          identityApiRef,
          mockApis.identity({
            userEntityRef: 'user:default/ada',
            ownershipEntityRefs: ['user:default/ada', 'group:default/shop'],
          }),
        ],
      ]}
    >
      <Page audience={audience} />
    </TestApiProvider>,
  );
}

const item = (id: string, more: Partial<InboxItem> = {}): InboxItem => ({
  id,
  title: id,
  state: 'attention',
  link: `/${id}`,
  ...more,
});

const source = (
  id: string,
  read: InboxSource['read'],
  topics?: string[],
): InboxSource => ({ id, title: `Title of ${id}`, read, topics });

const titles = async () =>
  (await screen.findAllByRole('link')).map(
    link => link.querySelector('span[title]')?.textContent,
  );

describe('inbox', () => {
  it('should show the worst first, of these the newest, and the rest when asked', async () => {
    await show([
      source('a', async () => [
        item('old', { since: '2026-01-01T00:00:00Z' }),
        item('running', { state: 'progressing' }),
        item('new', { since: '2026-02-01T00:00:00Z' }),
        item('undated'),
      ]),
      source('b', async () => [
        item('broken', { state: 'critical', since: '2025-01-01T00:00:00Z' }),
      ]),
    ]);
    await screen.findByRole('link', { name: /broken/ });
    expect(await titles()).toEqual(['broken', 'new', 'old', 'undated']);
    const first = screen.getByRole('link', { name: /broken/ });
    expect(first).toHaveAttribute('href', '/broken');
    expect(within(first).getByRole('img', { name: 'Critical' })).toBeVisible();
    expect(first).toHaveTextContent('Title of b');

    await userEvent.click(screen.getByRole('button', { name: 'Show 1 more' }));
    expect((await titles()).at(-1)).toBe('running');
  });

  it('should name what can not be read and keep the rest', async () => {
    let works = false;
    await show([
      source('good', async () => [item('one')]),
      source('bad', async () => {
        if (!works) {
          throw new ForwardedError('It broke', new Error('no route to host'));
        }
        return [item('two')];
      }),
      source('refused', async () => {
        throw Object.assign(new NotAllowedError('No'), { statusCode: 403 });
      }),
      source('slow', () => new Promise(() => {})),
    ]);
    const failure = await screen.findByRole('alert');
    expect(failure).toHaveTextContent(
      /Title of bad can not be read now.*It broke/,
    );
    expect(screen.getByRole('link', { name: /one/ })).toBeVisible();
    expect(screen.getByRole('status')).toHaveTextContent(
      'Still reading: Title of slow',
    );

    works = true;
    await userEvent.click(
      screen.getByRole('button', { name: 'Try again to read Title of bad' }),
    );
    expect(await screen.findByRole('link', { name: /two/ })).toBeVisible();
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
  });

  it('should say that nothing waits, unless something could not be read', async () => {
    const { unmount } = await show([source('a', async () => [])]);
    expect(await screen.findByText('Nothing waits')).toBeVisible();
    unmount();

    await show([
      source('a', async () => []),
      source('b', () => Promise.reject(new Error('down'))),
    ]);
    expect(await screen.findByText(/Nothing else waits/)).toBeVisible();
    expect(screen.queryByText('Nothing waits')).not.toBeInTheDocument();
  });

  it('should give up on a source that does not answer', async () => {
    jest.useFakeTimers({ advanceTimers: true });
    try {
      await show([source('slow', () => new Promise(() => {}))]);
      await act(async () => {
        jest.advanceTimersByTime(15_000);
      });
      expect(await screen.findByRole('alert')).toHaveTextContent(
        'It did not answer within 15 seconds.',
      );
    } finally {
      jest.useRealTimers();
    }
  });

  it('should leave out notifications of what a source says itself', async () => {
    const notifications = source('notifications', async () => [
      item('told', { topic: 'deployments' }),
      item('linked', { topic: '', link: '/down' }),
      item('other', { topic: '' }),
      item('untold', { topic: 'backups' }),
    ]);
    await show([
      notifications,
      source('deployments', async () => [item('down')], ['deployments']),
      source('backups', () => Promise.reject(new Error('down')), ['backups']),
    ]);
    await screen.findByRole('alert');
    expect((await titles()).sort()).toEqual(['down', 'other', 'untold']);
  });

  it('should ask for the person with all groups, or for one team', async () => {
    const read = jest.fn<Promise<InboxItem[]>, Parameters<InboxSource['read']>>(
      async () => [],
    );
    const { unmount } = await show([source('a', read)]);
    await screen.findByText('Nothing waits');
    expect(read.mock.lastCall?.[0]).toMatchObject({
      audience: { type: 'me' },
      owners: ['user:default/ada', 'group:default/shop'],
    });
    unmount();

    const team = { type: 'team', entityRef: 'group:default/crew' } as const;
    await show([source('a', read)], team);
    await screen.findByText('Nothing waits');
    expect(read.mock.lastCall?.[0]).toMatchObject({
      audience: team,
      owners: ['group:default/crew'],
    });
  });
});
