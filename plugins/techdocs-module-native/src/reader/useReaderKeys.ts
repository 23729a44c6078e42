import { useEffect } from 'react';
import { useShadowRoot } from '@backstage/plugin-techdocs-react';
import { isTyping } from '../keyboard/isTyping';

/** What keys do beside going from page to page. */
export interface ReaderKeyActions {
  onHelp(): void;
  onWidth(): void;
}

/**
 * Keys of the reader: n and p, or the arrows, for the next and the previous page; / for the search; w for the width; ?
 * for what the keys are.
 */
export function useReaderKeys(actions: ReaderKeyActions): void {
  const shadowRoot = useShadowRoot();
  const { onHelp, onWidth } = actions;
  useEffect(() => {
    const goTo = (relation: 'next' | 'prev') =>
      shadowRoot
        ?.querySelector<HTMLAnchorElement>(`.md-footer a[rel="${relation}"]`)
        ?.click();
    const onKey = (event: KeyboardEvent) => {
      if (isTyping(event)) return;
      // Arrows belong to whatever has the focus: tabs, code that scrolls
      const free = document.activeElement === document.body;
      if (event.key === 'n') goTo('next');
      else if (event.key === 'p') goTo('prev');
      else if (event.key === 'ArrowRight' && free) goTo('next');
      else if (event.key === 'ArrowLeft' && free) goTo('prev');
      else if (event.key === 'w') onWidth();
      else if (event.key === '?') onHelp();
      else if (event.key === '/') {
        const search = searchField();
        if (!search) return;
        event.preventDefault();
        search.focus();
      }
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [shadowRoot, onHelp, onWidth]);
}

/** The reader's own page and the tab of an entity have different ones. */
function searchField(): HTMLElement | null {
  return document.querySelector<HTMLElement>(
    'input[aria-label="Search docs"], [data-testid="techdocs-search-bar"] input, main input[type="search"]',
  );
}
