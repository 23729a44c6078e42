import {
  renderInTestApp,
  TestApiProvider,
} from '@backstage/frontend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import {
  EntityProvider,
  entityRouteRef,
} from '@backstage/plugin-catalog-react';
import type {
  OverviewItem,
  OverviewResponse,
} from '@waystone/plugin-catalog-overview-common';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { catalogOverviewApiRef } from '../api/CatalogOverviewClient';
import type { CatalogOverviewApi } from '../api/CatalogOverviewClient';
import { catalogProblemsApiRef } from '../problems/CatalogProblemsClient';
import { problemsRouteRef } from '../problems/problemsRouteRef';
import { OverviewLayout } from './OverviewLayout';

const orders: Entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: {
    name: 'order-service',
    namespace: 'default',
    description: 'Takes an order.',
    annotations: {
      'waystone.dev/tier': '1',
      'backstage.io/managed-by-location': 'file:/a/b/orders/catalog-info.yaml',
    },
    tags: ['java'],
  },
  spec: { type: 'service', lifecycle: 'deprecated' },
  relations: [
    { type: 'partOf', targetRef: 'system:default/ordering' },
    { type: 'dependsOn', targetRef: 'resource:default/orders-database' },
  ],
};

const empty = { items: [], total: 0 };

const nothing: OverviewResponse = {
  entityRef: 'component:default/order-service',
  links: [],
  parts: empty,
  dependencies: empty,
  dependents: empty,
  providesApis: empty,
  consumesApis: empty,
  providers: empty,
  consumers: empty,
  impact: { total: 0, truncated: false },
  entry: { orphan: false },
};

function item(entityRef: string, rest: Partial<OverviewItem> = {}) {
  return {
    entityRef,
    title: entityRef.slice(entityRef.indexOf('/') + 1),
    kind: 'Component',
    exists: true,
    ...rest,
  };
}

const full: OverviewResponse = {
  ...nothing,
  owner: {
    entityRef: 'group:default/orders',
    title: 'Orders',
    kind: 'Group',
    exists: true,
    members: {
      items: [{ entityRef: 'user:default/maya', title: 'Maya Okafor' }],
      total: 12,
    },
  },
  chat: { url: 'https://chat.example/orders', title: 'Chat: #orders' },
  onCall: 'https://oncall.example/orders',
  docs: '/docs/default/component/order-service',
  stack: {
    title: 'Java',
    version: '17',
    state: 'deprecated',
    date: '2027-09-30',
    replacement: 'java@21',
  },
  runbook: '/docs/default/component/order-service/runbook',
  links: [{ url: 'https://graphs.example/orders', title: 'Dashboard' }],
  system: {
    entity: item('system:default/ordering', { title: 'Ordering' }),
    otherParts: { items: [item('component:default/pricing')], total: 1 },
  },
  dependencies: {
    items: [
      item('resource:default/orders-database', {
        type: 'database',
        tier: '2',
        owner: { entityRef: 'group:default/data', title: 'Data' },
      }),
      item('component:default/gone', { exists: false }),
    ],
    total: 30,
  },
  dependents: {
    items: [item('component:default/shop', { via: 'api:default/orders-api' })],
    total: 1,
  },
  impact: { total: 7, truncated: false },
  entry: {
    orphan: true,
    errors: 2,
    changedAt: '2020-01-01T00:00:00Z',
    sourceUrl: 'https://git.example/orders/catalog-info.yaml',
  },
};

function render(
  getOverview: CatalogOverviewApi['getOverview'],
  cards: Parameters<typeof OverviewLayout>[0]['cards'] = [],
) {
  const api = {
    getOverview: jest.fn(getOverview),
    getImpact: jest.fn(),
    exportImpact: jest.fn(),
  };
  renderInTestApp(
    <TestApiProvider
      apis={[
        [catalogOverviewApiRef, api],
        [
          catalogProblemsApiRef,
          {
            ofEntity: async () => ({
              allowed: false,
              items: [],
              outdated: false,
            }),
          },
        ],
      ]}
    >
      <EntityProvider entity={orders}>
        <OverviewLayout cards={cards} />
      </EntityProvider>
    </TestApiProvider>,
    {
      mountedRoutes: {
        '/catalog/:namespace/:kind/:name': entityRouteRef,
        '/catalog-problems': problemsRouteRef,
      },
    },
  );
  return api;
}

const list = (name: RegExp) => screen.findByRole('list', { name });

describe('OverviewLayout', () => {
  it('says what it is, who owns it, and what surrounds it, with one request', async () => {
    const api = render(async () => full);
    expect(await screen.findByText('Takes an order.')).toBeVisible();
    const owner = await screen.findByRole('region', { name: 'Owner' });
    for (const [name, href] of [
      ['Orders', '/catalog/default/group/orders'],
      ['Maya Okafor', '/catalog/default/user/maya'],
      [/^Chat: #orders/, 'https://chat.example/orders'],
      [/^Who is on call/, 'https://oncall.example/orders'],
    ] as const) {
      expect(await within(owner).findByRole('link', { name })).toHaveAttribute(
        'href',
        href,
      );
    }
    expect(owner).toHaveTextContent('11 more');
    expect(screen.getByRole('region', { name: 'About' })).toHaveTextContent(
      /Stack.*Java 17.*Deprecated.*Ends on Sep 30, 2027\. Move to java@21\./,
    );
    const needs = await list(/^Depends on 30/);
    const [database, gone] = within(needs).getAllByRole('listitem');
    expect(database).toHaveTextContent(
      /orders-database.*database.*tier 2.*Data/,
    );
    expect(gone).toHaveTextContent('Not in the catalog');
    expect(within(gone).queryByRole('link')).toBeNull();
    expect(await list(/^Needed by 1/)).toHaveTextContent(/shop.*by orders-api/);
    expect(
      screen.getByText(/If order-service is down, 7 entities break/),
    ).toBeVisible();
    expect(screen.getByRole('link', { name: 'Who breaks' })).toHaveAttribute(
      'href',
      '/catalog/default/component/order-service/impact',
    );
    expect(screen.getByRole('link', { name: 'Runbook' })).toHaveAttribute(
      'href',
      '/docs/default/component/order-service/runbook',
    );
    expect(
      screen.getByRole('heading', { name: 'Other parts of Ordering' }),
    ).toBeVisible();
    expect(
      screen.getByText('Its source no longer names this entry'),
    ).toBeVisible();
    expect(
      screen.getByText('The last reading of its file had 2 errors'),
    ).toBeVisible();
    expect(
      screen.getByRole('link', { name: /b\/orders\/catalog-info.yaml/ }),
    ).toHaveAttribute('href', 'https://git.example/orders/catalog-info.yaml');
    expect(api.getOverview).toHaveBeenCalledTimes(1);
  });

  it('shows the entity before the rest is read, and says what there is not', async () => {
    let answer: (response: OverviewResponse) => void = () => {};
    render(() => new Promise(resolve => (answer = resolve)));
    expect(await screen.findByText('Takes an order.')).toBeVisible();
    expect(
      screen.getAllByRole('status', { name: /Reading what surrounds/ }),
    ).toHaveLength(2);
    answer(nothing);
    expect(
      await screen.findByText(
        /Nothing that the catalog knows of needs order-s/,
      ),
    ).toBeVisible();
    expect(screen.getByText(/Nobody that you may see owns it/)).toBeVisible();
    expect(screen.queryByRole('list', { name: 'State' })).toBeNull();
  });

  it('keeps the entity when the rest fails, and tries again', async () => {
    let failed = false;
    render(async () => {
      if (!failed) {
        failed = true;
        throw new Error('the database is away');
      }
      return full;
    });
    expect(await screen.findByText('the database is away')).toBeVisible();
    expect(screen.getByText('Takes an order.')).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByRole('link', { name: 'Orders' })).toBeVisible();
  });

  it('says which permission is missing', async () => {
    render(async () => {
      throw Object.assign(new Error('no'), { name: 'NotAllowedError' });
    });
    expect(await screen.findByText(/catalog\.entity\.read/)).toBeVisible();
  });

  it('has a row for states, and a place for other cards', async () => {
    render(
      async () => full,
      [
        { type: 'info', element: <p>Deployed</p> },
        { type: 'content', element: <p>Something else</p> },
      ],
    );
    expect(await list(/^State$/)).toHaveTextContent('Deployed');
    expect(screen.getByText('Something else')).toBeVisible();
  });
});
