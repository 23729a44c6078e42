import { renderHook } from '@testing-library/react';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import userEvent from '@testing-library/user-event';
import { Images } from './Images';
import { pagePath } from './pagePath';
import { useReaderKeys } from './useReaderKeys';

let mockImages: HTMLImageElement[] = [];

jest.mock('@backstage/plugin-techdocs-react', () => ({
  ...jest.requireActual('@backstage/plugin-techdocs-react'),
  useShadowRootElements: () => mockImages,
  useShadowRoot: () => undefined,
}));

describe('useReaderKeys', () => {
  it('finds the search in the head of the reader, which is outside of main', async () => {
    renderHook(() => useReaderKeys({ onHelp: jest.fn(), onWidth: jest.fn() }));
    document.body.insertAdjacentHTML(
      'beforeend',
      '<header><input type="search" aria-label="Search docs"></header><main></main>',
    );
    const search = document.querySelector('input');
    await userEvent.keyboard('/');
    expect(search).toHaveFocus();
    expect(search).toHaveValue('');
  });
});

describe('Images', () => {
  it('lets the keyboard enlarge images that are no links', async () => {
    document.body.innerHTML =
      '<article><img alt="The states of an order"><a href="/x"><img alt="A badge"></a></article>';
    mockImages = [...document.querySelectorAll('img')];
    const [picture, badge] = mockImages;
    const clicked = jest.fn();
    picture.addEventListener('click', clicked);
    await renderInTestApp(<Images />);
    expect(picture).toHaveAccessibleName('Enlarge: The states of an order');
    expect(badge).not.toHaveAttribute('role');
    picture.focus();
    await userEvent.keyboard('{Enter}');
    expect(clicked).toHaveBeenCalledTimes(1);
  });
});

describe('pagePath', () => {
  it('names pages as the backend does', () => {
    expect(
      [
        '',
        'index.html',
        'runbook',
        'runbook/',
        '/adr/7/index.html',
        'a.html',
      ].map(pagePath),
    ).toEqual(['', '', 'runbook/', 'runbook/', 'adr/7/', 'a.html']);
  });
});
