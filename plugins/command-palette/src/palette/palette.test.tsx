import {
  renderInTestApp,
  TestApiProvider,
} from '@backstage/frontend-test-utils';
import type { SearchResponse } from '@waystone/plugin-search-common';
import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useLocation } from 'react-router-dom';
import {
  commandPaletteApiRef,
  DefaultCommandPaletteApi,
} from '../api/CommandPaletteApi';
import { searchApiRef } from '../api/SearchClient';
import type { SearchApi } from '../api/SearchClient';
import { CommandPalette } from './CommandPalette';

// jsdom has no modal dialogs
beforeAll(() => {
  HTMLDialogElement.prototype.showModal = function showModal() {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function close() {
    if (this.open) {
      this.open = false;
      this.dispatchEvent(new Event('close'));
    }
  };
  Element.prototype.scrollIntoView = () => {};
});

const response = (...titles: string[]): SearchResponse => ({
  items: titles.map(title => ({
    id: title,
    type: 'entity',
    kind: 'component',
    group: 'services' as const,
    title,
    location: `/catalog/default/component/${title}`,
  })),
  totalItems: titles.length,
  more: false,
  pageInfo: {},
});

function Where() {
  return <p>At {useLocation().pathname}</p>;
}

describe('the command palette', () => {
  const setup = async (search: SearchApi['search']) => {
    const ran = jest.fn();
    await renderInTestApp(
      <TestApiProvider
        apis={[
          [commandPaletteApiRef, new DefaultCommandPaletteApi()],
          [searchApiRef, { search }],
        ]}
      >
        <Where />
        <CommandPalette
          actions={[
            {
              title: 'Switch theme',
              keywords: ['dark'],
              icon: <i />,
              run: ran,
            },
            { title: 'Create a service', icon: <i />, href: '/create' },
          ]}
        />
      </TestApiProvider>,
    );
    const user = userEvent.setup();
    await user.keyboard('{Control>}k{/Control}');
    const field = await screen.findByRole('combobox');
    return { field, ran, user };
  };
  const selected = () => screen.getByRole('option', { selected: true });

  it('opens by key, lists actions, runs one and closes', async () => {
    const { field, ran, user } = await setup(async () => response());
    expect(field).toHaveFocus();
    const group = screen.getByRole('group', { name: 'Actions' });
    expect(within(group).getAllByRole('option')).toHaveLength(2);
    await user.keyboard('dark');
    await waitFor(() => expect(selected()).toHaveTextContent('Switch theme'));
    await user.keyboard('{Enter}');
    await waitFor(() => expect(ran).toHaveBeenCalledTimes(1));
    expect(screen.queryByRole('combobox')).not.toBeInTheDocument();
  });

  it('asks once as one types, and opens what is chosen by arrows', async () => {
    const search = jest.fn(async () => response('order-service', 'orders-api'));
    const { field, user } = await setup(search);
    await user.keyboard('order');
    await screen.findByRole('option', { name: /order-service/ });
    expect(search).toHaveBeenCalledTimes(1);
    expect(search).toHaveBeenCalledWith(
      { q: 'order', perGroup: 5 },
      expect.any(AbortSignal),
    );
    expect(selected()).toHaveTextContent('order-service');
    expect(field).toHaveAttribute('aria-activedescendant', selected().id);
    expect(field).toHaveAttribute('aria-expanded', 'true');
    expect(selected().querySelector('mark')).toHaveTextContent(/^order$/);
    await user.keyboard('{ArrowDown}');
    expect(selected()).toHaveTextContent('orders-api');
    await user.keyboard('{ArrowUp}{ArrowUp}');
    expect(selected()).toHaveTextContent('All results for “order”');
    await user.keyboard('{ArrowUp}{Enter}');
    expect(
      await screen.findByText('At /catalog/default/component/orders-api'),
    ).toBeInTheDocument();
  });

  it('opens the first result when Enter came before it', async () => {
    let answer: (value: SearchResponse) => void = () => {};
    const { user } = await setup(
      () =>
        new Promise(resolve => {
          answer = resolve;
        }),
    );
    await user.keyboard('order-service');
    await new Promise(resolve => setTimeout(resolve, 150));
    await user.keyboard('{Enter}');
    expect(screen.getByRole('status')).toHaveTextContent('Searching …');
    await act(async () => answer(response('order-service')));
    expect(
      await screen.findByText('At /catalog/default/component/order-service'),
    ).toBeInTheDocument();
  });

  it('opens a new tab with Ctrl and stays', async () => {
    const open = jest.spyOn(window, 'open').mockReturnValue(null);
    const { user } = await setup(async () => response('order-service'));
    await user.keyboard('order');
    await screen.findByRole('option', { name: /order-service/ });
    await user.keyboard('{Control>}{Enter}{/Control}');
    expect(open).toHaveBeenCalledWith(
      '/catalog/default/component/order-service',
      '_blank',
      'noopener',
    );
    expect(screen.getByRole('combobox')).toBeInTheDocument();
    open.mockRestore();
  });

  it('says so when nothing matches', async () => {
    const { user } = await setup(async () => response());
    await user.keyboard('zzz');
    expect(
      await screen.findByText('Nothing matches “zzz”'),
    ).toBeInTheDocument();
    expect(screen.queryByRole('option')).not.toBeInTheDocument();
  });

  it('still offers actions when the server fails, and asks again', async () => {
    const search = jest
      .fn<Promise<SearchResponse>, []>()
      .mockRejectedValueOnce(new Error('The search index is being made.'))
      .mockResolvedValue(response('create-react-app'));
    const { user } = await setup(search);
    await user.keyboard('create');
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'The search index is being made.',
    );
    expect(selected()).toHaveTextContent('Create a service');
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(
      await screen.findByRole('option', { name: /create-react-app/ }),
    ).toBeInTheDocument();
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
  });
});
