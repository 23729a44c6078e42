import {
  renderInTestApp,
  TestApiProvider,
} from '@backstage/frontend-test-utils';
import { entityRouteRef } from '@backstage/plugin-catalog-react';
import { searchApiRef } from '@backstage/plugin-search-react';
import type {
  DocsSite,
  DocsSitesResponse,
} from '@waystone/plugin-techdocs-native-common';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { docsSitesApiRef } from '../api/DocsSitesClient';
import { DocsHome } from './DocsHome';

const DAY = 24 * 3600 * 1000;
const before = (days: number) =>
  new Date(Date.now() - days * DAY).toISOString();

const ordering = { entityRef: 'system:default/ordering', title: 'Ordering' };
const orders = { entityRef: 'group:default/orders', title: 'Orders' };

const site = (name: string, more: Partial<DocsSite> = {}): DocsSite => ({
  entityRef: `component:default/${name}`,
  title: name,
  kind: 'component',
  owners: [orders],
  mine: false,
  state: 'built',
  changedAt: before(21),
  stale: false,
  reads: 12,
  ...more,
});

const sites = [
  site('order-service', {
    system: ordering,
    changedBy: 'Priya Raman',
    mine: true,
    problemCount: 2,
  }),
  site('payment-service', {
    system: ordering,
    changedAt: before(500),
    stale: true,
  }),
  site('shop-web', { state: 'unknown', changedAt: undefined }),
];

function answer(items: DocsSite[], totalItems = items.length) {
  const response: DocsSitesResponse = {
    items,
    totalItems,
    summary: {
      all: 3,
      mine: 1,
      stale: 1,
      systems: [{ ...ordering, count: 2 }],
      owners: [{ ...orders, count: 3 }],
    },
  };
  return response;
}

async function show(options: {
  address?: string;
  list?: jest.Mock;
  query?: jest.Mock;
}) {
  const list = options.list ?? jest.fn().mockResolvedValue(answer(sites));
  const query = options.query ?? jest.fn().mockResolvedValue({ results: [] });
  await renderInTestApp(
    <TestApiProvider
      apis={[
        [docsSitesApiRef, { list }],
        [searchApiRef, { query }],
      ]}
    >
      <DocsHome />
    </TestApiProvider>,
    {
      initialRouteEntries: [options.address ?? '/'],
      mountedRoutes: { '/catalog/:namespace/:kind/:name': entityRouteRef },
    },
  );
  return { list, query };
}

describe('DocsHome', () => {
  it('lists docs by system, with owner, age and what is to fix', async () => {
    const { list } = await show({});
    expect(
      await screen.findByText(/Docs of 3 entities. 1 was not changed/),
    ).toBeInTheDocument();
    expect(
      screen.getByRole('rowheader', { name: 'Ordering' }),
    ).toBeInTheDocument();
    expect(
      screen.getByRole('rowheader', { name: 'Without a system' }),
    ).toBeInTheDocument();
    const own = screen.getByRole('row', { name: /order-service/ });
    expect(
      within(own).getByRole('link', { name: 'order-service' }),
    ).toHaveAttribute('href', '/docs/default/component/order-service');
    expect(within(own).getByText('3 weeks ago')).toBeInTheDocument();
    expect(within(own).getByText('by Priya Raman')).toBeInTheDocument();
    expect(within(own).getByText('2 things to fix')).toBeInTheDocument();
    expect(within(own).getByRole('link', { name: 'Feedback' })).toHaveAttribute(
      'href',
      '/docs-feedback/default/component/order-service',
    );
    const old = screen.getByRole('row', { name: /payment-service/ });
    expect(within(old).getByText('Stale')).toBeInTheDocument();
    expect(
      within(old).queryByRole('link', { name: 'Feedback' }),
    ).not.toBeInTheDocument();
    expect(screen.getByText('Not built yet')).toBeInTheDocument();
    expect(list).toHaveBeenLastCalledWith(
      {
        view: 'all',
        sort: 'system',
        offset: 0,
        limit: 25,
      },
      expect.anything(),
    );
  });

  it('asks for what its address says, and sorts by a column', async () => {
    const { list } = await show({
      address: '/?view=stale&owner=group:default/orders&page=2',
    });
    await screen.findByRole('table');
    expect(list).toHaveBeenLastCalledWith(
      {
        view: 'stale',
        sort: 'changed',
        owner: 'group:default/orders',
        offset: 25,
        limit: 25,
      },
      expect.anything(),
    );
    await userEvent.click(
      screen.getByRole('button', { name: 'Read in 30 days' }),
    );
    await waitFor(() =>
      expect(list).toHaveBeenLastCalledWith(
        expect.objectContaining({ sort: 'reads', offset: 0 }),
        expect.anything(),
      ),
    );
  });

  it('searches the pages by section in place', async () => {
    const { query } = await show({
      query: jest.fn().mockResolvedValue({
        results: [
          {
            type: 'techdocs',
            document: {
              title: 'Order states',
              text: 'An order is open until it is paid.',
              location: '/docs/default/component/order-service/#order-states',
              name: 'order-service',
            },
          },
        ],
      }),
    });
    await screen.findByRole('table');
    await userEvent.keyboard('/');
    expect(
      screen.getByRole('searchbox', { name: 'Search all docs' }),
    ).toHaveFocus();
    await userEvent.keyboard('states');
    const link = await screen.findByRole('link', { name: 'Order states' });
    expect(link).toHaveAttribute(
      'href',
      '/docs/default/component/order-service/#order-states',
    );
    expect(query).toHaveBeenLastCalledWith(
      { term: 'states', types: ['techdocs'], pageLimit: 8 },
      expect.anything(),
    );
  });

  it('says why nothing is listed, and goes back to everything', async () => {
    const list = jest
      .fn()
      .mockImplementation(async ({ owner }) => answer(owner ? [] : sites));
    await show({ list, address: '/?owner=group:default/gone' });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Clear the filters' }),
    );
    expect(await screen.findByRole('table')).toBeInTheDocument();
  });

  it('says what failed, and asks again', async () => {
    const list = jest
      .fn()
      .mockRejectedValueOnce(new Error('The database does not answer'))
      .mockResolvedValue(answer(sites));
    await show({ list });
    expect(
      await screen.findByText('The database does not answer'),
    ).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByRole('table')).toBeInTheDocument();
  });
});
