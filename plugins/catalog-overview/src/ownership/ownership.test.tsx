import {
  renderInTestApp,
  TestApiProvider,
} from '@backstage/frontend-test-utils';
import {
  EntityProvider,
  entityRouteRef,
} from '@backstage/plugin-catalog-react';
import type {
  OwnershipResponse,
  UnownedResponse,
} from '@waystone/plugin-catalog-overview-common';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { ReactElement } from 'react';
import { inboxApiRef } from '@waystone/plugin-inbox-react';
import type { InboxSource } from '@waystone/plugin-inbox-react';
import { catalogOwnershipApiRef } from './CatalogOwnershipClient';
import type { CatalogOwnershipApi } from './CatalogOwnershipClient';
import { OwnershipLayout } from './OwnershipLayout';
import { UnownedPage } from './UnownedPage';

const group = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Group',
  metadata: {
    name: 'orders',
    namespace: 'default',
    description: 'Takes orders.',
  },
};
const user = { ...group, kind: 'User', metadata: { name: 'maya' } };

const team: OwnershipResponse = {
  entityRef: 'group:default/orders',
  contact: {
    email: 'orders@example.com',
    chat: { url: 'https://chat.example/orders', title: 'Chat: #orders' },
    onCall: 'https://oncall.example/orders',
    links: [
      { url: 'https://oncall.example/orders', title: 'On-call schedule' },
      { url: 'https://wiki.example/orders', title: 'Team page' },
    ],
  },
  members: {
    items: [
      { entityRef: 'user:default/jonas', title: 'Jonas', leads: true },
      { entityRef: 'user:default/maya', title: 'Maya', leads: false },
    ],
    total: 3,
  },
  parent: { entityRef: 'group:default/engineering', title: 'Engineering' },
  teams: {
    items: [
      {
        entityRef: 'group:default/payments',
        title: 'Payments',
        members: 1,
        owns: 2,
      },
    ],
    total: 1,
  },
  owned: {
    items: [
      {
        entityRef: 'component:default/shop',
        title: 'shop',
        kind: 'component',
        type: 'service',
        lifecycle: 'production',
        tier: '1',
        owner: { entityRef: 'group:default/orders', title: 'Orders' },
        errors: 1,
        warnings: 2,
      },
      {
        entityRef: 'component:default/till',
        title: 'till',
        kind: 'component',
        owner: { entityRef: 'group:default/payments', title: 'Payments' },
      },
    ],
    total: 120,
    direct: 1,
    kinds: [{ kind: 'component', count: 120 }],
  },
  problems: { errors: 1, warnings: 2 },
};

const unowned: UnownedResponse = {
  items: [
    {
      entityRef: 'component:default/widow',
      title: 'widow',
      kind: 'component',
      type: 'service',
      tier: '1',
      reason: 'left',
      owner: 'user:default/gone',
    },
    {
      entityRef: 'api:default/free',
      title: 'free',
      kind: 'api',
      reason: 'missing',
    },
  ],
  totalItems: 2,
  pageInfo: {},
  summary: {
    total: 2,
    reasons: [
      { reason: 'left', count: 1 },
      { reason: 'missing', count: 1 },
    ],
    kinds: [{ kind: 'component', count: 1 }],
    owners: [{ entityRef: 'user:default/gone', count: 1 }],
  },
};

function render(
  page: ReactElement,
  options: Partial<CatalogOwnershipApi> & {
    entity?: typeof group;
    path?: string;
    sources?: readonly InboxSource[];
  } = {},
) {
  const api = {
    ofOwner: jest.fn(options.ofOwner ?? (async () => team)),
    unowned: jest.fn(options.unowned ?? (async () => unowned)),
    exportUnowned: jest.fn(
      options.exportUnowned ?? (async () => new Blob(['a'])),
    ),
  };
  renderInTestApp(
    <TestApiProvider
      apis={[
        [catalogOwnershipApiRef, api],
        [inboxApiRef, { sources: options.sources ?? [] }],
      ]}
    >
      <EntityProvider entity={options.entity ?? group}>{page}</EntityProvider>
    </TestApiProvider>,
    {
      initialRouteEntries: [options.path ?? '/'],
      mountedRoutes: { '/catalog/:namespace/:kind/:name': entityRouteRef },
    },
  );
  return api;
}

describe('OwnershipLayout', () => {
  it('shows how to reach a team, who is in it and what it owns', async () => {
    const api = render(
      <OwnershipLayout
        cards={[
          { element: <p key="other">card of another pillar</p>, type: 'info' },
        ]}
      />,
      {
        sources: [
          {
            id: 'delivery',
            title: 'Delivery',
            read: async ({ owners }) =>
              owners.map(owner => ({
                id: owner,
                state: 'critical',
                title: `What ${owner} owns is down`,
                link: '/delivery',
              })),
          },
        ],
      },
    );
    expect(
      await screen.findByRole('link', { name: /^Who is on call/ }),
    ).toHaveAttribute('href', 'https://oncall.example/orders');
    // Named once
    expect(
      screen.queryByRole('link', { name: /On-call schedule/ }),
    ).not.toBeInTheDocument();
    expect(
      screen.getByRole('link', { name: 'orders@example.com' }),
    ).toHaveAttribute('href', 'mailto:orders@example.com');
    const people = screen.getByRole('list', { name: 'People' });
    expect(within(people).getAllByRole('listitem')[0]).toHaveTextContent(
      'Jonasleads',
    );
    expect(screen.getByText('and 1 more')).toBeInTheDocument();
    expect(screen.getByRole('link', { name: 'Engineering' })).toHaveAttribute(
      'href',
      '/catalog/default/group/engineering',
    );
    expect(screen.getByRole('list', { name: 'Teams below' })).toHaveTextContent(
      '1 person, owns 2 entities',
    );
    expect(
      within(
        screen.getByRole('region', { name: 'What needs the team' }),
      ).getByRole('link', { name: /What group:default\/orders owns is down/ }),
    ).toHaveAttribute('href', '/delivery');
    const table = screen.getByRole('table', { name: 'Owned entities' });
    expect(
      within(table).getByRole('link', { name: '1 error' }),
    ).toHaveAttribute('href', '/catalog-problems?q=component%3Adefault%2Fshop');
    // Problems that one may not know are no problems that are not there
    expect(within(table).queryByText('None')).not.toBeInTheDocument();
    expect(
      screen.getByRole('link', { name: 'Show all in the catalog' }),
    ).toHaveAttribute(
      'href',
      '/catalog?kind=all&owner=group%3Adefault%2Forders',
    );
    expect(screen.getByText('card of another pillar')).toBeInTheDocument();
    expect(api.ofOwner).toHaveBeenCalledTimes(1);
  });

  it('says what nobody named', async () => {
    render(<OwnershipLayout cards={[]} />, {
      ofOwner: async () => ({
        ...team,
        contact: { links: [] },
        members: { items: [], total: 0 },
        owned: { items: [], total: 0, direct: 0, kinds: [] },
      }),
    });
    expect(
      await screen.findByText('Nobody is in this team.'),
    ).toBeInTheDocument();
    expect(screen.getByText(/It names neither chat/)).toBeInTheDocument();
    expect(
      screen.getByText('It owns nothing that you may see.'),
    ).toBeInTheDocument();
  });

  it('shows the teams of a person', async () => {
    render(<OwnershipLayout cards={[]} />, {
      entity: user as typeof group,
      ofOwner: async () => ({
        ...team,
        entityRef: 'user:default/maya',
        parent: undefined,
        members: { items: [], total: 0 },
      }),
    });
    expect(
      await screen.findByRole('list', { name: 'Teams' }),
    ).toBeInTheDocument();
    expect(screen.queryByText('People')).not.toBeInTheDocument();
  });

  it('says what failed, and tries again', async () => {
    let fails = true;
    render(<OwnershipLayout cards={[]} />, {
      ofOwner: async () => {
        if (fails) {
          fails = false;
          throw new Error('The database is away');
        }
        return team;
      },
    });
    expect(await screen.findByText('The database is away')).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(
      await screen.findByRole('table', { name: 'Owned entities' }),
    ).toBeInTheDocument();
  });
});

describe('UnownedPage', () => {
  it('says why nobody looks after an entity, with links to it and its problems', async () => {
    render(<UnownedPage />);
    const table = await screen.findByRole('table', {
      name: 'Entities that nobody looks after',
    });
    expect(
      screen.getByText(/^2 entities that nobody looks after\./),
    ).toBeInTheDocument();
    const [, widow, free] = within(table).getAllByRole('row');
    expect(widow).toHaveTextContent('Owner left');
    expect(widow).toHaveTextContent('user:default/gone');
    expect(free).toHaveTextContent('No owner named');
    expect(
      within(widow).getByRole('link', { name: 'Problems of widow' }),
    ).toHaveAttribute(
      'href',
      '/catalog-problems?q=component%3Adefault%2Fwidow',
    );
  });

  it('takes the filters from the address, for the list and the export', async () => {
    jest.spyOn(HTMLAnchorElement.prototype, 'click').mockReturnValue();
    URL.createObjectURL = jest.fn(() => 'blob:x');
    URL.revokeObjectURL = jest.fn();
    const api = render(<UnownedPage />, {
      path: '/?reason=left&kind=component&reasonable=x',
    });
    await screen.findByRole('table');
    const filters = {
      reason: 'left',
      kind: 'component',
      owner: undefined,
      q: undefined,
    };
    expect(api.unowned).toHaveBeenCalledWith(
      { ...filters, cursor: undefined },
      expect.anything(),
    );
    await userEvent.click(screen.getByRole('button', { name: 'Export CSV' }));
    await waitFor(() =>
      expect(api.exportUnowned).toHaveBeenCalledWith(filters),
    );
  });

  it('tells apart that there is nothing and that nothing matches', async () => {
    render(<UnownedPage />, {
      unowned: async () => ({
        ...unowned,
        items: [],
        totalItems: 0,
      }),
    });
    expect(
      await screen.findByText('Nothing matches these filters.'),
    ).toBeInTheDocument();
  });

  it('says that somebody looks after everything', async () => {
    render(<UnownedPage />, {
      unowned: async () => ({
        ...unowned,
        items: [],
        totalItems: 0,
        summary: { total: 0, reasons: [], kinds: [], owners: [] },
      }),
    });
    expect(
      await screen.findByText(
        'Somebody looks after everything that you may see.',
      ),
    ).toBeInTheDocument();
  });
});
