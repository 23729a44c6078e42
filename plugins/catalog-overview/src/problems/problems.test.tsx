import {
  renderInTestApp,
  TestApiProvider,
} from '@backstage/frontend-test-utils';
import { catalogApiRef, entityRouteRef } from '@backstage/plugin-catalog-react';
import { catalogApiMock } from '@backstage/plugin-catalog-react/testUtils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { permissionApiRef } from '@backstage/plugin-permission-react';
import type {
  EntityProblemsResponse,
  ProblemsResponse,
} from '@waystone/plugin-catalog-overview-common';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { catalogProblemsApiRef } from './CatalogProblemsClient';
import type { CatalogProblemsApi } from './CatalogProblemsClient';
import { ProblemsPage } from './ProblemsPage';
import { problemsRouteRef } from './problemsRouteRef';
import { ProblemStrip as Strip } from './ProblemStrip';
import { useEntityProblems } from './useEntityProblems';

function ProblemStrip(props: { entityRef: string }) {
  const { response } = useEntityProblems(props.entityRef);
  return <Strip {...props} response={response} />;
}

const SHOP = 'component:default/shop';

const broken: EntityProblemsResponse = {
  allowed: true,
  outdated: true,
  shownSince: '2026-11-01T10:00:00.000Z',
  items: [
    {
      id: 'annotation-invalid',
      severity: 'error',
      message: 'It has to be a text.',
      field: 'metadata.annotations["waystone.dev/tier"]',
      file: 'catalog-info.yaml',
      line: 7,
      column: 24,
      fix: { description: 'Put the value in quotes', patch: [] },
      diff: {
        line: 7,
        removed: ['    waystone.dev/tier: 1'],
        added: ["    waystone.dev/tier: '1'"],
      },
    },
    { id: 'stuck', severity: 'warning', message: 'It is stuck.' },
  ],
};

const all: ProblemsResponse = {
  items: [
    {
      entityRef: SHOP,
      id: 'tier-invalid',
      severity: 'error',
      message: "The tier can't be 'gold'.",
      owners: ['group:default/orders'],
    },
    {
      entityRef: 'component:default/lost',
      id: 'orphaned',
      severity: 'warning',
      message: 'Nothing brings it.',
      owners: [],
    },
  ],
  totalItems: 3,
  pageInfo: { nextCursor: '2' },
  summary: {
    errors: 1,
    warnings: 2,
    kinds: [{ kind: 'component', count: 3 }],
    owners: [{ entityRef: 'group:default/orders', count: 1 }],
    everybody: true,
  },
};

const nothing: ProblemsResponse = {
  items: [],
  totalItems: 0,
  pageInfo: {},
  summary: { errors: 0, warnings: 0, kinds: [], owners: [], everybody: false },
};

function render(
  element: JSX.Element,
  answers: Partial<CatalogProblemsApi>,
  path = '/',
  allowed = true,
) {
  const api = {
    list: jest.fn(answers.list ?? (async () => all)),
    ofEntity: jest.fn(answers.ofEntity ?? (async () => broken)),
    unregistered: jest.fn(
      answers.unregistered ??
        (async () => ({ items: [], truncated: false, unknown: [] })),
    ),
    proposeWorkload: jest.fn(
      answers.proposeWorkload ??
        (async () => ({
          number: 5,
          title: 'Register exports',
          url: 'https://git.example/exports/pulls/5',
          created: true,
        })),
    ),
    repositoriesFor: jest.fn(
      answers.repositoriesFor ?? (async () => ({ items: [] })),
    ),
    placeWorkload: jest.fn(answers.placeWorkload),
    proposeFix: jest.fn(
      answers.proposeFix ??
        (async () => ({
          number: 4,
          title: 'Put the value in quotes',
          url: 'https://git.example/shop/pulls/4',
          created: true,
        })),
    ),
  };
  const catalog = catalogApiMock.mock();
  renderInTestApp(
    <TestApiProvider
      apis={[
        [catalogProblemsApiRef, api],
        [catalogApiRef, catalog],
        [
          permissionApiRef,
          {
            authorize: async () => ({
              result: allowed ? AuthorizeResult.ALLOW : AuthorizeResult.DENY,
            }),
          },
        ],
      ]}
    >
      {element}
    </TestApiProvider>,
    {
      initialRouteEntries: [path],
      mountedRoutes: {
        '/catalog/:namespace/:kind/:name': entityRouteRef,
        '/catalog-problems': problemsRouteRef,
      },
    },
  );
  return { api, catalog };
}

describe('ProblemStrip', () => {
  it('says what is wrong, in which line, and with which patch', async () => {
    const user = userEvent.setup();
    const write = jest.spyOn(navigator.clipboard, 'writeText');
    const { api } = render(<ProblemStrip entityRef={SHOP} />, {});
    const strip = await screen.findByRole('region', {
      name: 'Problems of the catalog entry',
    });
    expect(strip).toHaveTextContent('2 problems in the catalog entry');
    expect(strip).toHaveTextContent(
      /shows the last good version, from .* See line 7, column 24\./,
    );
    expect(api.ofEntity).toHaveBeenCalledWith(SHOP, expect.anything());
    expect(screen.getByText('It is stuck.')).not.toBeVisible();
    await user.click(
      screen.getByRole('button', { name: 'Show what is wrong' }),
    );
    expect(screen.getByText('catalog-info.yaml:7:24')).toBeVisible();
    const patch = screen.getByRole('figure', { name: 'Patch for line 7' });
    expect(patch).toHaveTextContent(
      "- waystone.dev/tier: 1 + waystone.dev/tier: '1'",
    );
    await user.click(
      within(patch).getByRole('button', { name: 'Copy the new lines' }),
    );
    expect(write).toHaveBeenCalledWith("    waystone.dev/tier: '1'\n");
    expect(
      screen.getByRole('link', { name: 'All catalog problems' }),
    ).toHaveAttribute('href', '/catalog-problems');
  });

  const commit = (sha: string, author: string) => ({
    sha,
    at: '2026-11-02T10:00:00Z',
    author,
    url: `https://git.example/shop/commit/${sha}`,
  });
  const onForge: EntityProblemsResponse = {
    ...broken,
    items: [{ ...broken.items[0], fixId: '0123456789abcdef' }],
    proposal: {
      possible: true,
      repository: 'fernway/shop',
      path: 'catalog-info.yaml',
      branch: 'main',
    },
    broken: {
      since: '2026-11-02T10:00:00Z',
      by: commit('badbadbad', 'Maya'),
      shown: commit('goodgoodgood', 'Priya'),
    },
  };
  const show = async (answers: Partial<CatalogProblemsApi>) => {
    const rendered = render(<ProblemStrip entityRef={SHOP} />, answers);
    await userEvent.click(
      await screen.findByRole('button', { name: 'Show what is wrong' }),
    );
    return rendered;
  };

  it('names the commits of the version that is shown and of the one that broke it', async () => {
    await show({ ofEntity: async () => onForge });
    expect(screen.getByRole('region', { name: /^Problems/ })).toHaveTextContent(
      /version of commit goodgoo.* by Priya.*broken since .*commit badbadb.* by Maya/,
    );
  });

  it('opens a pull request only after saying where, and shows it', async () => {
    const { api } = await show({ ofEntity: async () => onForge });
    await userEvent.click(
      screen.getByRole('button', { name: 'Open a pull request' }),
    );
    expect(
      screen.getByText(/go to a new branch of fernway\/shop/),
    ).toBeVisible();
    expect(api.proposeFix).not.toHaveBeenCalled();
    await userEvent.click(
      screen.getByRole('button', { name: 'Open in fernway/shop' }),
    );
    expect(
      await screen.findByRole('link', { name: /Pull request #4/ }),
    ).toHaveAttribute('href', 'https://git.example/shop/pulls/4');
    expect(api.proposeFix).toHaveBeenCalledTimes(1);
    expect(api.proposeFix).toHaveBeenCalledWith(SHOP, '0123456789abcdef');
  });

  it('says why a pull request failed, and lets it be tried again', async () => {
    await show({
      ofEntity: async () => onForge,
      proposeFix: async () => {
        throw new Error('The file has changed');
      },
    });
    await userEvent.click(
      screen.getByRole('button', { name: 'Open a pull request' }),
    );
    const name = 'Open in fernway/shop';
    await userEvent.click(screen.getByRole('button', { name }));
    expect(await screen.findByText('The file has changed')).toBeVisible();
    expect(screen.getByRole('button', { name })).toBeEnabled();
  });

  it('says why there can be no pull request', async () => {
    await show({
      ofEntity: async () => ({
        ...onForge,
        proposal: { possible: false, reason: 'It is on a disk.' },
      }),
    });
    expect(
      screen.getByText('No pull request from here: It is on a disk.'),
    ).toBeVisible();
  });

  it('tells others that the version is not the newest, and nothing of why', async () => {
    render(<ProblemStrip entityRef={SHOP} />, {
      ofEntity: async () => ({
        allowed: false,
        items: [],
        outdated: true,
        shownSince: '2026-11-01T10:00:00Z',
      }),
    });
    expect(
      await screen.findByText('This is not the newest version'),
    ).toBeVisible();
    expect(screen.queryByRole('button')).toBeNull();
  });

  it.each<[string, () => Promise<EntityProblemsResponse>]>([
    ['to others', async () => ({ allowed: false, items: [], outdated: false })],
    [
      'where nothing is wrong',
      async () => ({ allowed: true, items: [], outdated: false }),
    ],
    [
      'when it fails',
      async () => {
        throw new Error('away');
      },
    ],
  ])('says nothing %s', async (_, ofEntity) => {
    const { api } = render(<ProblemStrip entityRef={SHOP} />, { ofEntity });
    await waitFor(() => expect(api.ofEntity).toHaveBeenCalled());
    await expect(
      screen.findByRole('region', { name: /^Problems/ }, { timeout: 100 }),
    ).rejects.toThrow();
  });
});

describe('ProblemsPage', () => {
  it('lists problems with their owners, and more on request', async () => {
    const { api } = render(<ProblemsPage />, {});
    expect(
      await screen.findByText('1 error and 2 warnings in the catalog.'),
    ).toBeVisible();
    const table = screen.getByRole('table', { name: 'Problems' });
    const [, first, second] = within(table).getAllByRole('row');
    expect(first).toHaveTextContent(/shop.*Error.*gold.*orders/);
    expect(second).toHaveTextContent(/lost.*Warning.*Nobody/);
    await userEvent.click(screen.getByRole('button', { name: 'Show more' }));
    await waitFor(() =>
      expect(api.list).toHaveBeenLastCalledWith(
        expect.objectContaining({ cursor: 2 }),
        expect.anything(),
      ),
    );
  });

  it('takes its filters from the address, and clears them', async () => {
    const { api } = render(
      <ProblemsPage />,
      {
        list: async ({ q }) =>
          q ? { ...all, items: [], totalItems: 0, pageInfo: {} } : all,
      },
      '/?severity=error&owner=group:default/orders&kind=api&q=zzz',
    );
    await userEvent.click(
      await screen.findByRole('button', { name: 'Clear the filters' }),
    );
    expect(await screen.findByRole('table')).toBeVisible();
    expect(api.list.mock.calls[0][0]).toMatchObject({
      severity: 'error',
      owner: 'group:default/orders',
      kind: 'api',
      q: 'zzz',
    });
  });

  it('refreshes an entity, and says so', async () => {
    const { api, catalog } = render(<ProblemsPage />, {});
    await userEvent.click(
      await screen.findByRole('button', { name: `Refresh ${SHOP}` }),
    );
    expect(catalog.refreshEntity).toHaveBeenCalledWith(SHOP);
    expect(
      await screen.findByText(`${SHOP} will be read again in a moment.`),
    ).toBeVisible();
    expect(api.list).toHaveBeenCalledTimes(2);
  });

  it('shows lines and patches without leaving the list', async () => {
    const { api } = render(<ProblemsPage />, {});
    await userEvent.click(
      await screen.findByRole('button', { name: `Fix ${SHOP}` }),
    );
    const dialog = await screen.findByRole('dialog');
    expect(
      await within(dialog).findByText('catalog-info.yaml:7:24'),
    ).toBeVisible();
    expect(api.ofEntity).toHaveBeenCalledWith(SHOP, expect.anything());
  });

  it('removes an orphan only after asking', async () => {
    const { catalog } = render(<ProblemsPage />, {});
    catalog.getEntityByRef.mockResolvedValue({
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Component',
      metadata: { name: 'lost', uid: 'the-uid' },
    });
    await userEvent.click(
      await screen.findByRole('button', {
        name: 'Remove component:default/lost',
      }),
    );
    const dialog = await screen.findByRole('dialog');
    expect(catalog.removeEntityByUid).not.toHaveBeenCalled();
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Remove from the catalog' }),
    );
    await waitFor(() =>
      expect(catalog.removeEntityByUid).toHaveBeenCalledWith('the-uid'),
    );
  });

  it('offers no removal to those who may not', async () => {
    const [, lost] = all.items;
    const kept = { ...lost, entityRef: 'component:default/kept' };
    render(
      <ProblemsPage />,
      { list: async () => ({ ...all, items: [kept] }) },
      '/',
      false,
    );
    expect(await screen.findByText('Nothing brings it.')).toBeVisible();
    expect(screen.queryByRole('button', { name: /^Remove/ })).toBeNull();
  });

  it('lists what runs unregistered by namespace, and registers it by pull request', async () => {
    const workload = {
      id: 'nonprod/ordering-staging/Deployment/exports',
      kind: 'Deployment',
      name: 'exports',
      cluster: 'nonprod',
      namespace: 'ordering-staging',
      environment: 'staging',
      file: 'apiVersion: backstage.io/v1alpha1\nkind: Component\n',
      proposal: {
        possible: true,
        repository: 'fernway/exports',
        path: 'catalog-info.yaml',
        branch: 'main',
      } as const,
    };
    const { api } = render(<ProblemsPage />, {
      unregistered: async () => ({
        items: [workload],
        truncated: false,
        unknown: ['prod'],
      }),
    });
    const section = await screen.findByRole('region', {
      name: 'Unregistered: 1 workload',
    });
    expect(section).toHaveTextContent(
      /Nothing current is known of prod.*1 in ordering-staging.*exports.*Deployment/,
    );
    await userEvent.click(
      screen.getByRole('button', { name: 'Register exports' }),
    );
    const dialog = await screen.findByRole('dialog');
    expect(dialog).toHaveTextContent('+ kind: Component');
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Open a pull request' }),
    );
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Open in fernway/exports' }),
    );
    expect(
      await within(dialog).findByRole('link', { name: /Pull request #5/ }),
    ).toBeVisible();
    expect(api.proposeWorkload).toHaveBeenCalledWith({ id: workload.id });
  });

  it('has the repository chosen where nobody knows it', async () => {
    const workload = {
      id: 'nonprod/ordering-staging/Deployment/exports',
      kind: 'Deployment',
      name: 'exports',
      cluster: 'nonprod',
      namespace: 'ordering-staging',
      environment: 'staging',
      file: 'kind: Component\n',
      proposal: { possible: false, reason: 'nobody knows' } as const,
      isRepositoryOpen: true,
    };
    const url = 'https://git.example/fernway/exports';
    const { api } = render(<ProblemsPage />, {
      unregistered: async () => ({
        items: [workload],
        truncated: false,
        unknown: [],
      }),
      repositoriesFor: async (_, text) => ({
        items: text
          ? [{ url, name: 'fernway/exports', description: 'Exports orders.' }]
          : [],
      }),
      placeWorkload: async () => ({
        ...workload,
        file: 'description: Exports orders.\n',
        proposal: {
          possible: true,
          repository: 'fernway/exports',
          path: 'catalog-info.yaml',
          branch: 'main',
        },
      }),
    });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Register exports' }),
    );
    const dialog = within(await screen.findByRole('dialog'));
    expect(
      await dialog.findByText('No repository has this in its name.'),
    ).toBeVisible();
    expect(
      dialog.queryByRole('button', { name: 'Open a pull request' }),
    ).toBeNull();
    await userEvent.type(
      dialog.getByRole('searchbox', { name: 'Search repositories' }),
      'exp',
    );
    await userEvent.click(
      await dialog.findByRole('button', { name: /fernway\/exports/ }),
    );
    expect(
      await dialog.findByText('+ description: Exports orders.'),
    ).toBeVisible();
    await userEvent.click(
      dialog.getByRole('button', { name: 'Open a pull request' }),
    );
    await userEvent.click(
      dialog.getByRole('button', { name: 'Open in fernway/exports' }),
    );
    await waitFor(() =>
      expect(api.proposeWorkload).toHaveBeenCalledWith({
        id: workload.id,
        repository: url,
      }),
    );
  });

  it('says that nothing is wrong', async () => {
    render(<ProblemsPage />, { list: async () => nothing });
    expect(await screen.findByText(/^Nothing is wrong/)).toBeVisible();
  });

  it('says what failed', async () => {
    render(<ProblemsPage />, {
      list: async () => {
        throw new Error('the database is away');
      },
    });
    expect(await screen.findByText('the database is away')).toBeVisible();
  });
});
