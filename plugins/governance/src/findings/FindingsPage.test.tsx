import { identityApiRef } from '@backstage/frontend-plugin-api';
import {
  mockApis,
  renderInTestApp,
  TestApiProvider,
} from '@backstage/frontend-test-utils';
import { entityRouteRef } from '@backstage/plugin-catalog-react';
import type {
  FindingsFilter,
  ViolationsResponse,
} from '@waystone/plugin-governance-common';
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { governanceApiRef } from '../api/GovernanceClient';
import type { GovernanceApi } from '../api/GovernanceClient';
import { FindingsPage } from './FindingsPage';

jest.mock('@backstage/plugin-signals-react', () => ({
  useSignal: () => ({ lastSignal: null, isSignalsAvailable: false }),
}));

const violation = {
  id: 'v1',
  severity: 'high' as const,
  subject: {
    cluster: 'prod',
    environment: 'production',
    namespace: 'shop-production',
    kind: 'Deployment',
    name: 'orders',
    entityRef: 'component:default/orders',
    title: 'Orders',
    owner: 'group:default/shop',
  },
  message: '<img src=x onerror=alert(1)> uses :latest',
  fix: 'Name a version',
  since: '2026-01-01T00:00:00.000Z',
  due: '2026-02-01T00:00:00.000Z',
  overdue: true,
  source: 'gatekeeper/prod',
  engine: 'gatekeeper' as const,
  policy: 'no-latest-tag',
  title: 'No moving tags',
  action: 'deny' as const,
  objects: 3,
};

const response: ViolationsResponse = {
  items: [violation],
  totalItems: 1,
  pageInfo: {},
  summary: {
    severities: { critical: 0, high: 1, medium: 0, low: 0, unknown: 0 },
    overdue: 1,
    services: 1,
  },
  facets: {
    owners: [{ value: 'group:default/shop', count: 1 }],
    systems: [],
    environments: [],
    keys: [{ value: 'no-latest-tag', title: 'No moving tags', count: 1 }],
  },
  capped: [
    {
      cluster: 'prod',
      policy: 'no-latest-tag',
      title: 'No moving tags',
      total: 32,
      known: 31,
    },
  ],
  freshness: [
    { source: 'gatekeeper/prod', stale: false },
    { source: 'trivy/prod', stale: true, reason: 'prod does not answer' },
  ],
};

function render(api: Partial<GovernanceApi>, path = '/') {
  renderInTestApp(
    <TestApiProvider
      apis={[
        [
          governanceApiRef,
          { getTrend: async () => [], ...api } as GovernanceApi,
        ],
        [
          identityApiRef,
          mockApis.identity({
            userEntityRef: 'user:default/guest',
            ownershipEntityRefs: ['group:default/shop'],
          }),
        ],
      ]}
    >
      <FindingsPage kind="violations" parts={[]} />
    </TestApiProvider>,
    {
      initialRouteEntries: [path],
      mountedRoutes: { '/catalog/:namespace/:kind/:name': entityRouteRef },
    },
  );
}

describe('FindingsPage', () => {
  it('lists what breaks policies as text, with what to do and what is not known', async () => {
    render({ listFindings: async () => response });
    const row = await screen.findByRole('row', { name: /No moving tags/ });
    expect(row).toHaveTextContent('<img src=x onerror=alert(1)> uses :latest');
    expect(row).toHaveTextContent('Name a version');
    expect(row).toHaveTextContent('3 objects');
    expect(row).toHaveTextContent('Past due');
    expect(document.querySelector('img')).toBeNull();
    expect(screen.getByText(/1 violation in 1 service/)).toBeInTheDocument();
    expect(
      screen.getByText('No moving tags in prod: 31 of 32 known.'),
    ).toBeInTheDocument();
    expect(screen.getByText(/prod does not answer/)).toBeInTheDocument();
    expect(screen.getByRole('link', { name: 'Orders' })).toHaveAttribute(
      'href',
      '/catalog/default/component/orders/governance',
    );
  });

  it('asks for what the address says, and for mine', async () => {
    const asked: FindingsFilter[] = [];
    render(
      {
        listFindings: async (_, filter) => {
          asked.push(filter);
          return response;
        },
      },
      '/?severity=high&sort=due&order=desc',
    );
    await screen.findByRole('row', { name: /No moving tags/ });
    expect(asked[0]).toMatchObject({
      severity: 'high',
      sort: 'due',
      order: 'desc',
    });
    await userEvent.click(screen.getByRole('button', { name: 'Mine' }));
    await waitFor(() =>
      expect(asked.at(-1)?.owner).toEqual([
        'user:none/none',
        'group:default/shop',
      ]),
    );
  });

  it('groups, and leads from a group to its findings', async () => {
    render(
      {
        listFindings: async () => response,
        listGroups: async (_, { by }) => ({
          items: [
            {
              value: by === 'owner' ? 'group:default/shop' : 'x',
              title: 'shop',
              count: 7,
              severities: { ...response.summary.severities, critical: 6 },
              overdue: 2,
              services: 1,
            },
          ],
          totalItems: 1,
          pageInfo: {},
          freshness: [],
        }),
      },
      '/?group=owner',
    );
    const row = await screen.findByRole('row', { name: /shop/ });
    expect(row).toHaveTextContent('6 critical');
    expect(screen.getByRole('link', { name: 'shop' })).toHaveAttribute(
      'href',
      expect.stringContaining('owner=group%3Adefault%2Fshop'),
    );
  });

  it('says why there is nothing, and what failed', async () => {
    const none = { ...response, items: [], totalItems: 0, capped: [] };
    render({ listFindings: async () => none });
    expect(
      await screen.findByText('Nothing breaks a policy'),
    ).toBeInTheDocument();
  });

  it('says what failed', async () => {
    render({
      listFindings: async () => {
        throw new Error('The backend is away');
      },
    });
    expect(await screen.findByText('The backend is away')).toBeInTheDocument();
  });
});
