import { identityApiRef } from '@backstage/frontend-plugin-api';
import {
  mockApis,
  renderInTestApp,
  TestApiProvider,
} from '@backstage/frontend-test-utils';
import { entityRouteRef } from '@backstage/plugin-catalog-react';
import type {
  Deployment,
  Service,
  ServicesResponse,
} from '@waystone/plugin-delivery-common';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { deliveryApiRef } from '../api/DeliveryClient';
import type { DeliveryApi } from '../api/DeliveryClient';
import { FleetPage } from './FleetPage';

// Other tests run beside these.
jest.setTimeout(60_000);

const deployment = (changes: Partial<Deployment> = {}): Deployment => ({
  id: `${changes.environment}`,
  name: 'orders',
  environment: 'development',
  state: 'healthy',
  sync: 'synced',
  health: 'healthy',
  version: '2.0.0',
  images: [],
  drifted: 0,
  behind: false,
  source: 'argocd/main',
  ...changes,
});

const orders: Service = {
  entityRef: 'component:default/orders',
  title: 'orders',
  owner: 'group:default/shop',
  state: 'critical',
  deployments: [
    deployment(),
    deployment({
      environment: 'production',
      version: '1.0.0',
      state: 'critical',
      health: 'degraded',
      reason: 'It crashes.',
      behind: true,
    }),
  ],
};

const response: ServicesResponse = {
  items: [orders],
  totalItems: 1,
  pageInfo: {},
  environments: [
    { name: 'development', title: 'Development', protected: false },
    { name: 'production', title: 'Production', protected: true },
  ],
  summary: {
    states: {
      critical: 1,
      attention: 0,
      progressing: 0,
      unknown: 0,
      healthy: 0,
    },
    drifted: 0,
    behind: 1,
  },
  facets: {
    owners: [{ value: 'group:default/shop', count: 1 }],
    systems: [],
  },
  freshness: [{ source: 'argocd/main', stale: false }],
};

function render(listServices: DeliveryApi['listServices'], path = '/delivery') {
  const api = {
    listServices: jest.fn(listServices),
    findService: jest.fn(),
    listHistory: jest.fn(),
    getDrift: jest.fn(),
    explain: jest.fn(),
    listObjects: jest.fn(),
    listRuns: jest.fn(async () => ({ items: [] })),
    listJobs: jest.fn(),
    listCommits: jest.fn(),
  };
  renderInTestApp(
    <TestApiProvider
      apis={[
        [deliveryApiRef, api],
        [
          identityApiRef,
          mockApis.identity({
            userEntityRef: 'user:default/maya',
            ownershipEntityRefs: ['user:default/maya', 'group:default/shop'],
          }),
        ],
      ]}
    >
      <FleetPage />
    </TestApiProvider>,
    {
      initialRouteEntries: [path],
      mountedRoutes: { '/catalog/:namespace/:kind/:name': entityRouteRef },
    },
  );
  return api;
}

describe('FleetPage', () => {
  it('shows each service with its version in each environment', async () => {
    render(async () => response);
    const table = await screen.findByRole('table', {
      name: 'Services and where they run',
    });
    expect(
      screen.getByText(
        /1 service: 1 is critical, 1 has a newer version waiting.*Live from argocd\/main/,
      ),
    ).toBeVisible();
    const row = within(table).getAllByRole('row')[1];
    expect(row).toHaveTextContent(
      /orders.*shop.*2\.0\.0Healthy.*1\.0\.0Degraded.*Behind Development/,
    );
    expect(within(row).getByRole('link', { name: 'orders' })).toHaveAttribute(
      'href',
      '/catalog/default/component/orders/delivery',
    );
    expect(within(row).getByTitle('It crashes.')).toBeVisible();
    expect(
      within(row).getByRole('link', { name: 'Why? orders, Production' }),
    ).toHaveAttribute(
      'href',
      '/catalog/default/component/orders/delivery?why=production',
    );
  });

  it('takes its filters from the address, and mine means my groups', async () => {
    const api = render(
      async () => response,
      '/delivery?mine=true&environment=production&state=critical&drifted=true&sort=name&order=desc',
    );
    await screen.findByRole('table');
    expect(api.listServices).toHaveBeenCalledTimes(1);
    expect(api.listServices).toHaveBeenLastCalledWith(
      expect.objectContaining({
        environment: 'production',
        owner: expect.arrayContaining(['group:default/shop']),
        state: 'critical',
        sync: 'out-of-sync',
        sort: 'name',
        order: 'desc',
      }),
      expect.anything(),
    );
  });

  it('sorts, filters and clears', async () => {
    const api = render(async ({ q }) =>
      q ? { ...response, items: [], totalItems: 0 } : response,
    );
    await userEvent.click(
      await screen.findByRole('button', { name: 'Service' }),
    );
    await waitFor(() =>
      expect(api.listServices).toHaveBeenLastCalledWith(
        expect.objectContaining({ sort: 'name' }),
        expect.anything(),
      ),
    );
    expect(
      screen.getByRole('columnheader', { name: 'Service' }),
    ).toHaveAttribute('aria-sort', 'ascending');
    await userEvent.type(
      screen.getByRole('searchbox', { name: /Search service/ }),
      'zzz',
    );
    await userEvent.click(
      await screen.findByRole('button', { name: 'Clear the filters' }),
    );
    expect(await screen.findByRole('table')).toBeVisible();
    expect(screen.getByRole('searchbox')).toHaveValue('');
  });

  it('says what a source that is down last said, and when', async () => {
    render(async () => ({
      ...response,
      freshness: [
        {
          source: 'argocd/main',
          stale: true,
          observedAt: '2026-01-01T00:00:00.000Z',
          reason: 'Connection refused.',
        },
      ],
    }));
    expect(
      await screen.findByText(/argocd\/main does not answer/),
    ).toBeVisible();
    expect(screen.getByText(/Connection refused/)).toBeVisible();
    expect(screen.getByRole('table')).toBeVisible();
  });

  it('says why there is nothing', async () => {
    render(async () => ({
      ...response,
      items: [],
      totalItems: 0,
      environments: [],
    }));
    expect(
      await screen.findByText('Nothing runs that the portal knows of'),
    ).toBeVisible();
    expect(screen.getByText('No environments are configured')).toBeVisible();
  });

  it('says what failed, and who may not', async () => {
    let status = 500;
    render(async () => {
      throw Object.assign(new Error('the database is away'), {
        statusCode: status,
      });
    });
    expect(await screen.findByText('the database is away')).toBeVisible();
    status = 403;
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(
      await screen.findByText(/You lack the permission delivery.service.read/),
    ).toBeVisible();
  });
});
