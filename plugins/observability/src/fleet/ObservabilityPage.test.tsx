import {
  renderInTestApp,
  TestApiProvider,
} from '@backstage/frontend-test-utils';
import { entityRouteRef } from '@backstage/plugin-catalog-react';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type {
  AlertsResponse,
  ServicesResponse,
} from '@waystone/plugin-observability-common';
import { observabilityApiRef } from '../api/ObservabilityClient';
import type { ObservabilityApi } from '../api/ObservabilityClient';
import { rootRouteRef } from '../routes';
import { ObservabilityPage } from './ObservabilityPage';

const response: ServicesResponse = {
  items: [
    {
      entityRef: 'component:default/orders',
      title: 'orders',
      owner: 'group:default/shop',
      problems: [],
      state: 'critical',
      health: {
        environment: 'production',
        namespace: 'shop-production',
        service: 'orders',
        recipe: { id: 'otel-http', title: 'OpenTelemetry HTTP' },
        state: 'critical',
        sentence: 'Failing.',
        signals: { requests: 1234, errors: 0.12, p95Seconds: 0.25 },
        trend: {
          start: 0,
          step: 1800,
          requests: [1, null, 2],
          errors: [0, null, 0],
        },
        slos: [
          {
            name: 'availability',
            target: 0.999,
            windowDays: 30,
            source: 'default',
            state: 'at-risk',
            good: 0.9,
            requests: 1,
            budgetLeft: 0.2,
            burnRates: [],
          },
        ],
        alerts: { firing: 1, pending: 0 },
        source: 'prometheus/main',
      },
    },
    {
      entityRef: 'component:default/mailer',
      title: 'mailer',
      problems: [],
      state: 'unknown',
    },
  ],
  totalItems: 2,
  pageInfo: {},
  environments: [
    { name: 'staging', title: 'Staging', protected: false },
    { name: 'production', title: 'Production', protected: true },
  ],
  environment: 'production',
  summary: {
    states: { critical: 1, attention: 0, unknown: 1, healthy: 0 },
    exhausted: 0,
    firing: 1,
  },
  facets: { owners: [{ value: 'group:default/shop', count: 1 }], systems: [] },
  freshness: [{ source: 'prometheus/main', stale: false }],
};

const alerts: AlertsResponse = {
  items: [
    {
      id: 'a',
      name: 'DiskFull',
      state: 'suppressed',
      severity: 'warning',
      suppressedBy: 'silence',
      owner: 'storage',
      source: 'alertmanager/main',
    },
  ],
  totalItems: 1,
  facets: { owners: [{ value: 'storage', count: 1 }], environments: [] },
  freshness: [],
};

function render(
  path: string,
  listServices: () => Promise<ServicesResponse> = async () => response,
) {
  const api = {
    listServices: jest.fn(listServices),
    listAlerts: jest.fn(async () => alerts),
  };
  renderInTestApp(
    <TestApiProvider
      apis={[[observabilityApiRef, api as unknown as ObservabilityApi]]}
    >
      <ObservabilityPage />
    </TestApiProvider>,
    {
      mountedRoutes: {
        '/catalog/:namespace/:kind/:name': entityRouteRef,
        '/observability': rootRouteRef,
      },
      initialRouteEntries: [path],
    },
  );
  return api;
}

describe('the fleet', () => {
  it('lists services with their signals and the way to each', async () => {
    render('/');
    const table = await screen.findByRole('table', { name: 'Services' });
    const [, orders, mailer] = within(table).getAllByRole('row');
    expect(orders).toHaveTextContent(/Failing.*20 %.*1230\/s.*12 %.*250 ms/);
    expect(
      within(orders).getByRole('link', { name: 'orders' }),
    ).toHaveAttribute(
      'href',
      '/catalog/default/component/orders/observability?environment=production',
    );
    expect(mailer).toHaveTextContent(/Unknown.*–/);
    expect(
      screen.getByText(/2 services: 1 is failing, 1 without metrics\./),
    ).toBeInTheDocument();
  });

  it('asks for what the address says, and sorts', async () => {
    const api = render('/?state=critical&owner=group:default/shop&q=ord');
    await waitFor(() =>
      expect(api.listServices).toHaveBeenCalledWith(
        expect.objectContaining({
          state: 'critical',
          owner: 'group:default/shop',
          q: 'ord',
        }),
        expect.anything(),
      ),
    );
    await userEvent.click(
      await screen.findByRole('button', { name: 'Errors' }),
    );
    await waitFor(() =>
      expect(api.listServices).toHaveBeenLastCalledWith(
        expect.objectContaining({ sort: 'errors' }),
        expect.anything(),
      ),
    );
  });

  it('says what failed', async () => {
    render('/', async () => {
      throw new Error('out of order');
    });
    expect(await screen.findByText('out of order')).toBeInTheDocument();
  });

  it('lists alerts', async () => {
    const api = render('/alerts?severity=warning');
    const table = await screen.findByRole('table', { name: 'Alerts' });
    expect(table).toHaveTextContent(
      /DiskFull.*Warning.*Suppressed.*by a silence.*storage/,
    );
    expect(api.listAlerts).toHaveBeenCalledWith(
      expect.objectContaining({ severity: 'warning' }),
      expect.anything(),
    );
  });
});
