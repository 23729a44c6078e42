import { useRouteRef, useTranslationRef } from '@backstage/frontend-plugin-api';
import { rootRouteRef } from '../routes';
import { observabilityTranslationRef } from '../translation';

/** The links to both, for the head of either. */
export function usePageParts() {
  const { t } = useTranslationRef(observabilityTranslationRef);
  const root = useRouteRef(rootRouteRef)?.() ?? '';
  return {
    parts: [
      { to: root, title: t('page.services'), end: true },
      { to: `${root}/alerts`, title: t('page.alerts') },
    ],
    partsLabel: t('page.parts'),
  };
}
