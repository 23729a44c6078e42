import type { Entity } from '@backstage/catalog-model';
import {
  mockApis,
  renderInTestApp,
  TestApiProvider,
} from '@backstage/frontend-test-utils';
import { appTreeApiRef, configApiRef } from '@backstage/frontend-plugin-api';
import {
  EntityProvider,
  entityRouteRef,
  MockStarredEntitiesApi,
  starredEntitiesApiRef,
} from '@backstage/plugin-catalog-react';
import { EntityContextMenuItemBlueprint } from '@backstage/plugin-catalog-react/alpha';
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import {
  catalogOverviewApiRef,
  CatalogOverviewClient,
} from '../api/CatalogOverviewClient';
import { EntityHeader } from './EntityHeader';

const orders: Entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: {
    name: 'order-service',
    namespace: 'default',
    annotations: { 'waystone.dev/tier': '1' },
  },
  spec: { type: 'service', lifecycle: 'production' },
  relations: [
    { type: 'ownedBy', targetRef: 'group:default/orders' },
    { type: 'partOf', targetRef: 'system:default/ordering' },
  ],
};

const empty = { items: [], total: 0 };

const answer = {
  entityRef: 'component:default/order-service',
  owner: {
    entityRef: 'group:default/orders',
    title: 'The Orders team',
    kind: 'Group',
    exists: true,
    members: empty,
  },
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

function itemNode(
  id: string,
  title: string,
  options: { applies?: boolean; disabled?: boolean; onClick?: () => void } = {},
) {
  const { data, filterFunction } = EntityContextMenuItemBlueprint.dataRefs;
  const values = new Map<string, unknown>([
    [
      data.id,
      {
        icon: <i />,
        useProps: () => ({
          title,
          disabled: options.disabled,
          onClick: options.onClick ?? (() => {}),
        }),
      },
    ],
    [filterFunction.id, () => options.applies ?? true],
  ]);
  return {
    spec: { id, plugin: { pluginId: 'test' } },
    instance: { getData: (ref: { id: string }) => values.get(ref.id) },
  };
}

function render(items: unknown[], fetched: () => Promise<Response>) {
  const fetch = jest.fn(fetched);
  const stars = new MockStarredEntitiesApi();
  const page = {
    edges: { attachments: new Map([['contextMenuItems', items]]) },
  };
  renderInTestApp(
    <TestApiProvider
      apis={[
        [
          catalogOverviewApiRef,
          new CatalogOverviewClient({ fetchApi: { fetch } }),
        ],
        [starredEntitiesApiRef, stars],
        [configApiRef, mockApis.config()],
        [
          appTreeApiRef,
          {
            getTree: () => ({
              tree: { nodes: new Map([['page:catalog/entity', page]]) },
            }),
          } as never,
        ],
      ]}
    >
      <EntityProvider entity={orders}>
        <EntityHeader
          tabs={[{ id: 'overview', label: 'Overview', href: '/overview' }]}
          activeTabId="overview"
        />
        <EntityHeader tabs={[]} />
      </EntityProvider>
    </TestApiProvider>,
    { mountedRoutes: { '/catalog/:namespace/:kind/:name': entityRouteRef } },
  );
  return { fetch, stars };
}

const json = (body: unknown) =>
  ({ ok: true, json: async () => body } as Response);

describe('EntityHeader', () => {
  it('says who owns it and what it is part of, and shares one request', async () => {
    const { fetch } = render([], async () => json(answer));
    const [owner] = await screen.findAllByRole('link', {
      name: 'The Orders team',
    });
    expect(owner).toHaveAttribute('href', '/catalog/default/group/orders');
    expect(screen.getAllByRole('link', { name: 'ordering' })).toHaveLength(2);
    expect(
      screen.getAllByRole('heading', { name: 'order-service' }),
    ).toHaveLength(2);
    expect(screen.getAllByText('production')).toHaveLength(2);
    expect(screen.getAllByText('Tier')).toHaveLength(2);
    expect(screen.getByRole('link', { name: 'Overview' })).toBeVisible();
    expect(fetch).toHaveBeenCalledTimes(1);
    expect(screen.queryByRole('button', { name: 'More actions' })).toBeNull();
  });

  it('names owner and system by their refs where nothing else is known', async () => {
    render([], async () => {
      throw new Error('Nobody answers');
    });
    const [owner] = await screen.findAllByRole('link', { name: 'orders' });
    expect(owner).toHaveAttribute('href', '/catalog/default/group/orders');
  });

  it('offers what plugins attach for this entity', async () => {
    const onClick = jest.fn();
    render(
      [
        itemNode('copy', 'Copy the address', { onClick }),
        itemNode('delete', 'Unregister', { disabled: true }),
        itemNode('other', 'For teams', { applies: false }),
        { spec: { id: 'off' } },
      ],
      async () => json(answer),
    );
    const [actions] = await screen.findAllByRole('button', {
      name: 'More actions',
    });
    await userEvent.click(actions);
    expect(
      screen.getByRole('menuitem', { name: 'Unregister' }),
    ).toHaveAttribute('aria-disabled', 'true');
    expect(screen.getAllByRole('menuitem')).toHaveLength(2);
    await userEvent.click(
      screen.getByRole('menuitem', { name: 'Copy the address' }),
    );
    expect(onClick).toHaveBeenCalledTimes(1);
  });

  it('adds to the favorites', async () => {
    const { stars } = render([], async () => json(answer));
    const toggle = jest.spyOn(stars, 'toggleStarred');
    const [star] = await screen.findAllByRole('button', {
      name: 'Add to favorites',
    });
    await userEvent.click(star);
    expect(
      await screen.findAllByRole('button', { name: 'Remove from favorites' }),
    ).not.toHaveLength(0);
    expect(toggle).toHaveBeenCalledWith('component:default/order-service');
  });
});
