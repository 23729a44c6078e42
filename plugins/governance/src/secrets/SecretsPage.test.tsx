import {
  renderInTestApp,
  TestApiProvider,
} from '@backstage/frontend-test-utils';
import { entityRouteRef } from '@backstage/plugin-catalog-react';
import type { SecretsResponse } from '@waystone/plugin-governance-common';
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { governanceApiRef } from '../api/GovernanceClient';
import type { GovernanceApi, SecretsFilter } from '../api/GovernanceClient';
import { SecretsPage } from './SecretsPage';

const secret = {
  id: 's1',
  entityRef: 'component:default/orders',
  title: 'Orders',
  source: 'vault/main',
  path: 'secret/shop/orders/production',
  version: 3,
  rotatedAt: '2025-06-01T00:00:00.000Z',
  overdue: false,
  consumers: [],
};

const none: SecretsResponse = {
  items: [],
  totalItems: 0,
  overdue: 0,
  freshness: [{ source: 'vault/main', stale: true, reason: 'It is sealed' }],
};

function render(answer: (filter: SecretsFilter) => SecretsResponse) {
  renderInTestApp(
    <TestApiProvider
      apis={[
        [
          governanceApiRef,
          {
            findSecrets: async (filter: SecretsFilter) => answer(filter),
          } as GovernanceApi,
        ],
      ]}
    >
      <SecretsPage parts={[]} />
    </TestApiProvider>,
    { mountedRoutes: { '/catalog/:namespace/:kind/:name': entityRouteRef } },
  );
}

describe('SecretsPage', () => {
  it('shows how old secrets are, and which are to be rotated', async () => {
    const asked: SecretsFilter[] = [];
    render(filter => {
      asked.push(filter);
      return {
        ...none,
        items: [
          {
            ...secret,
            overdue: true,
            rotationDue: '2026-01-01T00:00:00.000Z',
          },
          {
            ...secret,
            id: 's2',
            path: 'secret/shop/orders/staging',
            rotationDue: new Date(Date.now() + 86_400_000).toISOString(),
          },
          { ...secret, id: 's3', path: 'secret/shop/orders/other' },
        ],
        totalItems: 3,
        overdue: 1,
      };
    });
    expect(
      await screen.findByRole('row', { name: /orders\/production.*Past due/ }),
    ).toHaveTextContent('version 3');
    expect(
      screen.getByRole('row', { name: /orders\/staging.*Due/ }),
    ).toBeVisible();
    expect(
      screen.getByRole('row', { name: /orders\/other.*No date/ }),
    ).toBeVisible();
    expect(screen.getByText(/3 secrets, 1 past due/)).toBeVisible();
    expect(screen.getByText(/It is sealed/)).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Past due' }));
    await waitFor(() => expect(asked.at(-1)?.due).toBe(true));
  });

  it('says why there is none', async () => {
    render(() => none);
    expect(
      await screen.findByText('There is no secret that you may know of'),
    ).toBeVisible();
  });
});
