import type { Entity } from '@backstage/catalog-model';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import { entityRouteRef } from '@backstage/plugin-catalog-react';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { MyServices } from './MyServices';

const orderService: Entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: {
    name: 'order-service',
    description: 'Takes an order from checkout to dispatch.',
    annotations: { 'waystone.dev/tier': '1' },
  },
  spec: {
    type: 'service',
    lifecycle: 'production',
    owner: 'orders',
    system: 'ordering',
  },
};

describe('MyServices', () => {
  const renderServices = (
    services: Partial<Parameters<typeof MyServices>[0]['services']>,
  ) =>
    renderInTestApp(
      <MyServices
        services={
          { loading: false, retry: jest.fn(), ...services } as Parameters<
            typeof MyServices
          >[0]['services']
        }
      />,
      { mountedRoutes: { '/catalog/:namespace/:kind/:name': entityRouteRef } },
    );

  it('should list what is mine with owner, system, lifecycle and tier', async () => {
    renderServices({ value: { items: [orderService], totalItems: 12 } });

    const row = (
      await screen.findByRole('link', { name: 'order-service' })
    ).closest('tr')!;
    expect(
      within(row).getByRole('link', { name: 'order-service' }),
    ).toHaveAttribute('href', '/catalog/default/component/order-service');
    expect(within(row).getByText('production')).toBeInTheDocument();
    expect(within(row).getByText('1')).toBeInTheDocument();
    expect(
      screen.getByRole('link', { name: 'All 12 in the catalog' }),
    ).toBeInTheDocument();
  });

  it('should say why there is nothing', async () => {
    renderServices({ value: { items: [], totalItems: 0 } });
    expect(
      await screen.findByText('Your teams own nothing in the catalog yet'),
    ).toBeInTheDocument();
  });

  it('should keep the place while loading', async () => {
    renderServices({ loading: true });
    expect(
      (
        await screen.findByRole('region', { name: 'My services' })
      ).querySelector('[aria-busy="true"]'),
    ).toBeInTheDocument();
  });

  it('should say what failed and try again', async () => {
    const retry = jest.fn();
    renderServices({ error: new Error('The catalog did not answer'), retry });

    expect(await screen.findByRole('alert')).toHaveTextContent(
      'The catalog did not answer',
    );
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(retry).toHaveBeenCalledTimes(1);
  });
});
