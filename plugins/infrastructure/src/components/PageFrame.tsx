import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { ListPage } from '@waystone/ui';
import type { ReactNode } from 'react';
import { infrastructureTranslationRef } from '../translation';

/** Title and parts of the pages. `base` is where the plugin is mounted. */
export function PageFrame(props: {
  base: string;
  summary?: ReactNode;
  children: ReactNode;
}) {
  const { base, summary, children } = props;
  const { t } = useTranslationRef(infrastructureTranslationRef);
  return (
    <ListPage
      title={t('page.title')}
      summary={summary}
      partsLabel={t('page.tabs')}
      parts={[
        { to: base, title: t('page.offerings'), end: true },
        { to: `${base}/requests`, title: t('page.requests') },
        { to: `${base}/approvals`, title: t('page.approvals') },
        { to: `${base}/discovered`, title: t('page.discovered') },
      ]}
    >
      {children}
    </ListPage>
  );
}
