import {
  renderInTestApp,
  TestApiProvider,
} from '@backstage/frontend-test-utils';
import {
  EntityProvider,
  entityRouteRef,
} from '@backstage/plugin-catalog-react';
import type {
  Deployment,
  HistoryResponse,
  ServiceResponse,
} from '@waystone/plugin-delivery-common';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { ReactElement } from 'react';
import { deliveryApiRef } from '../api/DeliveryClient';
import type { DeliveryApi } from '../api/DeliveryClient';
import { DeliveryCard } from '../card/DeliveryCard';
import { DeliveryTab } from './DeliveryTab';

// Other tests run beside these.
jest.setTimeout(60_000);

const entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: {
    name: 'orders',
    namespace: 'default',
    annotations: { 'argocd/app-name': 'https://argocd.example/orders' },
  },
};

const deployment = (changes: Partial<Deployment>): Deployment => ({
  id: `${changes.environment}`,
  name: 'orders',
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

const response: ServiceResponse = {
  service: {
    entityRef: 'component:default/orders',
    title: 'orders',
    state: 'attention',
    deployments: [
      deployment({
        environment: 'development',
        revision: '0123456789abcdef',
        deployedAt: '2026-01-01T00:00:00.000Z',
        deployedBy: { automated: true },
      }),
      deployment({
        environment: 'production',
        cluster: 'prod',
        namespace: 'shop-production',
        version: '1.0.0',
        state: 'attention',
        sync: 'out-of-sync',
        drifted: 1,
        reason: 'Not as Git has it: Deployment orders.',
        url: 'https://argocd.example/applications/argocd/orders',
      }),
    ],
  },
  commits: {},
  environments: [
    { name: 'development', title: 'Development', protected: false },
    { name: 'staging', title: 'Staging', protected: false },
    { name: 'production', title: 'Production', protected: true },
  ],
  freshness: [{ source: 'argocd/main', stale: false }],
};

const history: HistoryResponse = {
  items: [
    {
      id: '2',
      environment: 'production',
      name: 'orders',
      version: '1.0.0',
      images: [],
      revision: 'fedcba9876543210',
      startedAt: '2026-01-01T00:00:00.000Z',
      finishedAt: '2026-01-01T00:00:45.000Z',
      outcome: 'succeeded',
      initiator: { name: 'priya', automated: false },
    },
    {
      id: '1',
      environment: 'development',
      name: 'orders',
      images: [],
      startedAt: '2025-12-31T00:00:00.000Z',
      outcome: 'failed',
      message: 'admission webhook denied the request',
    },
  ],
  totalItems: 3,
  pageInfo: { nextCursor: 'next' },
};

function render(
  element: ReactElement,
  changes: Partial<DeliveryApi> = {},
  path = '/',
) {
  const api = {
    listServices: jest.fn(),
    findService: jest.fn(changes.findService ?? (async () => response)),
    explain: jest.fn(),
    listObjects: jest.fn(),
    listRuns: jest.fn(async () => ({ items: [] })),
    listJobs: jest.fn(),
    listCommits: jest.fn(),
    listHistory: jest.fn(changes.listHistory ?? (async () => history)),
    getDrift: jest.fn(
      changes.getDrift ??
        (async () => ({
          items: [
            {
              kind: 'Deployment',
              name: 'orders',
              change: 'changed' as const,
              fields: [
                {
                  path: 'spec.replicas',
                  desired: '2',
                  live: '5',
                  masked: false,
                },
                { path: 'env[TOKEN].value', masked: true },
              ],
              moreFields: 0,
            },
          ],
          totalItems: 1,
          freshness: { source: 'argocd/main', stale: false },
        })),
    ),
  };
  renderInTestApp(
    <TestApiProvider apis={[[deliveryApiRef, api]]}>
      <EntityProvider entity={entity}>{element}</EntityProvider>
    </TestApiProvider>,
    {
      initialRouteEntries: [path],
      mountedRoutes: { '/catalog/:namespace/:kind/:name': entityRouteRef },
    },
  );
  return api;
}

describe('DeliveryTab', () => {
  it('shows the environments in order, and those where it does not run', async () => {
    render(<DeliveryTab />);
    const strip = await screen.findByRole('list', { name: 'Environments' });
    const [development, staging, production] =
      within(strip).getAllByRole('listitem');
    expect(development).toHaveTextContent(
      /Development.*2\.0\.0.*Healthy.*automatically.*01234567/,
    );
    expect(staging).toHaveTextContent('Does not run here.');
    expect(production).toHaveTextContent(
      /1\.0\.0.*Drift.*Not as Git has it.*prod \/ shop-production/,
    );
    expect(
      within(production).getByRole('link', { name: 'Open in Argo CD' }),
    ).toHaveAttribute(
      'href',
      'https://argocd.example/applications/argocd/orders',
    );
  });

  it('shows the one field that differs from Git, and hides what may be secret', async () => {
    const api = render(<DeliveryTab />);
    await userEvent.click(
      await screen.findByRole('button', {
        name: 'Show the object that differs from Git',
      }),
    );
    const table = await screen.findByRole('table', {
      name: 'Deployment orders',
    });
    expect(api.getDrift).toHaveBeenCalledWith(
      'component:default/orders',
      'production',
      expect.anything(),
    );
    expect(within(table).getAllByRole('row')[1]).toHaveTextContent(
      'spec.replicas25',
    );
    expect(within(table).getAllByRole('row')[2]).toHaveTextContent(
      /hidden, as it may be secret/,
    );
    await userEvent.click(
      screen.getByRole('button', { name: 'Hide the differences' }),
    );
    expect(
      screen.queryByRole('table', { name: 'Deployment orders' }),
    ).toBeNull();
  });

  it('shows who deployed what, and more of it on request', async () => {
    const api = render(
      <DeliveryTab />,
      {
        listHistory: async (_, { cursor }) =>
          cursor
            ? {
                items: [{ ...history.items[0], id: '0', version: '0.9.0' }],
                totalItems: 3,
                pageInfo: {},
              }
            : history,
      },
      '/?environment=production',
    );
    const table = await screen.findByRole('table', {
      name: 'What got where, newest first',
    });
    expect(within(table).getAllByRole('row')[1]).toHaveTextContent(
      /Production.*1\.0\.0.*fedcba98.*priya.*45 s.*Succeeded/,
    );
    expect(within(table).getAllByRole('row')[2]).toHaveTextContent(
      /Failed.*admission webhook denied/,
    );
    expect(api.listHistory).toHaveBeenLastCalledWith(
      'component:default/orders',
      expect.objectContaining({ environment: 'production' }),
      expect.anything(),
    );
    await userEvent.click(screen.getByRole('button', { name: 'Show more' }));
    expect(await within(table).findByText('0.9.0')).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Show more' })).toBeNull();
  });

  it('says when nothing runs, and what failed', async () => {
    let missing = true;
    render(<DeliveryTab />, {
      findService: async () => {
        if (missing) {
          return undefined;
        }
        throw new Error('the backend is away');
      },
    });
    expect(
      await screen.findByText('Nothing is known to run for orders'),
    ).toBeVisible();
    expect(
      screen.getByText('argocd/app-name: https://argocd.example/orders'),
    ).toBeVisible();
    missing = false;
    document.dispatchEvent(new Event('visibilitychange'));
    expect(await screen.findByText('the backend is away')).toBeVisible();
  });
});

describe('DeliveryCard', () => {
  it('names the worst place and why', async () => {
    render(<DeliveryCard />);
    expect(await screen.findByText('Production: Drift')).toBeVisible();
    expect(screen.getByText(/Not as Git has it/)).toBeVisible();
    expect(screen.getByRole('link', { name: 'Delivery' })).toHaveAttribute(
      'href',
      '/catalog/default/component/orders/delivery',
    );
  });

  it('says in how many places all is well', async () => {
    const service = {
      ...response.service,
      state: 'healthy' as const,
      deployments: [deployment({ environment: 'production' })],
    };
    render(<DeliveryCard />, {
      findService: async () => ({ ...response, service }),
    });
    expect(await screen.findByText('Runs in 1 environment')).toBeVisible();
    expect(screen.getByText('2.0.0')).toBeVisible();
  });

  it('says that it could not be read, and where nothing runs', async () => {
    let broken = true;
    render(<DeliveryCard />, {
      findService: async () => {
        if (broken) {
          throw new Error('away');
        }
        return undefined;
      },
    });
    expect(await screen.findByText('Could not be read')).toBeVisible();
    broken = false;
    document.dispatchEvent(new Event('visibilitychange'));
    await waitFor(() => expect(screen.getByText('Runs nowhere')).toBeVisible());
  });
});
