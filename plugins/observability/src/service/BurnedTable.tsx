import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { SlosResponse } from '@waystone/plugin-observability-common';
import { ListTable } from '@waystone/ui';
import { observabilityTranslationRef } from '../translation';
import styles from './BurnedTable.module.css';

type Burned = SlosResponse['burned'][number];

/** Which requests failed most, the most first. */
export function BurnedTable(props: { burned: readonly Burned[] }) {
  const { t } = useTranslationRef(observabilityTranslationRef);
  return (
    <ListTable
      label={t('slo.burned')}
      columns={[
        {
          id: 'request',
          label: t('column.request'),
          render: ({ method, route, status }) => (
            <span className={styles.request}>
              {[method, route, status].filter(Boolean).join(' ') || '–'}
            </span>
          ),
        },
        {
          id: 'failed',
          label: t('column.failed'),
          isNumber: true,
          render: ({ failed }) => failed.toLocaleString('en'),
        },
        {
          id: 'share',
          label: t('column.share'),
          isNumber: true,
          render: ({ share }) => `${Number((share * 100).toFixed(1))} %`,
        },
      ]}
      items={props.burned}
      keyOf={({ method, route, status }) => [method, route, status].join(' ')}
    />
  );
}
