import { useEffect, useState, type ReactNode } from 'react';
import { createPortal } from 'react-dom';
import { useShadowRoot } from '@backstage/plugin-techdocs-react';
import './print.css';

/** Puts something below the page, outside of its shadow root: the styles of the portal hold there. */
export function BelowPage(props: { children: ReactNode }) {
  const shadowRoot = useShadowRoot();
  const [place, setPlace] = useState<HTMLElement>();
  useEffect(() => {
    const host = shadowRoot?.host;
    if (!host) return undefined;
    // What is printed is this element alone: print.css
    host.setAttribute('data-waystone-docs', '');
    const element = document.createElement('div');
    host.insertAdjacentElement('afterend', element);
    setPlace(element);
    return () => {
      element.remove();
      setPlace(undefined);
    };
  }, [shadowRoot]);
  return place ? createPortal(props.children, place) : null;
}
