import {
  renderInTestApp,
  TestApiProvider,
} from '@backstage/frontend-test-utils';
import { entityRouteRef } from '@backstage/plugin-catalog-react';
import { EntityProvider } from '@backstage/plugin-catalog-react';
import type { AuditEvent } from '@waystone/plugin-audit-common';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { AuditApi } from '../api/AuditClient';
import { auditApiRef } from '../api/AuditClient';
import { AuditTab } from '../entity/AuditTab';
import { AuditPage } from './AuditPage';

const event = (changes: Partial<AuditEvent> = {}): AuditEvent => ({
  id: '1',
  action: 'a',
  occurredAt: '2026-01-02T03:04:05.000Z',
  storedAt: '2026-01-02T03:04:05.000Z',
  plugin: 'infrastructure',
  eventId: 'request-approve',
  severity: 'medium',
  outcome: 'succeeded',
  actor: 'user:default/maya',
  actorType: 'user',
  entityRefs: ['component:default/orders', 'group:default/shop'],
  ip: '192.0.2.7',
  meta: { request: '42' },
  ...changes,
});

const mockApi = (changes: Partial<AuditApi> = {}): jest.Mocked<AuditApi> =>
  ({
    list: jest.fn(async () => ({
      items: [event()],
      pageInfo: {},
      totalItems: 1,
      totalIsLeast: false,
    })),
    listOfEntity: jest.fn(async () => ({ items: [event()], pageInfo: {} })),
    get: jest.fn(async () => event()),
    facets: jest.fn(async () => ({
      items: [{ plugin: 'infrastructure', eventId: 'request-approve' }],
    })),
    status: jest.fn(async () => ({
      waiting: 0,
      notStored: 0,
      chains: [],
      retention: { changes: 'P13M', reads: 'P30D' },
    })),
    export: jest.fn(async () => new Blob(['x'])),
    ...changes,
  } as jest.Mocked<AuditApi>);

const denied = Object.assign(new Error('Request failed'), {
  statusCode: 403,
  body: {
    error: {
      message: 'You lack the permission audit.entity.read; its owners have it',
    },
  },
});

const renderPage = (api: AuditApi, path = '/') =>
  renderInTestApp(
    <TestApiProvider apis={[[auditApiRef, api]]}>
      <AuditPage />
    </TestApiProvider>,
    {
      initialRouteEntries: [path],
      mountedRoutes: {
        '/catalog/:namespace/:kind/:name': entityRouteRef,
      },
    },
  );

describe('AuditPage', () => {
  it('should ask for what the address says, and show what there is of it', async () => {
    const api = mockApi();
    await renderPage(
      api,
      '/?actor=maya&plugin=infrastructure&outcome=failed&entity=component:default/orders&q=db&reads=true',
    );
    const row = within(await screen.findByRole('table')).getAllByRole('row')[1];
    expect(row).toHaveTextContent(/Request approveinfrastructure/);
    expect(row).toHaveTextContent('Succeeded');
    expect(row).toHaveTextContent('and 1 more');
    expect(within(row).getByRole('link', { name: 'maya' })).toHaveAttribute(
      'href',
      '/catalog/default/user/maya',
    );
    expect(screen.getByText('1 event')).toBeInTheDocument();
    expect(api.list).toHaveBeenCalledWith(
      {
        actor: 'maya',
        plugin: 'infrastructure',
        outcome: 'failed',
        entity: 'component:default/orders',
        q: 'db',
        reads: 'true',
      },
      undefined,
      expect.any(AbortSignal),
    );
  });

  it('should read a time that counts back as a moment, once', async () => {
    const api = mockApi();
    await renderPage(api, '/?since=day');
    await screen.findByRole('table');
    const [[{ from }]] = api.list.mock.calls;
    const ago = Date.now() - Date.parse(from!);
    expect(Math.round(ago / 3600 / 1000)).toBe(24);
    expect(api.list).toHaveBeenCalledTimes(1);
  });

  it('should go on where the page before ended', async () => {
    const api = mockApi();
    api.list.mockResolvedValueOnce({
      items: [event()],
      pageInfo: { nextCursor: 'next' },
      totalItems: 1000,
      totalIsLeast: true,
    });
    api.list.mockResolvedValueOnce({
      items: [event({ id: '2', eventId: 'request-reject' })],
      pageInfo: {},
    });
    await renderPage(api);
    expect(await screen.findByText('More than 1,000 events')).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Show more' }));
    expect(
      await screen.findByRole('button', { name: 'Show Request reject' }),
    ).toBeVisible();
    expect(
      screen.getByRole('button', { name: 'Show Request approve' }),
    ).toBeVisible();
    expect(api.list.mock.lastCall?.[1]).toBe('next');
  });

  it('should show all of an event, and lead to others of the same person', async () => {
    const api = mockApi();
    await renderPage(api);
    await userEvent.click(
      await screen.findByRole('button', { name: 'Show Request approve' }),
    );
    const dialog = await screen.findByRole('dialog');
    expect(await within(dialog).findByText('192.0.2.7')).toBeVisible();
    expect(within(dialog).getByText(/"request": "42"/)).toBeVisible();
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'All by maya' }),
    );
    await waitFor(() =>
      expect(api.list.mock.lastCall?.[0].actor).toBe('user:default/maya'),
    );
    expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
  });

  it('should export what the filters leave', async () => {
    const api = mockApi();
    URL.createObjectURL = jest.fn(() => 'blob:a');
    URL.revokeObjectURL = jest.fn();
    jest.spyOn(HTMLAnchorElement.prototype, 'click').mockReturnValue();
    await renderPage(api, '/?outcome=failed');
    await userEvent.click(
      await screen.findByRole('button', { name: 'Export JSON' }),
    );
    await waitFor(() => expect(URL.createObjectURL).toHaveBeenCalled());
    expect(api.export).toHaveBeenCalledWith(
      expect.objectContaining({ outcome: 'failed' }),
      'json',
    );
  });

  it('should say what is wrong with the audit itself', async () => {
    const api = mockApi();
    api.status.mockResolvedValue({
      waiting: 3,
      notStored: 2,
      failingSince: '2026-01-02T03:04:05.000Z',
      chains: [
        {
          stream: 'changes',
          checkedAt: '2026-01-02T03:04:05.000Z',
          events: 5,
          intact: false,
          problem: 'Event 3 was changed',
        },
      ],
      retention: { changes: 'P13M', reads: 'P30D' },
    });
    await renderPage(api);
    expect(await screen.findByText(/Event 3 was changed/)).toBeVisible();
    expect(screen.getByText(/3 wait in memory/)).toBeVisible();
    expect(screen.getByText('2 events were not stored')).toBeVisible();
  });

  it('should offer the way back from filters that leave nothing', async () => {
    const api = mockApi();
    api.list.mockResolvedValueOnce({
      items: [],
      pageInfo: {},
      totalItems: 0,
    });
    await renderPage(api, '/?q=nothing');
    expect(await screen.findByText('No event matches')).toBeVisible();
    await userEvent.click(
      screen.getByRole('button', { name: 'Clear filters' }),
    );
    expect(await screen.findByRole('table')).toBeVisible();
  });
});

describe('AuditTab', () => {
  const renderTab = (api: AuditApi) =>
    renderInTestApp(
      <TestApiProvider apis={[[auditApiRef, api]]}>
        <EntityProvider
          entity={{
            apiVersion: 'backstage.io/v1alpha1',
            kind: 'Component',
            metadata: { name: 'orders', namespace: 'default' },
          }}
        >
          <AuditTab />
        </EntityProvider>
      </TestApiProvider>,
      {
        mountedRoutes: {
          '/catalog/:namespace/:kind/:name': entityRouteRef,
        },
      },
    );

  it('should show owners what was done', async () => {
    const api = mockApi();
    await renderTab(api);
    expect(await screen.findByText('Request approve')).toBeVisible();
    expect(api.listOfEntity.mock.calls[0][0]).toBe('component:default/orders');
  });

  it('should tell others what they lack and who has it', async () => {
    await renderTab(
      mockApi({
        listOfEntity: async () => {
          throw denied;
        },
      }),
    );
    expect(await screen.findByText('You may not see this')).toBeVisible();
    expect(screen.getByText(/audit\.entity\.read; its owners/)).toBeVisible();
  });
});
