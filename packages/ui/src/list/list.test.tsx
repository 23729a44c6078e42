import { renderInTestApp } from '@backstage/frontend-test-utils';
import { act, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { FilterBar, FilterSearch, FilterSelect } from './FilterBar';
import { ListPager } from './ListPager';
import { ListTable } from './ListTable';
import { Problem } from './Problem';
import { useFilters } from './useFilters';
import { usePages } from './usePages';

interface Fruit {
  readonly name: string;
  readonly price: number;
}

const fruits: Fruit[] = [
  { name: 'Apple', price: 3 },
  { name: 'Pear', price: 5 },
];
const columns = [
  {
    id: 'name',
    label: 'Name',
    isSortable: true,
    render: (fruit: Fruit) => fruit.name,
  },
  {
    id: 'price',
    label: 'Price',
    isSortable: true,
    isNumber: true,
    render: (fruit: Fruit) => fruit.price,
  },
];

describe('ListTable', () => {
  it('should say what a row is, what it is sorted by, and how long the list is', async () => {
    const onChange = jest.fn();
    await renderInTestApp(
      <ListTable
        label="Fruits"
        columns={columns}
        items={fruits}
        keyOf={fruit => fruit.name}
        totalItems={12}
        sort={{ by: 'name', order: 'asc', onChange }}
      />,
    );
    const table = screen.getByRole('table', { name: 'Fruits' });
    expect(table).toHaveAttribute('aria-rowcount', '13');
    expect(
      within(table).getByRole('rowheader', { name: 'Apple' }),
    ).toBeInTheDocument();
    expect(
      within(table).getByRole('columnheader', { name: 'Name' }),
    ).toHaveAttribute('aria-sort', 'ascending');

    await userEvent.click(screen.getByRole('button', { name: 'Name' }));
    expect(onChange).toHaveBeenLastCalledWith('name', 'desc');
    await userEvent.click(screen.getByRole('button', { name: 'Price' }));
    expect(onChange).toHaveBeenLastCalledWith('price', 'asc');
  });

  it('should give rows that follow each other a common heading', async () => {
    await renderInTestApp(
      <ListTable
        label="Fruits"
        columns={columns}
        items={[...fruits, { name: 'Quince', price: 5 }]}
        keyOf={fruit => fruit.name}
        groupOf={fruit => (fruit.price < 4 ? 'Cheap' : 'Dear')}
      />,
    );
    const rows = screen.getAllByRole('row').slice(1);
    expect(rows.map(row => row.firstChild?.textContent)).toEqual([
      'Cheap',
      'Apple',
      'Dear',
      'Pear',
      'Quince',
    ]);
  });

  it('should keep what cannot be seen of a long list out of the page', async () => {
    const many = Array.from({ length: 5000 }, (_, index) => ({
      name: `Fruit ${index}`,
      price: index,
    }));
    await renderInTestApp(
      <ListTable
        label="Fruits"
        columns={columns}
        items={many}
        keyOf={fruit => fruit.name}
      />,
    );
    expect(screen.getAllByRole('rowheader').length).toBeLessThanOrEqual(150);
  });
});

describe('filters', () => {
  function Filters(props: {
    onSearch: (value: string | undefined) => void;
    onSelect: (value: string | undefined) => void;
  }) {
    return (
      <FilterBar label="Filters">
        <FilterSearch label="Search" value="" onChange={props.onSearch} />
        <FilterSelect
          label="Owner"
          all="All owners"
          options={[{ value: 'a', label: 'Team A', count: 1200 }]}
          value="gone"
          onChange={props.onSelect}
        />
      </FilterBar>
    );
  }

  it('should tell of a search once typing pauses', async () => {
    const onSearch = jest.fn();
    await renderInTestApp(<Filters onSearch={onSearch} onSelect={jest.fn()} />);
    await userEvent.type(screen.getByRole('searchbox'), ' pear ');
    await act(() => new Promise(resolve => setTimeout(resolve, 400)));
    expect(onSearch.mock.calls).toEqual([['pear']]);
  });

  it('should keep a chosen value that nothing has any more, and offer all', async () => {
    const onSelect = jest.fn();
    await renderInTestApp(<Filters onSearch={jest.fn()} onSelect={onSelect} />);
    const button = screen.getByRole('button', { name: /Owner/ });
    expect(button).toHaveTextContent('gone');
    await userEvent.click(button);
    expect(
      screen.getByRole('option', { name: 'Team A (1,200)' }),
    ).toBeInTheDocument();
    await userEvent.click(screen.getByRole('option', { name: 'All owners' }));
    expect(onSelect).toHaveBeenLastCalledWith(undefined);
  });
});

describe('ListPager', () => {
  it('should say which part of a list is shown, and lead to those beside it', async () => {
    window.scrollTo = jest.fn();
    const onGo = jest.fn();
    await renderInTestApp(
      <ListPager from={20} pageSize={20} total={45} onGo={onGo} />,
    );
    expect(screen.getByText('21 to 40 of 45')).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Next' }));
    expect(onGo).toHaveBeenLastCalledWith(40);
    await userEvent.click(screen.getByRole('button', { name: 'Previous' }));
    expect(onGo).toHaveBeenLastCalledWith(0);
  });

  it('should be nothing where the list is all there', async () => {
    await renderInTestApp(
      <ListPager from={0} pageSize={20} total={20} onGo={jest.fn()} />,
    );
    expect(screen.queryByRole('navigation')).toBeNull();
  });
});

describe('useFilters', () => {
  it('should lead to the first page whatever else changes', async () => {
    function Filters() {
      const { change, params } = useFilters('page');
      return (
        <>
          <p>Asked: {String(params)}</p>
          <button type="button" onClick={() => change({ page: '3' })}>
            third
          </button>
          <button type="button" onClick={() => change({ kind: 'api' })}>
            apis
          </button>
        </>
      );
    }
    await renderInTestApp(<Filters />, {
      initialRouteEntries: ['/?owner=a&page=2'],
    });
    await userEvent.click(screen.getByRole('button', { name: 'third' }));
    expect(screen.getByText('Asked: owner=a&page=3')).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'apis' }));
    expect(screen.getByText('Asked: owner=a&kind=api')).toBeInTheDocument();
  });
});

describe('Problem', () => {
  it('should say what the backend said, and offer to try again', async () => {
    const failed = Object.assign(new Error('Request failed with 503'), {
      statusCode: 503,
      body: { error: { message: 'The database does not answer' } },
    });
    const onRetry = jest.fn();
    await renderInTestApp(
      <Problem title="Not read" error={failed} onRetry={onRetry} />,
    );
    expect(screen.getByText('Not read')).toBeInTheDocument();
    expect(
      screen.getByText('The database does not answer'),
    ).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(onRetry).toHaveBeenCalledTimes(1);
  });

  it('should not offer to try again what is refused', async () => {
    const refused = Object.assign(new Error('No'), { statusCode: 403 });
    await renderInTestApp(
      <Problem title="Not read" error={refused} onRetry={jest.fn()} />,
    );
    expect(screen.getByText('You may not see this')).toBeInTheDocument();
    expect(screen.queryByRole('button', { name: 'Try again' })).toBeNull();
  });

  it('should say which permission is missing and whom to ask, for copying', async () => {
    const refused = (method: string) =>
      Object.assign(new Error('Request failed with 403'), {
        statusCode: 403,
        body: {
          error: {
            message: 'Its owners may do that',
            permission: 'shop.order.change',
            resource: 'component:default/orders',
            askWhom: ['group:default/shop', 'user:acme/ada'],
          },
          request: { method, url: '/orders' },
        },
      });
    const person = userEvent.setup();
    const write = jest.spyOn(navigator.clipboard, 'writeText');
    const { unmount } = await renderInTestApp(
      <Problem title="Not read" error={refused('PUT')} />,
    );
    expect(screen.getByText('You may not do this')).toBeInTheDocument();
    expect(screen.getByText('Its owners may do that')).toBeInTheDocument();
    expect(screen.getByText('shop.order.change')).toBeInTheDocument();
    expect(
      screen.getAllByRole('link').map(link => link.getAttribute('href')),
    ).toEqual(['/catalog/default/group/shop', '/catalog/acme/user/ada']);

    await person.click(screen.getByRole('button', { name: 'Copy a request' }));
    expect(write).toHaveBeenCalledWith(
      `I lack the permission shop.order.change for component:default/orders in the portal: ${window.location.href}`,
    );
    expect(await screen.findByText('Copied')).toBeInTheDocument();

    unmount();
    await renderInTestApp(<Problem title="Not read" error={refused('GET')} />);
    expect(await screen.findByText('You may not see this')).toBeInTheDocument();
  });
});

describe('usePages', () => {
  it('should add pages, and begin anew with another question', async () => {
    const read = jest.fn(
      async (question: string, cursor: string | undefined) => ({
        items: [`${question}${cursor ?? 'first'}`],
        pageInfo: { nextCursor: cursor ? undefined : 'second' },
      }),
    );
    function List() {
      const [question, setQuestion] = useState('a-');
      const { items, more } = usePages(question, cursor =>
        read(question, cursor),
      );
      return (
        <>
          <p>{items.join(' ')}</p>
          {more && (
            <button type="button" onClick={more}>
              more
            </button>
          )}
          <button type="button" onClick={() => setQuestion('b-')}>
            other
          </button>
        </>
      );
    }
    await renderInTestApp(<List />);
    expect(await screen.findByText('a-first')).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'more' }));
    expect(await screen.findByText('a-first a-second')).toBeInTheDocument();
    expect(screen.queryByRole('button', { name: 'more' })).toBeNull();
    await userEvent.click(screen.getByRole('button', { name: 'other' }));
    expect(await screen.findByText('b-first')).toBeInTheDocument();
  });
});
