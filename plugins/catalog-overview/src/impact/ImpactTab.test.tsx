import {
  renderInTestApp,
  TestApiProvider,
} from '@backstage/frontend-test-utils';
import { EntityProvider } from '@backstage/plugin-catalog-react';
import { entityRouteRef } from '@backstage/plugin-catalog-react';
import type {
  ImpactItem,
  ImpactResponse,
} from '@waystone/plugin-catalog-overview-common';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { catalogOverviewApiRef } from '../api/CatalogOverviewClient';
import type { CatalogOverviewApi } from '../api/CatalogOverviewClient';
import { ImpactTab } from './ImpactTab';

const inventory = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name: 'inventory-service', namespace: 'default' },
};

const orders: ImpactItem = {
  entityRef: 'component:default/order-service',
  title: 'order-service',
  kind: 'Component',
  type: 'service',
  tier: '1',
  owner: 'group:default/orders',
  system: 'system:default/ordering',
  depth: 1,
  via: 'component:default/inventory-service',
  exists: true,
};

const gone: ImpactItem = {
  entityRef: 'component:default/gone',
  title: 'gone',
  kind: 'component',
  depth: 2,
  via: 'component:default/order-service',
  exists: false,
};

const response: ImpactResponse = {
  items: [orders],
  totalItems: 2,
  pageInfo: { nextCursor: '1' },
  summary: {
    total: 2,
    owners: [{ entityRef: 'group:default/orders', count: 1 }, { count: 1 }],
    kinds: [{ kind: 'component', count: 2 }],
    depths: [{ depth: 1, count: 1 }],
    cyclic: true,
    truncated: false,
  },
};

const nothing: ImpactResponse = {
  items: [],
  totalItems: 0,
  pageInfo: {},
  summary: {
    total: 0,
    owners: [],
    kinds: [],
    depths: [],
    cyclic: false,
    truncated: false,
  },
};

function render(getImpact: CatalogOverviewApi['getImpact'], path = '/') {
  const api = {
    getOverview: jest.fn(),
    getImpact: jest.fn(getImpact),
    exportImpact: jest.fn(async () => new Blob(['a'])),
  };
  renderInTestApp(
    <TestApiProvider apis={[[catalogOverviewApiRef, api]]}>
      <EntityProvider entity={inventory}>
        <ImpactTab />
      </EntityProvider>
    </TestApiProvider>,
    {
      initialRouteEntries: [path],
      mountedRoutes: { '/catalog/:namespace/:kind/:name': entityRouteRef },
    },
  );
  return api;
}

describe('ImpactTab', () => {
  it('says who breaks, and shows more on request', async () => {
    const api = render(async (_, { cursor }) =>
      cursor ? { ...response, items: [gone], pageInfo: {} } : response,
    );
    expect(
      await screen.findByText(
        /If inventory-service is down, 2 entities of 2 owners break.*cycle/,
      ),
    ).toBeVisible();
    const table = screen.getByRole('table', { name: 'Affected entities' });
    expect(within(table).getAllByRole('row')[1]).toHaveTextContent(
      /order-service.*Component, service.*orders.*ordering.*1.*1.*directly/,
    );
    await userEvent.click(screen.getByRole('button', { name: 'Show more' }));
    expect(await within(table).findByText('Not in the catalog')).toBeVisible();
    expect(within(table).getAllByRole('row')).toHaveLength(3);
    expect(screen.queryByRole('button', { name: 'Show more' })).toBeNull();
    expect(api.getImpact).toHaveBeenCalledTimes(2);
  });

  it('takes its filters from the address', async () => {
    const api = render(
      async () => response,
      '/?direction=dependencies&owner=group:default/orders&q=ord',
    );
    expect(
      await screen.findByText(/inventory-service needs 2 entities/),
    ).toBeVisible();
    expect(api.getImpact).toHaveBeenLastCalledWith(
      'component:default/inventory-service',
      expect.objectContaining({
        direction: 'dependencies',
        owner: 'group:default/orders',
        q: 'ord',
      }),
      expect.anything(),
    );
    await userEvent.click(screen.getByRole('radio', { name: 'Who breaks' }));
    await waitFor(() =>
      expect(api.getImpact).toHaveBeenLastCalledWith(
        'component:default/inventory-service',
        expect.objectContaining({ direction: 'dependents', owner: undefined }),
        expect.anything(),
      ),
    );
  });

  it('says why there is nothing, and what would change that', async () => {
    render(async () => nothing);
    expect(
      await screen.findByText(
        'Nothing that the catalog knows of depends on inventory-service.',
      ),
    ).toBeVisible();
    expect(screen.getByText(/spec\.dependsOn/)).toBeVisible();
  });

  it('says that no entity matches, and clears the filters', async () => {
    const api = render(
      async (_, { q }) =>
        q ? { ...response, items: [], totalItems: 0, pageInfo: {} } : response,
      '/?q=zzz',
    );
    await userEvent.click(
      await screen.findByRole('button', { name: 'Clear the filters' }),
    );
    expect(await screen.findByRole('table')).toBeVisible();
    expect(api.getImpact).toHaveBeenCalledTimes(2);
  });

  it('says what failed', async () => {
    render(async () => {
      throw new Error('the database is away');
    });
    expect(await screen.findByText('the database is away')).toBeVisible();
  });

  it('exports what the filters show', async () => {
    URL.createObjectURL = jest.fn(() => 'blob:none');
    URL.revokeObjectURL = jest.fn();
    const api = render(async () => response, '/?kind=component');
    await userEvent.click(
      await screen.findByRole('button', { name: 'Export CSV' }),
    );
    await waitFor(() =>
      expect(api.exportImpact).toHaveBeenCalledWith(
        'component:default/inventory-service',
        expect.objectContaining({ kind: 'component' }),
      ),
    );
  });
});
