import {
  renderInTestApp,
  TestApiProvider,
} from '@backstage/frontend-test-utils';
import {
  EntityProvider,
  entityRouteRef,
} from '@backstage/plugin-catalog-react';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type {
  EnvironmentHealth,
  MetricsResponse,
  SummaryResponse,
} from '@waystone/plugin-observability-common';
import type { ReactElement } from 'react';
import { observabilityApiRef } from '../api/ObservabilityClient';
import type { ObservabilityApi } from '../api/ObservabilityClient';
import { ObservabilityCard } from '../card/ObservabilityCard';
import { ObservabilityTab } from './ObservabilityTab';

// jsdom has no canvas.
jest.mock('./TimeChart', () => ({
  TimeChart: (props: { label: string }) => <div>{props.label}</div>,
}));

const entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name: 'orders', namespace: 'default' },
};

const START = Date.UTC(2026, 0, 1) / 1000;

const health = (changes: Partial<EnvironmentHealth>): EnvironmentHealth => ({
  environment: 'production',
  namespace: 'shop-production',
  service: 'orders',
  recipe: { id: 'otel-http', title: 'OpenTelemetry HTTP' },
  state: 'critical',
  sentence: 'Failing. 12 % of requests fail now.',
  signals: { requests: 100, errors: 0.12, p95Seconds: 0.25 },
  slos: [],
  alerts: { firing: 1, pending: 0 },
  source: 'prometheus/main',
  ...changes,
});

const summary: SummaryResponse = {
  service: {
    entityRef: 'component:default/orders',
    title: 'orders',
    problems: [],
    state: 'critical',
    sentence: 'Failing. 12 % of requests fail now.',
    environments: [
      health({
        environment: 'staging',
        namespace: 'shop-staging',
        state: 'healthy',
        sentence: 'Healthy. 100 % of 5 requests in 30 days.',
      }),
      health({}),
    ],
  },
  environments: [
    { name: 'staging', title: 'Staging', protected: false },
    { name: 'production', title: 'Production', protected: true },
  ],
  freshness: [{ source: 'prometheus/main', stale: false }],
};

const metrics: MetricsResponse = {
  environment: 'production',
  start: START,
  end: START + 600,
  step: 300,
  charts: [
    {
      id: 'requests',
      unit: 'per-second',
      series: [{ id: 'requests', values: [90, null, 100] }],
    },
    {
      id: 'errors',
      unit: 'ratio',
      series: [{ id: 'errors', values: [0, null, 0.12] }],
    },
    {
      id: 'cpu',
      unit: 'cores',
      series: [],
      problem: 'There are no metrics of containers.',
    },
  ],
  alerts: [{ name: 'HighErrorRatio', from: START + 400, to: START + 600 }],
  warnings: ['a store did not answer'],
  freshness: [{ source: 'prometheus/main', stale: false }],
};

function render(
  element: ReactElement,
  changes: Partial<ObservabilityApi> = {},
  path = '/',
) {
  const api = {
    listServices: jest.fn(),
    listAlerts: jest.fn(),
    findSummary: jest.fn(changes.findSummary ?? (async () => summary)),
    getMetrics: jest.fn(changes.getMetrics ?? (async () => metrics)),
    getObjectives: jest.fn(
      changes.getObjectives ??
        (async () => ({
          environment: 'production',
          slos: [
            {
              name: 'availability' as const,
              target: 0.999,
              windowDays: 30,
              source: 'annotation' as const,
              state: 'at-risk' as const,
              good: 0.9992,
              requests: 1_200_000,
              budgetLeft: 0.2,
              burnRates: [
                { window: '5m', rate: 12.34 },
                { window: '1h', rate: null },
              ],
            },
          ],
          burned: [
            {
              method: 'GET',
              route: '/orders',
              status: '500',
              failed: 1234,
              share: 0.75,
            },
          ],
          days: [
            { end: START, failed: 10, budget: 0.01 },
            { end: START + 86_400, failed: null, budget: null },
          ],
          problems: [],
          freshness: [],
        })),
    ),
    listServiceAlerts: jest.fn(async () => ({
      items: [
        {
          id: 'a',
          name: 'HighErrorRatio',
          state: 'firing' as const,
          severity: 'critical' as const,
          since: '2026-01-01T00:00:00.000Z',
          summary: 'orders fails',
          runbook: 'https://docs.example/orders',
          receivers: ['shop-on-call'],
          environment: 'production',
          source: 'alertmanager/main',
        },
      ],
      totalItems: 1,
      facets: { owners: [], environments: [] },
      freshness: [],
    })),
    listDeployments: jest.fn(
      changes.listDeployments ??
        (async () => [
          {
            id: '7',
            name: 'orders',
            version: '2.0.0',
            images: [],
            startedAt: new Date((START + 300) * 1000).toISOString(),
            outcome: 'succeeded' as const,
          },
          {
            id: '6',
            name: 'orders',
            version: '1.0.0',
            images: [],
            startedAt: new Date((START - 300) * 1000).toISOString(),
            outcome: 'succeeded' as const,
          },
        ]),
    ),
  };
  renderInTestApp(
    <TestApiProvider apis={[[observabilityApiRef, api]]}>
      <EntityProvider entity={entity}>{element}</EntityProvider>
    </TestApiProvider>,
    {
      mountedRoutes: { '/catalog/:namespace/:kind/:name': entityRouteRef },
      initialRouteEntries: [path],
    },
  );
  return api;
}

describe('the tab of a service', () => {
  it('says how it is, what fires, what happened when, and what it promises', async () => {
    const api = render(<ObservabilityTab />);
    expect(
      await screen.findByText('Failing. 12 % of requests fail now.'),
    ).toBeInTheDocument();
    const alerts = await screen.findByRole('table', { name: 'Alerts' });
    expect(within(alerts).getByText('shop-on-call')).toBeInTheDocument();
    expect(within(alerts).getByRole('link', { name: 'Open' })).toHaveAttribute(
      'href',
      'https://docs.example/orders',
    );
    const errors = await screen.findByRole('figure', { name: 'Errors' });
    const marker = within(errors).getByRole('link', { name: '2.0.0 deployed' });
    expect(marker).toHaveAttribute(
      'href',
      '/catalog/default/component/orders/delivery',
    );
    expect(marker.parentElement).toHaveStyle({ left: '50%' });
    expect(within(errors).queryByText(/1\.0\.0/)).toBeNull();
    expect(
      within(errors).getByRole('img', { name: 'HighErrorRatio fires' }),
    ).toBeInTheDocument();
    expect(within(errors).getByText('12 %')).toBeInTheDocument();
    expect(
      screen.getByText('There are no metrics of containers.'),
    ).toBeInTheDocument();
    expect(screen.getByText('a store did not answer')).toBeInTheDocument();
    expect(
      await screen.findByText('99.9 % of requests succeed over 30 days'),
    ).toBeInTheDocument();
    expect(screen.getByRole('meter', { name: 'Objectives' })).toHaveAttribute(
      'aria-valuenow',
      '20',
    );
    expect(screen.getByText('12×')).toBeInTheDocument();
    expect(screen.getByText('GET /orders 500')).toBeInTheDocument();
    expect(api.getMetrics).toHaveBeenCalledWith(
      'component:default/orders',
      { environment: 'production', range: '6h', compare: false },
      expect.anything(),
    );
  });

  it('takes environment, range and comparison from the address', async () => {
    const api = render(
      <ObservabilityTab />,
      {},
      '/?environment=staging&from=100&to=200&compare=true',
    );
    expect(
      await screen.findByText('Healthy. 100 % of 5 requests in 30 days.'),
    ).toBeInTheDocument();
    await waitFor(() =>
      expect(api.getMetrics).toHaveBeenCalledWith(
        'component:default/orders',
        { environment: 'staging', from: 100, to: 200, compare: true },
        expect.anything(),
      ),
    );
    await userEvent.click(screen.getByRole('button', { name: /Production/ }));
    expect(
      await screen.findByText('Failing. 12 % of requests fail now.'),
    ).toBeInTheDocument();
  });

  it('can be read as a table', async () => {
    render(<ObservabilityTab />, {}, '/?view=table');
    const table = await screen.findByRole('table', {
      name: 'Values of the charts',
    });
    const rows = within(table).getAllByRole('row');
    expect(rows).toHaveLength(4);
    expect(rows[1]).toHaveTextContent('100/s12 %');
    expect(rows[2]).toHaveTextContent('––');
  });

  it('says what to add where nobody instrumented anything', async () => {
    render(<ObservabilityTab />, {
      findSummary: async () => ({
        ...summary,
        service: { ...summary.service, environments: [] },
        instrumentation: {
          language: 'Go',
          url: 'https://prometheus.io/docs/guides/go-application/',
          steps: [
            {
              title: 'Show the metrics',
              file: 'main.go',
              syntax: 'go',
              code: 'promhttp.Handler()',
            },
          ],
        },
      }),
    });
    expect(
      await screen.findByText('This service has no metrics of requests'),
    ).toBeInTheDocument();
    expect(screen.getByText(/In Go, this is what to add/)).toBeInTheDocument();
    expect(screen.getByRole('region', { name: 'main.go' })).toHaveTextContent(
      'promhttp.Handler()',
    );
  });

  it('keeps the rest where one part fails', async () => {
    render(<ObservabilityTab />, {
      getMetrics: async () => {
        throw new Error('too many samples');
      },
      listDeployments: async () => {
        throw new Error('no');
      },
    });
    expect(await screen.findByText('too many samples')).toBeInTheDocument();
    expect(
      await screen.findByText(
        'Deployments are not marked: they could not be read.',
      ),
    ).toBeInTheDocument();
    expect(await screen.findByText('GET /orders 500')).toBeInTheDocument();
  });

  it('names a source that does not answer, and an annotation that is not followed', async () => {
    render(<ObservabilityTab />, {
      findSummary: async () => ({
        ...summary,
        service: {
          ...summary.service,
          problems: ["The annotation 'x' is not followed: it is an address"],
        },
        freshness: [
          {
            source: 'prometheus/main',
            stale: true,
            observedAt: '2026-01-01T00:00:00.000Z',
            reason: 'out of order',
          },
        ],
      }),
    });
    expect(await screen.findByText(/out of order/)).toBeInTheDocument();
    expect(screen.getByText(/it is an address/)).toBeInTheDocument();
  });
});

describe('the card', () => {
  it('says the state in a word and a sentence', async () => {
    render(<ObservabilityCard />);
    expect(await screen.findByText('Production: Failing')).toBeInTheDocument();
    expect(
      screen.getByText(/^12 % of requests fail now\./),
    ).toBeInTheDocument();
    expect(screen.getByRole('link', { name: 'Observability' })).toHaveAttribute(
      'href',
      '/catalog/default/component/orders/observability',
    );
  });

  it('says that there are no metrics', async () => {
    render(<ObservabilityCard />, { findSummary: async () => undefined });
    expect(await screen.findByText('No metrics')).toBeInTheDocument();
  });
});
