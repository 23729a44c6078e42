import {
  renderInTestApp,
  TestApiProvider,
} from '@backstage/frontend-test-utils';
import {
  EntityProvider,
  entityRouteRef,
} from '@backstage/plugin-catalog-react';
import type {
  EntityScorecardsResponse,
  ServiceGovernance,
} from '@waystone/plugin-governance-common';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { ReactNode } from 'react';
import { governanceApiRef } from '../api/GovernanceClient';
import type { GovernanceApi } from '../api/GovernanceClient';
import { GovernanceCard } from '../card/GovernanceCard';
import { GovernanceTab } from './GovernanceTab';

jest.mock('@backstage/plugin-signals-react', () => ({
  useSignal: () => ({ lastSignal: null, isSignalsAvailable: false }),
}));

const none = {
  severities: { critical: 0, high: 0, medium: 0, low: 0, unknown: 0 },
  overdue: 0,
  services: 0,
};

const service: ServiceGovernance = {
  entityRef: 'component:default/orders',
  title: 'Orders',
  state: 'critical',
  reason: '2 past due',
  since: '2026-01-01T00:00:00.000Z',
  observed: true,
  violations: none,
  vulnerabilities: {
    ...none,
    severities: { ...none.severities, critical: 2 },
  },
  misconfigurations: none,
  upgrades: [
    {
      package: 'openssl',
      installed: '3.3.1',
      to: '3.4.0',
      repairs: 2,
      worst: 'critical',
    },
  ],
  freshness: [
    { source: 'trivy/prod', stale: true, reason: 'prod does not answer' },
  ],
};

const scorecards: EntityScorecardsResponse = {
  entityRef: 'component:default/orders',
  items: [
    {
      name: 'security',
      title: 'Security',
      levels: ['Bronze', 'Silver'],
      level: 'Bronze',
      passed: 1,
      failed: 1,
      unknown: 1,
      checks: [
        {
          id: 'a',
          title: 'Nothing is past due',
          level: 'Silver',
          result: 'fail',
          found: '2',
          fix: 'Repair what is past due.',
          evidence: 'governance',
        },
      ],
    },
  ],
  freshness: [],
};

function render(element: ReactNode, api: Partial<GovernanceApi>) {
  renderInTestApp(
    <TestApiProvider
      apis={[
        [
          governanceApiRef,
          {
            findService: async () => service,
            findSecrets: async () => undefined,
            findScorecards: async () => scorecards,
            listFindings: async () => ({
              items: [],
              totalItems: 0,
              pageInfo: {},
              summary: none,
              facets: { owners: [], systems: [], environments: [], keys: [] },
              capped: [],
              freshness: [],
            }),
            ...api,
          } as GovernanceApi,
        ],
      ]}
    >
      <EntityProvider
        entity={{
          apiVersion: 'backstage.io/v1alpha1',
          kind: 'Component',
          metadata: { name: 'orders', namespace: 'default' },
        }}
      >
        {element}
      </EntityProvider>
    </TestApiProvider>,
    { mountedRoutes: { '/catalog/:namespace/:kind/:name': entityRouteRef } },
  );
}

describe('governance of a service', () => {
  it('says what repairs most, and hides secrets that one may not know of', async () => {
    render(<GovernanceTab />, {});
    expect(await screen.findByText('2 past due')).toBeVisible();
    expect(screen.getByText(/prod does not answer/)).toBeVisible();
    const upgrades = screen.getByRole('region', { name: 'What repairs most' });
    expect(upgrades).toHaveTextContent('openssl 3.3.1 → 3.4.0');
    expect(upgrades).toHaveTextContent('repairs 2 vulnerabilities');
    expect(
      screen.getByRole('region', { name: 'Violations' }),
    ).toHaveTextContent('It breaks no policy.');
    expect(screen.queryByRole('region', { name: 'Secrets' })).toBeNull();

    const cards = await screen.findByRole('region', { name: 'Scorecards' });
    expect(cards).toHaveTextContent('1 of 1 pass, 1 not known');
    await userEvent.click(within(cards).getByText('Security'));
    expect(
      within(cards).getByRole('link', { name: 'Nothing is past due' }),
    ).toHaveAttribute('href', '/catalog/default/component/orders/governance');
    expect(cards).toHaveTextContent('Repair what is past due.');
  });

  it('tells what is not looked at from what is clean', async () => {
    render(<GovernanceTab />, {
      findService: async () => ({
        ...service,
        observed: false,
        state: 'unknown',
      }),
      findScorecards: async () => undefined,
    });
    expect(
      await screen.findByText('Nothing that is audited or scanned runs for it'),
    ).toBeVisible();
  });

  it('has a card with the word, the numbers and since when', async () => {
    render(<GovernanceCard />, {});
    expect(await screen.findByText('2 past due')).toBeVisible();
    expect(
      screen.getByText(/0 violations, 2 vulnerabilities, since/),
    ).toBeVisible();
    expect(screen.getByTitle('prod does not answer')).toBeVisible();
    expect(screen.getByRole('link', { name: 'Governance' })).toHaveAttribute(
      'href',
      '/catalog/default/component/orders/governance',
    );
  });
});
