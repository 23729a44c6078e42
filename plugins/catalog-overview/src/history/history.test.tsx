import {
  renderInTestApp,
  TestApiProvider,
} from '@backstage/frontend-test-utils';
import { EntityProvider } from '@backstage/plugin-catalog-react';
import type {
  HistoryItem,
  HistoryResponse,
} from '@waystone/plugin-catalog-overview-common';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { ReactElement } from 'react';
import { catalogHistoryApiRef } from './CatalogHistoryClient';
import type { CatalogHistoryApi } from './CatalogHistoryClient';
import { HistoryTab } from './HistoryTab';
import { RemovedPage } from './RemovedPage';

const entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name: 'shop', namespace: 'default' },
};

const promoted: HistoryItem = {
  id: 7,
  at: '2026-11-20T10:00:00.000Z',
  action: 'changed',
  technical: false,
  changes: [
    {
      field: 'spec.lifecycle',
      action: 'changed',
      before: 'experimental',
      after: 'production',
    },
    {
      field: 'spec.dependsOn',
      action: 'removed',
      entry: true,
      before: 'resource:db',
    },
    {
      field: 'spec.definition',
      action: 'changed',
      line: 12,
      before: 'a\nb',
      after: '<img src=x onerror=alert(1)>',
      cut: true,
    },
  ],
  more: 2,
  commit: {
    sha: '0123456789abcdef',
    at: '2026-11-20T09:59:00.000Z',
    author: 'Maya',
    url: 'https://git.example/shop/commit/0123456789abcdef',
  },
};
const registered: HistoryItem = {
  id: 3,
  at: '2026-11-01T10:00:00.000Z',
  action: 'existing',
  technical: false,
  changes: [],
  more: 0,
};
const response: HistoryResponse = {
  entityRef: 'component:default/shop',
  exists: true,
  items: [promoted, registered],
  totalItems: 2,
  pageInfo: {},
  fields: [{ field: 'spec.lifecycle', count: 1 }],
  technical: 4,
};
const nothing: HistoryResponse = {
  ...response,
  items: [],
  totalItems: 0,
  technical: 0,
};

function render(
  page: ReactElement,
  options: Partial<CatalogHistoryApi> & { path?: string } = {},
) {
  const api = {
    ofEntity: jest.fn(options.ofEntity ?? (async () => response)),
    deleted: jest.fn(
      options.deleted ?? (async () => ({ items: [], pageInfo: {} })),
    ),
  };
  renderInTestApp(
    <TestApiProvider apis={[[catalogHistoryApiRef, api]]}>
      <EntityProvider entity={entity}>{page}</EntityProvider>
    </TestApiProvider>,
    { initialRouteEntries: [options.path ?? '/'] },
  );
  return api;
}

describe('HistoryTab', () => {
  it('says in words what happened, and shows the fields when asked', async () => {
    render(<HistoryTab />);
    const toggle = await screen.findByRole('button', {
      name: 'Lifecycle changed from experimental to production; dependency resource:db removed; and 3 more',
    });
    expect(
      screen.getByText('Was there when its history began'),
    ).toBeInTheDocument();
    expect(screen.getByRole('link', { name: /0123456/ })).toHaveAttribute(
      'href',
      promoted.commit!.url,
    );
    expect(screen.queryByText('spec.lifecycle')).not.toBeInTheDocument();

    await userEvent.click(toggle);
    expect(toggle).toHaveAttribute('aria-expanded', 'true');
    expect(screen.getByText('spec.definition')).toHaveTextContent(
      'from line 12',
    );
    // As text
    expect(
      screen.getByText('<img src=x onerror=alert(1)>'),
    ).toBeInTheDocument();
    expect(screen.getByText(/2 more changes are not kept/)).toBeInTheDocument();
  });

  it('takes field and technical changes from the address, and puts them there', async () => {
    const api = render(<HistoryTab />, { path: '/?field=spec.lifecycle' });
    await screen.findByRole('list', { name: 'Changes' });
    expect(api.ofEntity).toHaveBeenCalledWith(
      'component:default/shop',
      expect.objectContaining({ field: 'spec.lifecycle' }),
      expect.anything(),
    );
    await userEvent.click(
      screen.getByRole('switch', { name: 'With 4 technical changes' }),
    );
    await waitFor(() =>
      expect(api.ofEntity).toHaveBeenLastCalledWith(
        'component:default/shop',
        expect.objectContaining({ field: 'spec.lifecycle', technical: true }),
        expect.anything(),
      ),
    );
  });

  it('shows one change by its link, opened, and leads to all', async () => {
    const api = render(<HistoryTab />, {
      path: '/?change=7',
      ofEntity: async (_, { change }) => ({
        ...response,
        items: change ? [promoted] : response.items,
      }),
    });
    expect(await screen.findByText('spec.lifecycle')).toBeInTheDocument();
    expect(
      screen.getByRole('link', { name: /Link to the change of/ }),
    ).toHaveAttribute('href', '/?change=7');
    await userEvent.click(
      screen.getByRole('button', { name: 'Show all changes' }),
    );
    expect(
      await screen.findByText('Was there when its history began'),
    ).toBeInTheDocument();
    expect(api.ofEntity).toHaveBeenCalledTimes(2);
  });

  it('reads on where the page ended', async () => {
    const api = render(<HistoryTab />, {
      ofEntity: async (_, { cursor }) =>
        cursor === undefined
          ? {
              ...response,
              items: [promoted],
              pageInfo: { nextCursor: '7' },
            }
          : { ...response, items: [registered] },
    });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Show more' }),
    );
    expect(
      await screen.findByText('Was there when its history began'),
    ).toBeInTheDocument();
    expect(api.ofEntity.mock.calls[1][1]).toMatchObject({ cursor: 7 });
    const list = screen.getByRole('list', { name: 'Changes' });
    expect(within(list).getAllByRole('listitem')).toHaveLength(2);
  });

  it('says what is missing', async () => {
    render(<HistoryTab />, { ofEntity: async () => nothing });
    expect(
      await screen.findByText('Nothing has been noted yet.'),
    ).toBeInTheDocument();
  });

  it('says what failed, and tries again', async () => {
    let fails = true;
    render(<HistoryTab />, {
      ofEntity: async () => {
        if (fails) {
          fails = false;
          throw new Error('The database is away');
        }
        return response;
      },
    });
    expect(await screen.findByText('The database is away')).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(
      await screen.findByRole('list', { name: 'Changes' }),
    ).toBeInTheDocument();
    expect(screen.queryByText('The database is away')).not.toBeInTheDocument();
  });
});

describe('RemovedPage', () => {
  it('lists what is gone, and shows the history of one', async () => {
    const deleted = async () => ({
      items: [
        {
          entityRef: 'component:default/gone',
          deletedAt: '2026-11-20T10:00:00.000Z',
          id: 9,
        },
      ],
      pageInfo: {},
    });
    const api = render(<RemovedPage />, { deleted });
    await userEvent.click(
      await screen.findByRole('link', { name: 'component:default/gone' }),
    );
    expect(
      await screen.findByRole('heading', {
        name: 'History of component:default/gone',
      }),
    ).toBeInTheDocument();
    await screen.findByRole('list', { name: 'Changes' });
    expect(api.ofEntity).toHaveBeenCalledWith(
      'component:default/gone',
      expect.anything(),
      expect.anything(),
    );
  });

  it('says that there is nothing', async () => {
    render(<RemovedPage />);
    expect(
      await screen.findByText('Nothing was removed since the history began.'),
    ).toBeInTheDocument();
  });
});
