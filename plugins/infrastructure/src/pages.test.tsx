import {
  mockApis,
  renderInTestApp,
  TestApiProvider,
} from '@backstage/frontend-test-utils';
import { identityApiRef } from '@backstage/frontend-plugin-api';
import {
  EntityProvider,
  entityRouteRef,
} from '@backstage/plugin-catalog-react';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type {
  InfrastructureRequest,
  RequestDetail,
} from '@waystone/plugin-infrastructure-common';
import type { ReactNode } from 'react';
import { Route, Routes } from 'react-router-dom';
import { infrastructureApiRef } from './api/InfrastructureClient';
import type { InfrastructureApi } from './api/InfrastructureClient';
import { InfrastructureCard } from './card/InfrastructureCard';
import { ResourceCard } from './card/ResourceCard';
import { RequestDetailPage } from './detail/RequestDetailPage';
import { ApprovalsPage } from './requests/ApprovalsPage';
import { RequestsPage } from './requests/RequestsPage';

jest.setTimeout(30_000);

const ID = '4f0b5f5e-7a39-4f46-8b0d-0a4b8f0b2f5d';

const database: InfrastructureRequest = {
  id: ID,
  version: 3,
  offering: 'postgresqlinstances.platform.waystone.dev',
  offeringTitle: 'PostgreSQL',
  kind: 'PostgreSQLInstance',
  name: 'orders-db',
  environment: 'development',
  cluster: 'nonprod',
  namespace: 'ordering-development',
  system: 'ordering',
  owner: 'group:default/orders',
  requester: 'user:default/maya',
  parameters: { size: 'small' },
  status: 'ready',
  statusSince: '2026-03-01T10:00:00.000Z',
  approvers: [],
  deletionProtection: false,
  entityRef: 'resource:default/orders-db-development',
  hasBackups: true,
  createdAt: '2026-03-01T09:59:00.000Z',
  readyAt: '2026-03-01T10:00:00.000Z',
};

const detail: RequestDetail = {
  ...database,
  actions: {
    update: true,
    delete: true,
    decide: false,
    reveal: true,
    retry: false,
    backUp: true,
    rotate: true,
  },
};

const listOf = (items: InfrastructureRequest[]) => ({
  items,
  pageInfo: {},
  totalItems: items.length,
});

function render(
  page: ReactNode,
  api: Partial<Record<keyof InfrastructureApi, jest.Mock>>,
  address = '/',
) {
  renderInTestApp(
    <TestApiProvider
      apis={[
        [infrastructureApiRef, api as unknown as InfrastructureApi],
        [
          identityApiRef,
          mockApis.identity({
            userEntityRef: 'user:default/maya',
            ownershipEntityRefs: ['user:default/maya', 'group:default/orders'],
          }),
        ],
      ]}
    >
      {page}
    </TestApiProvider>,
    {
      initialRouteEntries: [address],
      mountedRoutes: { '/catalog/:namespace/:kind/:name': entityRouteRef },
      config: {
        waystone: {
          environments: [{ name: 'development', cluster: 'nonprod' }],
        },
      },
    },
  );
}

describe('the list of requests', () => {
  it('asks for what the address says, and for more', async () => {
    const page = Array.from({ length: 50 }, (_, index) => ({
      ...database,
      id: `00000000-0000-4000-8000-0000000000${index + 10}`,
      name: `orders-db-${index}`,
    }));
    const api = {
      listRequests: jest
        .fn()
        .mockImplementation(async (query: URLSearchParams) => ({
          items: query.get('cursor') ? [{ ...database, name: 'last' }] : page,
          pageInfo: query.get('cursor') ? {} : { nextCursor: 'more' },
          totalItems: 51,
        })),
    };
    render(
      <RequestsPage base="/infrastructure" />,
      api,
      '/?status=ready&environment=development&q=ord',
    );
    expect(
      await screen.findByRole('link', { name: 'orders-db-0' }),
    ).toHaveAttribute('href', `/infrastructure/requests/${page[0].id}`);
    expect(Object.fromEntries(api.listRequests.mock.calls[0][0])).toEqual(
      expect.objectContaining({
        status: 'ready',
        environment: 'development',
        q: 'ord',
        owner: 'group:default/orders',
      }),
    );
    expect(screen.getByText('50 of 51 shown')).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Show more' }));
    expect(await screen.findByText('51 of 51 shown')).toBeVisible();
    expect(
      screen.queryByRole('button', { name: 'Show more' }),
    ).not.toBeInTheDocument();
  });

  it('says what is missing', async () => {
    const api = { listRequests: jest.fn().mockResolvedValue(listOf([])) };
    render(<RequestsPage base="/infrastructure" />, api);
    expect(await screen.findByText('No requests')).toBeVisible();
    expect(screen.getByText(/You have requested nothing yet/)).toBeVisible();
  });

  it('says why it could not be read', async () => {
    render(<RequestsPage base="/infrastructure" />, {
      listRequests: jest.fn().mockRejectedValue(new Error('Nobody answers')),
    });
    expect(await screen.findByText('Nobody answers')).toBeVisible();
  });
});

describe('what waits for approval', () => {
  it('shows who asked and why', async () => {
    const api = {
      listRequests: jest.fn().mockResolvedValue(
        listOf([
          {
            ...database,
            status: 'awaiting-approval',
            statusReason: 'Production is protected',
            reason: 'Launch',
          },
        ]),
      ),
    };
    render(<ApprovalsPage base="/infrastructure" />, api);
    expect(
      await screen.findByText('Production is protected · Launch'),
    ).toBeVisible();
    expect(api.listRequests.mock.calls[0][0].get('decidable')).toBe('true');
  });
});

describe('one request', () => {
  const apiOf = (request: RequestDetail) => ({
    getRequest: jest.fn().mockResolvedValue(request),
    listEvents: jest.fn().mockResolvedValue({ items: [], totalItems: 0 }),
    getLiveState: jest.fn().mockResolvedValue({
      objects: [],
      observedAt: '2026-03-01T10:00:00.000Z',
    }),
    getConnection: jest.fn().mockResolvedValue({
      cluster: 'nonprod',
      namespace: 'ordering-development',
      secret: 'orders-db-app',
      keys: ['password'],
      snippets: [],
    }),
    reveal: jest.fn().mockResolvedValue({ key: 'password', value: 'hunter2' }),
    listBackups: jest.fn().mockResolvedValue({
      items: [
        {
          name: 'orders-db-20260301',
          id: '20260301T020000',
          state: 'completed',
          completedAt: '2026-03-01T02:00:00Z',
        },
      ],
      totalItems: 1,
      lastGoodAt: '2026-03-01T02:00:00Z',
      schedule: '0 0 2 * * *',
    }),
    createBackup: jest.fn().mockResolvedValue({}),
    getConsumers: jest.fn().mockResolvedValue({
      dependants: [],
      workloads: [{ kind: 'Deployment', name: 'order-service' }],
    }),
    rotate: jest.fn().mockResolvedValue({}),
    previewDeletion: jest.fn().mockResolvedValue({
      dependants: ['component:default/order-service'],
      workloads: [],
      objects: [{ kind: 'Cluster', name: 'orders-db' }],
      isProtected: false,
      canBackUp: true,
    }),
    remove: jest.fn().mockResolvedValue({}),
  });
  const open = (api: ReturnType<typeof apiOf>) =>
    render(
      <Routes>
        <Route
          path="/requests/:id"
          element={<RequestDetailPage base="/infrastructure" />}
        />
      </Routes>,
      api,
      `/requests/${ID}`,
    );

  it('reveals one value on request and hides it again', async () => {
    const api = apiOf(detail);
    open(api);
    await userEvent.click(
      await screen.findByRole('button', { name: 'Reveal password' }),
    );
    expect(await screen.findByText('hunter2')).toBeVisible();
    expect(api.reveal).toHaveBeenCalledWith(ID, 'password');
    await userEvent.click(
      screen.getByRole('button', { name: 'Hide password' }),
    );
    expect(screen.queryByText('hunter2')).not.toBeInTheDocument();
  });

  it('backs up, and restores to a form that is filled in', async () => {
    const api = apiOf(detail);
    open(api);
    await userEvent.click(
      await screen.findByRole('button', { name: 'Back up now' }),
    );
    expect(api.createBackup).toHaveBeenCalledWith(ID);
    const link = screen.getByRole('link', {
      name: 'Restore orders-db-20260301 to a new instance',
    });
    const query = new URL(link.getAttribute('href')!, 'http://portal')
      .searchParams;
    expect(query.get('name')).toBe('orders-db-restored');
    expect(JSON.parse(query.get('parameters')!)).toEqual({
      size: 'small',
      restoreFrom: { instance: 'orders-db', backupID: '20260301T020000' },
    });
  });

  it('names who reads the credentials before it makes new ones', async () => {
    const api = apiOf(detail);
    open(api);
    await userEvent.click(
      await screen.findByRole('button', { name: 'New credentials' }),
    );
    const dialog = await screen.findByRole('dialog');
    expect(await within(dialog).findByText('order-service')).toBeVisible();
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Make new credentials' }),
    );
    expect(api.rotate).toHaveBeenCalledWith(ID);
  });

  it('deletes once the name is typed, with a last backup', async () => {
    const api = apiOf(detail);
    open(api);
    await userEvent.click(
      await screen.findByRole('button', { name: 'Delete' }),
    );
    const dialog = await screen.findByRole('dialog');
    expect(await within(dialog).findByText('order-service')).toBeVisible();
    const confirm = within(dialog).getByRole('button', {
      name: 'Delete orders-db',
    });
    expect(confirm).toBeDisabled();
    await userEvent.type(within(dialog).getByRole('textbox'), 'orders-db');
    await userEvent.click(confirm);
    expect(api.remove).toHaveBeenCalledWith(ID, 'orders-db', true);
  });

  it('offers nothing to whom it does not belong', async () => {
    open(
      apiOf({
        ...detail,
        actions: {
          update: false,
          delete: false,
          decide: false,
          reveal: false,
          retry: false,
          backUp: false,
          rotate: false,
        },
      }),
    );
    expect(
      await screen.findByText(/Only the team that owns it may see/),
    ).toBeVisible();
    for (const name of ['Delete', 'New credentials', 'Back up now', 'Change']) {
      expect(screen.queryByRole('button', { name })).not.toBeInTheDocument();
    }
  });
});

describe('the cards', () => {
  const entityOf = (
    kind: string,
    annotations: Record<string, string> = {},
  ) => ({
    apiVersion: 'backstage.io/v1alpha1',
    kind,
    metadata: { name: 'order-service', namespace: 'default', annotations },
  });

  it('lists what a component has, without what is gone', async () => {
    const api = {
      listRequests: jest.fn().mockResolvedValue(
        listOf([
          database,
          {
            ...database,
            id: ID.replace('4', '6'),
            name: 'old',
            status: 'deleted',
          },
        ]),
      ),
    };
    render(
      <EntityProvider entity={entityOf('Component')}>
        <InfrastructureCard />
      </EntityProvider>,
      api,
    );
    expect(
      await screen.findByRole('link', { name: 'orders-db' }),
    ).toBeVisible();
    expect(screen.queryByText('old')).not.toBeInTheDocument();
    expect(screen.getByRole('link', { name: 'Request …' })).toHaveAttribute(
      'href',
      expect.stringContaining('component%3Adefault%2Forder-service'),
    );
  });

  it('says how a resource is', async () => {
    const api = { getRequest: jest.fn().mockResolvedValue(detail) };
    render(
      <EntityProvider
        entity={entityOf('Resource', {
          'waystone.dev/infrastructure-request': ID,
        })}
      >
        <ResourceCard />
      </EntityProvider>,
      api,
    );
    expect(await screen.findByText('Ready')).toBeVisible();
    await waitFor(() => expect(api.getRequest.mock.calls[0][0]).toBe(ID));
  });
});
