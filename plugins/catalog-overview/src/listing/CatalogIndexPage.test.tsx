import {
  mockApis,
  renderInTestApp,
  TestApiProvider,
} from '@backstage/frontend-test-utils';
import { storageApiRef } from '@backstage/frontend-plugin-api';
import {
  entityRouteRef,
  MockStarredEntitiesApi,
  starredEntitiesApiRef,
} from '@backstage/plugin-catalog-react';
import type {
  ListingItem,
  ListingResponse,
} from '@waystone/plugin-catalog-overview-common';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useLocation } from 'react-router-dom';
import { CatalogIndexPage } from './CatalogIndexPage';
import { catalogListingApiRef } from './CatalogListingClient';
import type { CatalogListingApi } from './CatalogListingClient';

const orders: ListingItem = {
  entityRef: 'component:default/order-service',
  kind: 'component',
  namespace: 'default',
  name: 'order-service',
  title: 'Order service',
  type: 'service',
  owner: { entityRef: 'group:default/orders', title: 'Orders' },
  system: { entityRef: 'system:default/ordering', title: 'Ordering' },
  lifecycle: 'production',
  tier: '1',
  tags: ['java'],
  docs: true,
};

const attic: ListingItem = {
  entityRef: 'component:default/attic',
  kind: 'component',
  namespace: 'default',
  name: 'attic',
  title: 'attic',
  tags: [],
  docs: false,
};

const response: ListingResponse = {
  items: [orders, attic],
  totalItems: 60,
  kinds: [
    { kind: 'component', count: 60 },
    { kind: 'rocket', count: 1 },
  ],
};

function Address() {
  const { search } = useLocation();
  return <output aria-label="Address">{decodeURIComponent(search)}</output>;
}

function render(
  options: {
    path?: string;
    list?: CatalogListingApi['list'];
    problems?: CatalogListingApi['problems'];
  } = {},
) {
  const listing = {
    list: jest.fn(options.list ?? (async () => response)),
    problems: jest.fn(
      options.problems ??
        (async () => ({ items: [{ entityRef: orders.entityRef, count: 2 }] })),
    ),
    values: jest.fn<
      ReturnType<CatalogListingApi['values']>,
      Parameters<CatalogListingApi['values']>
    >(async () => ({
      items: [
        { value: 'group:default/orders', title: 'Orders', count: 40 },
        { value: '(none)', title: '', count: 3 },
      ],
      totalItems: 1000,
    })),
    export: jest.fn(async () => new Blob(['a'])),
  };
  const stars = new MockStarredEntitiesApi();
  const storage = mockApis.storage();
  renderInTestApp(
    <TestApiProvider
      apis={[
        [catalogListingApiRef, listing],
        [starredEntitiesApiRef, stars],
        [storageApiRef, storage],
      ]}
    >
      <CatalogIndexPage />
      <Address />
    </TestApiProvider>,
    {
      mountedRoutes: { '/catalog/:namespace/:kind/:name': entityRouteRef },
      initialRouteEntries: [options.path ?? '/'],
    },
  );
  return { listing, stars, storage, user: userEvent.setup() };
}

const address = () => screen.getByLabelText('Address').textContent;

// Typing is slow beside other work.
jest.setTimeout(30_000);

describe('CatalogIndexPage', () => {
  it('lists what the catalog has', async () => {
    const { listing } = render();
    expect(await screen.findByText('60 entries')).toBeVisible();
    const rows = within(
      screen.getByRole('table', { name: 'Entries of the catalog' }),
    ).getAllByRole('row');
    await waitFor(() =>
      expect(rows[1]).toHaveTextContent(
        'Order serviceorder-serviceserviceOrdersOrderingproduction12 problems',
      ),
    );
    expect(listing.problems.mock.calls[0][0]).toEqual([
      orders.entityRef,
      attic.entityRef,
    ]);
    // What nobody may know or nobody wrote down is a dash
    expect(rows[2]).toHaveTextContent('attic–––––––');
    expect(screen.getByRole('link', { name: 'Order service' })).toHaveAttribute(
      'href',
      '/catalog/default/component/order-service',
    );
    expect(screen.getByText('1–25 of 60')).toBeVisible();
    expect(listing.list).toHaveBeenCalledTimes(1);
    expect(listing.list.mock.calls[0][0]).toEqual({
      kind: 'component',
      sort: 'name',
      order: 'asc',
      limit: 25,
      offset: 0,
    });
  });

  it('shows the rows without their problems if those cannot be counted', async () => {
    render({
      problems: async () => {
        throw new Error('away');
      },
    });
    expect(await screen.findAllByText('Not counted')).toHaveLength(2);
    expect(screen.getByRole('link', { name: 'Order service' })).toBeVisible();
  });

  it('keeps filter, order and page in the address', async () => {
    const { listing, user } = render();
    await screen.findByText('60 entries');
    await user.click(screen.getByRole('button', { name: 'Next page' }));
    expect(address()).toBe('?page=2');
    await user.click(screen.getByRole('button', { name: 'Tier' }));
    expect(address()).toBe('?sort=tier');
    expect(screen.getByRole('columnheader', { name: 'Tier' })).toHaveAttribute(
      'aria-sort',
      'ascending',
    );
    await user.keyboard('/');
    await user.keyboard('Order/x');
    await waitFor(() => expect(address()).toBe('?q=Order/x&sort=tier'));
    await waitFor(() =>
      expect(listing.list.mock.lastCall?.[0]).toEqual(
        expect.objectContaining({ q: 'Order/x', sort: 'tier', offset: 0 }),
      ),
    );
    await user.click(screen.getByRole('button', { name: 'With problems' }));
    expect(address()).toBe('?q=Order/x&problems=yes&sort=tier');
  });

  it('offers values that the server searched and counted', async () => {
    const { listing, user } = render({ path: '/?tier=1' });
    await screen.findByText('60 entries match');
    await user.click(screen.getByRole('button', { name: 'Filter by Owner' }));
    const dialog = await screen.findByRole('dialog', {
      name: 'Filter by Owner',
    });
    expect(await within(dialog).findByText('40')).toBeVisible();
    expect(
      within(dialog).getByText('998 more. Type to find them.'),
    ).toBeVisible();
    await user.type(
      within(dialog).getByRole('searchbox', { name: 'Search Owner' }),
      'ord',
    );
    await waitFor(() =>
      expect(listing.values.mock.lastCall?.slice(0, 2)).toEqual([
        'owner',
        { kind: 'component', tier: ['1'], search: 'ord' },
      ]),
    );
    await user.click(within(dialog).getByRole('checkbox', { name: /Orders/ }));
    expect(address()).toBe('?owner=group:default/orders&tier=1');
    await user.click(within(dialog).getByRole('checkbox', { name: /None/ }));
    expect(address()).toBe('?owner=group:default/orders&owner=(none)&tier=1');
    await user.click(within(dialog).getByRole('button', { name: 'Any owner' }));
    expect(address()).toBe('?tier=1');
  });

  it('reads links to the stock index', async () => {
    const { listing } = render({
      path: '/?filters[kind]=api&filters[user]=owned',
    });
    await screen.findByText('60 entries match');
    expect(address()).toBe('?kind=api&owner=(mine)');
    expect(listing.list).toHaveBeenCalledTimes(1);
  });

  it('saves a view, shows it and removes it', async () => {
    const { storage, user } = render({ path: '/?tier=1&page=2' });
    await screen.findByText('60 entries match');
    await user.click(screen.getByRole('button', { name: 'Save view' }));
    const dialog = await screen.findByRole('dialog', {
      name: 'Save this view',
    });
    await user.type(
      within(dialog).getByRole('textbox', { name: 'Name' }),
      'Tier one{Enter}',
    );
    const views = screen.getByRole('navigation', { name: 'Views' });
    const saved = await within(views).findByRole('link', {
      name: 'Tier one',
      hidden: true,
    });
    expect(saved).toHaveAttribute('href', '/?tier=1');
    expect(saved).toHaveAttribute('aria-current', 'page');
    const bucket = storage.forBucket('catalog-index');
    expect(bucket.snapshot('views').value).toEqual([
      { name: 'Tier one', query: 'tier=1' },
    ]);
    await waitFor(() =>
      expect(screen.queryByRole('dialog')).not.toBeInTheDocument(),
    );
    // Nothing to save: it is there.
    expect(
      screen.queryByRole('button', { name: 'Save view' }),
    ).not.toBeInTheDocument();
    await user.click(
      screen.getByRole('button', { name: 'Remove view Tier one' }),
    );
    await waitFor(() => expect(saved).not.toBeInTheDocument());
    expect(bucket.snapshot('views').value).toEqual([]);
  });

  it('keeps the choice of columns', async () => {
    const { storage, user } = render();
    await screen.findByText('60 entries');
    await user.click(screen.getByRole('button', { name: 'Columns' }));
    await user.click(
      await screen.findByRole('menuitemcheckbox', { name: 'Tags' }),
    );
    await user.keyboard('{Escape}');
    expect(
      await screen.findByRole('columnheader', { name: 'Tags' }),
    ).toBeVisible();
    expect(
      storage.forBucket('catalog-index').snapshot('columns').value,
    ).toEqual([
      'type',
      'owner',
      'system',
      'lifecycle',
      'tier',
      'tags',
      'docs',
      'problems',
    ]);
  });

  it('stars what is selected, and lists it', async () => {
    const { listing, stars, user } = render();
    await screen.findByText('60 entries');
    await user.click(
      screen.getByRole('checkbox', { name: 'Select all on this page' }),
    );
    expect(screen.getByText('2 selected')).toBeVisible();
    await user.click(screen.getByRole('checkbox', { name: 'Select attic' }));
    await user.click(screen.getByRole('button', { name: 'Star' }));
    expect(
      await screen.findByRole('button', {
        name: 'Remove the star of Order service',
      }),
    ).toHaveAttribute('aria-pressed', 'true');
    expect(screen.queryByText('1 selected')).not.toBeInTheDocument();
    await user.click(screen.getByRole('link', { name: 'Starred' }));
    await waitFor(() =>
      expect(listing.list.mock.lastCall?.[0]).toEqual(
        expect.objectContaining({ entityRef: [orders.entityRef] }),
      ),
    );
    let starred = new Set<string>();
    stars.starredEntitie$().subscribe(refs => {
      starred = refs;
    });
    await waitFor(() => expect([...starred]).toEqual([orders.entityRef]));
  });

  it('exports what is shown, all of it', async () => {
    URL.createObjectURL = jest.fn(() => 'blob:a');
    URL.revokeObjectURL = jest.fn();
    const { listing, user } = render({ path: '/?q=order&page=2' });
    await screen.findByText('60 entries match');
    await user.click(screen.getByRole('button', { name: 'Export CSV' }));
    expect(listing.export).toHaveBeenCalledWith({
      kind: 'component',
      q: 'order',
      sort: 'name',
      order: 'asc',
    });
    listing.export.mockRejectedValueOnce(new Error('too tired'));
    await user.click(screen.getByRole('button', { name: 'Export CSV' }));
    expect(await screen.findByText('too tired')).toBeVisible();
  });

  it('is used with the keys alone', async () => {
    const { user } = render();
    const first = await screen.findByRole('link', { name: 'Order service' });
    first.focus();
    await user.keyboard('{ArrowDown}');
    expect(screen.getByRole('link', { name: 'attic' })).toHaveFocus();
    await user.keyboard('{ArrowUp}');
    expect(first).toHaveFocus();
  });

  it('says why nothing is there', async () => {
    const empty = { ...response, items: [], totalItems: 0 };
    const { user } = render({ path: '/?q=zzz', list: async () => empty });
    expect(
      await screen.findByText('Nothing matches these filters.'),
    ).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Clear the filters' }));
    expect(
      await screen.findByText(/has no entries of this kind/),
    ).toBeVisible();
    expect(
      screen.getByRole('link', { name: 'Register an entry' }),
    ).toBeVisible();
    await user.click(screen.getByRole('link', { name: 'Starred' }));
    expect(await screen.findByText(/You have starred nothing/)).toBeVisible();
  });

  it('keeps what it has when the server fails, and tries again', async () => {
    let fails = false;
    const { user } = render({
      list: async () => {
        if (fails) {
          throw new Error('The index of the catalog is being built');
        }
        return response;
      },
    });
    await screen.findByText('60 entries');
    fails = true;
    await user.click(screen.getByRole('button', { name: 'Next page' }));
    expect(await screen.findByText(/is being built/)).toBeVisible();
    expect(screen.getByRole('link', { name: 'Order service' })).toBeVisible();
    fails = false;
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    await waitFor(() =>
      expect(screen.queryByText(/is being built/)).not.toBeInTheDocument(),
    );
  });
});
