import { useCallback, useEffect, useState } from 'react';
import { useShadowRoot } from '@backstage/plugin-techdocs-react';

/** `narrow`: lines that are easy to read. `wide`: as wide as the window, for tables and code. */
export type ReadingWidth = 'narrow' | 'wide';

const KEY = 'waystone.docs.width';

/** How wide pages are; kept in this browser. */
export function useReadingWidth(): {
  readonly width: ReadingWidth;
  readonly toggle: () => void;
} {
  const shadowRoot = useShadowRoot();
  const [width, setWidth] = useState<ReadingWidth>(() =>
    localStorage.getItem(KEY) === 'wide' ? 'wide' : 'narrow',
  );
  useEffect(() => {
    const host = shadowRoot?.host;
    if (!(host instanceof HTMLElement)) return;
    if (width === 'wide') host.style.setProperty('--docs-measure', '100%');
    else host.style.removeProperty('--docs-measure');
  }, [shadowRoot, width]);
  const toggle = useCallback(
    () =>
      setWidth(before => {
        const next = before === 'wide' ? 'narrow' : 'wide';
        localStorage.setItem(KEY, next);
        return next;
      }),
    [],
  );
  return { width, toggle };
}
