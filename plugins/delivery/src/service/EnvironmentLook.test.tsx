import {
  renderInTestApp,
  TestApiProvider,
} from '@backstage/frontend-test-utils';
import {
  EntityProvider,
  entityRouteRef,
} from '@backstage/plugin-catalog-react';
import type {
  CiJobsResponse,
  CiRunsResponse,
  DistanceResponse,
  ExplanationResponse,
  ObjectsResponse,
  ServiceResponse,
} from '@waystone/plugin-delivery-common';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { deliveryApiRef } from '../api/DeliveryClient';
import type { DeliveryApi } from '../api/DeliveryClient';
import { DeliveryTab } from './DeliveryTab';

// Other tests run beside these.
jest.setTimeout(60_000);

const freshness = [{ source: 'argocd/main', stale: false }];

const response: ServiceResponse = {
  service: {
    entityRef: 'component:default/orders',
    title: 'orders',
    state: 'critical',
    deployments: [
      {
        id: 'a',
        environment: 'production',
        name: 'orders',
        state: 'critical',
        sync: 'synced',
        health: 'degraded',
        reason: 'It exceeded its progress deadline.',
        version: '1.0.0',
        revision: 'c1',
        images: [],
        drifted: 0,
        behind: true,
        source: 'argocd/main',
      },
    ],
  },
  commits: { c1: { author: 'Priya', message: 'Read the limits' } },
  environments: [
    { name: 'staging', title: 'Staging', protected: false },
    { name: 'production', title: 'Production', protected: true },
  ],
  freshness,
};

const commits: DistanceResponse = {
  items: [
    {
      revision: 'c3',
      message: 'Add an index',
      author: 'Maya',
      url: 'https://git.example.com/shop/orders/commit/c3',
    },
  ],
  totalItems: 2,
};

const explanation: ExplanationResponse = {
  deployment: 'orders',
  explanation: {
    cause: 'crash-loop',
    summary: "The container 'orders' crashes: panic: no rules.",
    nextStep: 'Go back to the version before.',
    evidence: [
      {
        kind: 'log',
        object: { kind: 'Pod', name: 'orders-1' },
        container: 'orders',
        previous: true,
        lines: ['starting', 'panic: no rules'],
      },
    ],
  },
  others: [
    {
      cause: 'secret-missing',
      summary: 'A Secret is not there.',
      nextStep: 'Create it.',
      evidence: [],
    },
  ],
  gaps: ['The events could not be read: the cluster does not answer'],
  freshness,
};

const objects: ObjectsResponse = {
  items: [
    { id: 's', kind: 'Service', name: 'orders' },
    { id: 'd', kind: 'Deployment', name: 'orders', health: 'degraded' },
    {
      id: 'old',
      parent: 'd',
      kind: 'ReplicaSet',
      name: 'orders-old',
      createdAt: '2025-01-01T00:00:00.000Z',
    },
    {
      id: 'new',
      parent: 'd',
      kind: 'ReplicaSet',
      name: 'orders-new',
      createdAt: '2026-01-01T00:00:00.000Z',
    },
    {
      id: 'p',
      parent: 'new',
      kind: 'Pod',
      name: 'orders-1',
      health: 'degraded',
      node: 'node-1',
      containers: [
        {
          name: 'orders',
          image: 'r.example/orders:1.0.0',
          init: false,
          ready: false,
          restarts: 4,
          state: 'CrashLoopBackOff',
          message: 'back-off 40s',
        },
      ],
    },
  ],
  totalItems: 5,
  events: [
    {
      object: { kind: 'Pod', name: 'orders-1' },
      warning: true,
      reason: 'BackOff',
      message: 'Back-off restarting failed container',
      count: 7,
      at: '2026-01-01T00:00:00.000Z',
    },
  ],
  gaps: [],
  freshness,
};

const runs: CiRunsResponse = {
  provider: 'gitea/git.example.com',
  freshness: {
    source: 'gitea/git.example.com',
    stale: true,
    reason: 'the connection was refused',
  },
  items: [
    {
      id: '7',
      number: 3,
      title: 'Deploy the new checkout',
      workflow: 'ci.yaml',
      event: 'push',
      branch: 'main',
      revision: '0123456789abcdef',
      status: 'failed',
      url: 'https://git.example.com/shop/orders/actions/runs/3',
    },
  ],
};

const jobs: CiJobsResponse = {
  items: [
    {
      id: '70',
      name: 'build',
      status: 'failed',
      steps: [
        {
          name: 'Test',
          status: 'failed',
          startedAt: '2026-01-01T00:00:00.000Z',
          finishedAt: '2026-01-01T00:00:12.000Z',
        },
        { name: 'Push the image', status: 'skipped' },
      ],
    },
  ],
};

function render(path = '/', changes: Partial<DeliveryApi> = {}) {
  const api = {
    listServices: jest.fn(),
    findService: jest.fn(async () => response),
    listHistory: jest.fn(async () => ({
      items: [],
      totalItems: 0,
      pageInfo: {},
    })),
    getDrift: jest.fn(),
    explain: jest.fn(async () => explanation),
    listObjects: jest.fn(async () => objects),
    listRuns: jest.fn(async () => runs),
    listJobs: jest.fn(async () => jobs),
    listCommits: jest.fn(async () => commits),
    ...changes,
  };
  renderInTestApp(
    <TestApiProvider apis={[[deliveryApiRef, api]]}>
      <EntityProvider
        entity={{
          apiVersion: 'backstage.io/v1alpha1',
          kind: 'Component',
          metadata: { name: 'orders', namespace: 'default' },
        }}
      >
        <DeliveryTab />
      </EntityProvider>
    </TestApiProvider>,
    {
      initialRouteEntries: [path],
      mountedRoutes: { '/catalog/:namespace/:kind/:name': entityRouteRef },
    },
  );
  return api;
}

describe('a look at an environment', () => {
  it('says by itself why it is red: the sentence, the next step, the lines', async () => {
    const api = render();
    const section = await screen.findByRole('region', {
      name: 'Why Production is not well',
    });
    expect(
      await within(section).findByText(/crashes: panic: no rules/),
    ).toBeVisible();
    expect(within(section).getByText(/Go back to the version/)).toBeVisible();
    expect(
      within(section).getByLabelText(
        'Last lines before the restart Pod orders-1',
      ),
    ).toHaveTextContent('starting panic: no rules');
    expect(within(section).getByText('A Secret is not there.')).toBeVisible();
    expect(within(section).getByText(/events could not be read/)).toBeVisible();
    expect(api.explain).toHaveBeenCalledWith(
      'component:default/orders',
      'production',
      expect.anything(),
    );
    await userEvent.click(screen.getByRole('button', { name: 'Hide why' }));
    expect(section).not.toBeInTheDocument();
  });

  it('lists what runs down to the container, without rollouts that are over', async () => {
    render();
    await userEvent.click(
      await screen.findByRole('button', { name: 'What runs' }),
    );
    const tree = await screen.findByRole('list', {
      name: 'Objects in Production',
    });
    expect(tree).toHaveTextContent(
      /^Deployment.*orders-new.*Pod.*orders-1.*0 of 1 ready.*4 restarts.*node-1.*CrashLoopBackOff, back-off 40s.*Service/,
    );
    expect(tree).not.toHaveTextContent('orders-old');
    await userEvent.click(
      within(tree).getByRole('button', { name: 'Show 1 more' }),
    );
    expect(tree).toHaveTextContent('orders-old');
    expect(screen.getByRole('list', { name: 'Events' })).toHaveTextContent(
      /BackOff.*Back-off restarting.*7 times/,
    );
  });

  it('says who changed what, and by which commits it is behind', async () => {
    const { listCommits } = render();
    const strip = await screen.findByRole('list', { name: 'Environments' });
    expect(strip).toHaveTextContent(/Change.*Read the limits.*Priya/);
    await userEvent.click(
      await screen.findByRole('button', { name: '2 commits behind Staging' }),
    );
    const list = screen.getByRole('list', {
      name: 'Commits that Staging has more',
    });
    expect(list).toHaveTextContent(/Add an index.*Maya.*and 1 more/);
    expect(listCommits).toHaveBeenCalledWith(
      'component:default/orders',
      { from: 'staging', to: 'production' },
      expect.anything(),
    );
  });

  it('shows what CI did, with the steps of a run on request', async () => {
    const { listJobs } = render();
    const list = await screen.findByRole('list', { name: 'CI runs' });
    expect(screen.getByText('the connection was refused')).toBeVisible();
    expect(list).toHaveTextContent(
      /Failed.*Deploy the new checkout.*ci\.yaml #3 · main · 01234567/,
    );
    await userEvent.click(
      within(list).getByRole('button', { name: 'Steps of run 3' }),
    );
    expect(
      await screen.findByRole('list', { name: 'build' }),
    ).toHaveTextContent(/Failed.*Test.*12 s.*Skipped.*Push the image/);
    expect(listJobs).toHaveBeenCalledWith(
      'component:default/orders',
      '7',
      expect.anything(),
    );
    expect(
      within(list).getByRole('link', { name: 'Open run 3 at the Git server' }),
    ).toHaveAttribute(
      'href',
      'https://git.example.com/shop/orders/actions/runs/3',
    );
  });

  it('says what cannot be found out, and when nothing is known', async () => {
    const { explain } = render('/?why=production', {
      explain: jest
        .fn()
        .mockRejectedValueOnce(new Error('Argo CD does not answer'))
        .mockResolvedValue({
          ...explanation,
          explanation: undefined,
          others: [],
          gaps: [],
        }),
    });
    expect(await screen.findByText('Argo CD does not answer')).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(
      await screen.findByText(/Nothing that the portal knows/),
    ).toBeVisible();
    expect(explain).toHaveBeenCalledTimes(2);
  });
});
