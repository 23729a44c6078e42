import {
  renderInTestApp,
  TestApiProvider,
} from '@backstage/frontend-test-utils';
import {
  EntityProvider,
  entityRouteRef,
} from '@backstage/plugin-catalog-react';
import type {
  ScorecardsResponse,
  SecretsResponse,
  ViolationsResponse,
} from '@waystone/plugin-governance-common';
import { screen, within } from '@testing-library/react';
import { governanceApiRef } from '../api/GovernanceClient';
import type { GovernanceApi } from '../api/GovernanceClient';
import { rootRouteRef } from '../routes';
import { TeamGovernanceTab } from './TeamGovernanceTab';

const severities = { critical: 0, high: 1, medium: 0, low: 0, unknown: 0 };
const TEAM = 'group:default/shop';

const violations: ViolationsResponse = {
  items: [
    {
      id: 'a',
      policy: 'no-latest-tag',
      title: 'Name a version',
      engine: 'kyverno',
      action: 'deny',
      objects: 1,
      severity: 'high',
      message: 'Image <b>orders</b> has no version',
      subject: {
        cluster: 'prod',
        environment: 'production',
        namespace: 'shop',
        kind: 'Deployment',
        name: 'orders',
        entityRef: 'component:default/orders',
        title: 'Orders',
        owner: TEAM,
      },
      since: '2026-01-01T00:00:00.000Z',
      overdue: true,
      source: 'kyverno/prod',
    },
  ],
  totalItems: 1,
  pageInfo: {},
  summary: { severities, overdue: 1, services: 1 },
  facets: { owners: [], systems: [], environments: [], keys: [] },
  capped: [],
  freshness: [
    { source: 'kyverno/prod', stale: true, reason: 'prod does not answer' },
  ],
};

const secrets: SecretsResponse = {
  items: [],
  totalItems: 0,
  overdue: 0,
  freshness: [],
};

const scorecards: ScorecardsResponse = {
  items: [
    {
      name: 'security',
      title: 'Security',
      levels: ['Bronze'],
      services: 2,
      counts: [
        { level: 'Bronze', count: 1 },
        { level: '', count: 1 },
      ],
      checks: [
        {
          id: 'a',
          title: 'It does not run as root',
          level: 'Bronze',
          passed: 1,
          failed: 1,
          unknown: 0,
        },
        {
          id: 'b',
          title: 'It is measured',
          level: 'Bronze',
          passed: 1,
          failed: 0,
          unknown: 1,
        },
      ],
      teams: [],
    },
  ],
  freshness: [],
};

describe('TeamGovernanceTab', () => {
  it('should have what is found at the services of the team, and ask for no other', async () => {
    const asked: unknown[] = [];
    const api: Partial<GovernanceApi> = {
      listFindings: async (kind, filter) => {
        asked.push([kind, filter.owner]);
        return kind === 'violations'
          ? violations
          : { ...violations, items: [], totalItems: 0, freshness: [] };
      },
      findSecrets: async filter => {
        asked.push(['secrets', filter.owner]);
        return secrets;
      },
      listScorecards: async owner => {
        asked.push(['scorecards', owner]);
        return scorecards;
      },
    };
    await renderInTestApp(
      <TestApiProvider apis={[[governanceApiRef, api]]}>
        <EntityProvider
          entity={{
            apiVersion: 'backstage.io/v1alpha1',
            kind: 'Group',
            metadata: { name: 'shop', namespace: 'default' },
          }}
        >
          <TeamGovernanceTab />
        </EntityProvider>
      </TestApiProvider>,
      {
        mountedRoutes: {
          '/catalog/:namespace/:kind/:name': entityRouteRef,
          '/governance': rootRouteRef,
        },
      },
    );
    const broken = await screen.findByRole('region', { name: 'Violations' });
    // Messages of clusters are text.
    expect(
      await within(broken).findByText(/Image <b>orders<\/b> has no version/),
    ).toBeInTheDocument();
    expect(within(broken).getByText('1 high')).toBeInTheDocument();
    expect(within(broken).getByText(/1 past due/)).toBeInTheDocument();
    expect(
      within(broken).getByText(/prod does not answer/),
    ).toBeInTheDocument();
    expect(
      within(broken).getByRole('link', { name: 'Open with filters' }),
    ).toHaveAttribute('href', '/governance?owner=group%3Adefault%2Fshop');
    expect(
      await screen.findByText('No known weakness runs.'),
    ).toBeInTheDocument();
    expect(
      await screen.findByText(
        'There is no secret of the team that you may know of.',
      ),
    ).toBeInTheDocument();
    const cards = await screen.findByRole('table', { name: 'Scorecards' });
    expect(
      within(cards).getByText('It does not run as root (1)'),
    ).toBeInTheDocument();
    // Not known is no failure.
    expect(within(cards).queryByText(/It is measured/)).toBeNull();

    expect(new Set(asked.map(each => JSON.stringify(each)))).toEqual(
      new Set(
        ['violations', 'vulnerabilities', 'secrets', 'scorecards'].map(what =>
          JSON.stringify([what, TEAM]),
        ),
      ),
    );
  });
});
