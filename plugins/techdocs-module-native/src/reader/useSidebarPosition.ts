import { useEffect, useState, type RefCallback } from 'react';

/**
 * Keeps the sidebars of the reader beside the page. TechDocs places them when the window changes or is scrolled, and not
 * when what is above the page grows.
 *
 * @returns A ref for what is above the page.
 */
export function useSidebarPosition(): RefCallback<HTMLElement> {
  const [element, setElement] = useState<HTMLElement | null>(null);
  useEffect(() => {
    if (!element || typeof ResizeObserver === 'undefined') return undefined;
    const observer = new ResizeObserver(() => {
      window.dispatchEvent(new Event('resize'));
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [element]);
  return setElement;
}
