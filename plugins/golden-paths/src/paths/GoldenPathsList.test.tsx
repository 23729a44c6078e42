import type { Entity } from '@backstage/catalog-model';
import {
  mockApis,
  renderInTestApp,
  TestApiProvider,
} from '@backstage/frontend-test-utils';
import {
  catalogApiRef,
  entityRouteRef,
  MockStarredEntitiesApi,
  starredEntitiesApiRef,
} from '@backstage/plugin-catalog-react';
import { catalogApiMock } from '@backstage/plugin-catalog-react/testUtils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { permissionApiRef } from '@backstage/plugin-permission-react';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { SWRConfig } from 'swr';
import { GoldenPathsList } from './GoldenPathsList';

function template(
  name: string,
  title: string,
  type: string,
  tags: string[] = [],
): Entity {
  return {
    apiVersion: 'scaffolder.backstage.io/v1beta3',
    kind: 'Template',
    metadata: {
      name,
      title,
      description: `Makes ${title}.`,
      tags,
      annotations: { 'waystone.dev/template-version': '1.2.0' },
    },
    spec: { type, owner: 'platform' },
    relations: [{ type: 'ownedBy', targetRef: 'group:default/platform' }],
  };
}

const ENTITIES = [
  template('go', 'Go service', 'service', ['go']),
  template('nodejs', 'Node.js service', 'service', ['nodejs', 'recommended']),
  template('docs', 'Documentation', 'documentation'),
];

async function render(
  options: {
    entities?: Entity[];
    allowed?: boolean;
    address?: string;
    fails?: boolean;
  } = {},
) {
  const catalog = options.fails
    ? catalogApiMock.mock({
        queryEntities: async () => {
          throw new Error('The catalog is away');
        },
      })
    : catalogApiMock({ entities: options.entities ?? ENTITIES });
  await renderInTestApp(
    <TestApiProvider
      apis={[
        [catalogApiRef, catalog],
        [starredEntitiesApiRef, new MockStarredEntitiesApi()],
        [
          permissionApiRef,
          mockApis.permission({
            authorize:
              options.allowed === false
                ? AuthorizeResult.DENY
                : AuthorizeResult.ALLOW,
          }),
        ],
      ]}
    >
      <SWRConfig value={{ provider: () => new Map() }}>
        <GoldenPathsList />
      </SWRConfig>
    </TestApiProvider>,
    {
      initialRouteEntries: [options.address ?? '/'],
      mountedRoutes: { '/catalog/:namespace/:kind/:name': entityRouteRef },
    },
  );
}

const titles = () =>
  screen.queryAllByRole('heading', { level: 3 }).map(each => each.textContent);

describe('GoldenPathsList', () => {
  it('has the services first, and of them what is recommended', async () => {
    await render();
    await waitFor(() =>
      expect(titles()).toEqual([
        'Node.js service',
        'Go service',
        'Documentation',
      ]),
    );
    expect(screen.getByText('3 golden paths.')).toBeInTheDocument();
    expect(
      screen.getByRole('link', { name: 'Choose Node.js service' }),
    ).toHaveAttribute('href', '/default/nodejs');
    expect(screen.getAllByText('Recommended')).toHaveLength(1);
    expect(
      within(
        screen.getAllByRole('list', { name: 'Technologies' })[0],
      ).getByText('nodejs'),
    ).toBeInTheDocument();
  });

  it('filters by the address, and says when nothing is left', async () => {
    await render({ address: '/?q=service+go' });
    await waitFor(() => expect(titles()).toEqual(['Go service']));
    await userEvent.clear(screen.getByRole('searchbox'));
    await userEvent.type(screen.getByRole('searchbox'), 'nothing like it');
    await screen.findByText('No golden path is like that');
    await userEvent.click(
      screen.getByRole('button', { name: 'Clear filters' }),
    );
    await waitFor(() => expect(titles()).toHaveLength(3));
  });

  it('shows those that are starred', async () => {
    await render();
    await userEvent.click(
      await screen.findByRole('button', { name: 'Star Go service' }),
    );
    await userEvent.click(screen.getByRole('button', { name: 'Starred' }));
    await waitFor(() => expect(titles()).toEqual(['Go service']));
  });

  it('says before a form is filled that one may not start it', async () => {
    await render({ allowed: false });
    await screen.findByText(/scaffolder\.task\.create/);
    await waitFor(() => expect(titles()).toHaveLength(3));
    expect(screen.queryByRole('link', { name: /^Choose/ })).toBeNull();
  });

  it('says what failed', async () => {
    await render({ fails: true });
    expect(await screen.findByText(/The catalog is away/)).toBeVisible();
  });

  it('says where golden paths come from when there are none', async () => {
    await render({ entities: [] });
    expect(
      await screen.findByText('There are no golden paths yet'),
    ).toBeVisible();
  });
});
