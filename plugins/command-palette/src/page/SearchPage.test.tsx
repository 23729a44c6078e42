import {
  renderInTestApp,
  TestApiProvider,
} from '@backstage/frontend-test-utils';
import type { SearchResponse } from '@waystone/plugin-search-common';
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useLocation } from 'react-router-dom';
import { searchApiRef } from '../api/SearchClient';
import type { SearchApi } from '../api/SearchClient';
import { SearchPage } from './SearchPage';

const found = (total: number): SearchResponse => ({
  items: [
    {
      id: '1',
      type: 'docs',
      kind: 'docs',
      group: 'docs',
      title: 'Roll back a release',
      detail: 'order-service',
      excerpt: '<img src=x> choose the last healthy revision',
      location: '/docs/default/component/order-service/runbook/#roll-back',
      owner: 'group:default/orders',
    },
  ],
  totalItems: total,
  more: false,
  pageInfo: {},
});

function Where() {
  return <p>At {useLocation().search}</p>;
}

describe('the search page', () => {
  const setup = async (path: string, search: SearchApi['search']) => {
    await renderInTestApp(
      <TestApiProvider apis={[[searchApiRef, { search }]]}>
        <Where />
        <SearchPage />
      </TestApiProvider>,
      { initialRouteEntries: [path] },
    );
    return userEvent.setup();
  };

  it('shows what the address asks for, and keeps it in the address', async () => {
    const search = jest.fn(async () => found(60));
    const user = await setup(
      '/search?query=healthy&owner=group:default/orders&page=2',
      search,
    );
    const link = await screen.findByRole('link', {
      name: 'Roll back a release',
    });
    expect(link).toHaveAttribute(
      'href',
      '/docs/default/component/order-service/runbook/#roll-back',
    );
    expect(search).toHaveBeenCalledTimes(1);
    expect(search).toHaveBeenCalledWith(
      {
        q: 'healthy',
        group: undefined,
        kind: undefined,
        owner: 'group:default/orders',
        cursor: 25,
      },
      expect.any(AbortSignal),
    );
    expect(screen.getByText('healthy', { selector: 'mark' })).toBeVisible();
    expect(screen.getByText(/<img src=x>/)).toBeVisible();
    expect(screen.getByRole('status')).toHaveTextContent('60 results');
    expect(screen.getByText('26 to 50 of 60')).toBeVisible();

    await user.click(screen.getByRole('button', { name: 'Docs' }));
    expect(
      await screen.findByText(
        'At ?query=healthy&owner=group%3Adefault%2Forders&group=docs',
      ),
    ).toBeVisible();
    await user.click(screen.getByRole('button', { name: /Of orders/ }));
    await waitFor(() =>
      expect(search).toHaveBeenLastCalledWith(
        expect.objectContaining({ group: 'docs', owner: undefined, cursor: 0 }),
        expect.any(AbortSignal),
      ),
    );
  });

  it('says what can be found before anything is asked', async () => {
    await setup('/search', async () => found(0));
    expect(screen.getByText('Type what you look for')).toBeVisible();
  });

  it('says that nothing matches, and removes filters', async () => {
    const user = await setup('/search?query=zzz&kind=api', async () => ({
      ...found(0),
      items: [],
    }));
    expect(await screen.findByText('Nothing matches')).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Remove filters' }));
    expect(await screen.findByText('At ?query=zzz')).toBeVisible();
  });

  it('says what failed, and asks again', async () => {
    const search = jest
      .fn<Promise<SearchResponse>, []>()
      .mockRejectedValueOnce(new Error('The search took too long.'))
      .mockResolvedValue(found(1));
    const user = await setup('/search?query=x', search);
    expect(await screen.findByText('The search took too long.')).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(
      await screen.findByRole('link', { name: 'Roll back a release' }),
    ).toBeVisible();
  });
});
