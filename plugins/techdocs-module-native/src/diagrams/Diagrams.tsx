import { useEffect } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { useShadowRootElements } from '@backstage/plugin-techdocs-react';
import { techdocsNativeTranslationRef } from '../translation';
import { drawDiagram } from './drawDiagram';

/** Draws the Mermaid diagrams of a page, again when the theme changes. */
export function Diagrams() {
  const { t } = useTranslationRef(techdocsNativeTranslationRef);
  const blocks = useShadowRootElements<HTMLPreElement>(['pre.mermaid']);

  useEffect(() => {
    if (blocks.length === 0) return undefined;
    let current = true;
    const draw = async () => {
      for (const block of blocks) {
        if (!current) return;
        await drawDiagram(block, {
          label: t('diagram.label'),
          explain: reason => t('diagram.failed', { reason }),
        });
      }
    };
    void draw();
    const observer = new MutationObserver(() => void draw());
    observer.observe(document.body, {
      attributes: true,
      attributeFilter: ['data-theme-mode'],
    });
    observer.observe(document.documentElement, {
      attributes: true,
      attributeFilter: ['data-theme-mode'],
    });
    return () => {
      current = false;
      observer.disconnect();
    };
  }, [blocks, t]);
  return null;
}
