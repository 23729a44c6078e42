import { render } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { LinkedTabs } from './LinkedTabs';

let mockSets: HTMLElement[] = [];

jest.mock('@backstage/plugin-techdocs-react', () => ({
  useShadowRootElements: () => mockSets,
}));

function showPage(...sets: readonly (readonly string[])[]) {
  document.body.innerHTML = sets
    .map(
      (labels, set) =>
        `<div class="tabbed-set">${labels
          .map(
            (_, tab) =>
              `<input type="radio" id="__tabbed_${set}_${tab}" name="s${set}"${
                tab === 0 ? ' checked' : ''
              }>`,
          )
          .join('')}<div class="tabbed-labels">${labels
          .map(
            (label, tab) =>
              `<label for="__tabbed_${set}_${tab}">${label}</label>`,
          )
          .join('')}</div></div>`,
    )
    .join('');
  mockSets = [...document.querySelectorAll<HTMLElement>('.tabbed-set')];
  return render(<LinkedTabs />);
}

const chosen = () =>
  mockSets.map(
    set =>
      set.querySelector(
        `label[for="${
          set.querySelector<HTMLInputElement>('input:checked')!.id
        }"]`,
      )!.textContent,
  );

describe('LinkedTabs', () => {
  beforeEach(() => localStorage.clear());

  it('chooses the tab of the same name everywhere, and on the next page', async () => {
    const { unmount } = showPage(
      ['Linux', 'macOS'],
      ['npm', 'Yarn'],
      ['Windows', 'macOS'],
    );
    await userEvent.click(document.querySelectorAll('label')[1]);
    expect(chosen()).toEqual(['macOS', 'npm', 'macOS']);
    unmount();

    showPage(['Linux', 'macOS'], ['npm', 'Yarn']);
    expect(chosen()).toEqual(['macOS', 'npm']);
  });

  it('leaves a page alone when what is kept is not its own', () => {
    localStorage.setItem('waystone.docs.tabs', '{"a":');
    showPage(['Linux', 'macOS']);
    expect(chosen()).toEqual(['Linux']);
  });
});
