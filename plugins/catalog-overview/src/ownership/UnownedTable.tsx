import { Link } from '@backstage/core-components';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import type {
  UnownedItem,
  UnownedReason,
} from '@waystone/plugin-catalog-overview-common';
import { StateLabel } from '@waystone/ui';
import styles from './OwnershipTable.module.css';
import { catalogOwnershipTranslationRef } from './translation';

/** Those whose owner is there, if only in name, have only nobody in it. */
const STATES = {
  missing: 'critical',
  unknown: 'critical',
  left: 'critical',
  empty: 'attention',
} as const satisfies Record<UnownedReason, string>;

/** Entities that nobody looks after: a table, or on a small screen a list of cards. */
export function UnownedTable(props: {
  readonly items: readonly UnownedItem[];
  readonly busy: boolean;
}) {
  const { busy, items } = props;
  const { t } = useTranslationRef(catalogOwnershipTranslationRef);
  return (
    <table
      className={styles.table}
      aria-label={t('unowned.label')}
      aria-busy={busy}
    >
      <thead>
        <tr>
          <th scope="col">{t('unowned.name')}</th>
          <th scope="col">{t('unowned.kind')}</th>
          <th scope="col" className={styles.number}>
            {t('unowned.tier')}
          </th>
          <th scope="col">{t('unowned.reason')}</th>
          <th scope="col">{t('unowned.owner')}</th>
          <th scope="col">{t('unowned.problems')}</th>
        </tr>
      </thead>
      <tbody>
        {items.map(item => (
          <tr key={item.entityRef}>
            <th scope="row" className={styles.name}>
              <EntityRefLink
                entityRef={item.entityRef}
                title={item.title}
                hideIcon
              />
            </th>
            <td data-label={t('unowned.kind')}>
              {item.type ? `${item.kind}, ${item.type}` : item.kind}
            </td>
            <td className={`${styles.number} ${styles.wide}`}>
              {item.tier ?? '–'}
            </td>
            <td data-label={t('unowned.reason')}>
              <StateLabel state={STATES[item.reason]}>
                {t(`reason.${item.reason}`)}
              </StateLabel>
            </td>
            <td data-label={t('unowned.owner')}>
              {item.owner === undefined && (
                <span className={styles.quiet}>{t('unowned.nobody')}</span>
              )}
              {item.owner !== undefined &&
                (item.reason === 'empty' ? (
                  <EntityRefLink entityRef={item.owner} hideIcon />
                ) : (
                  item.owner
                ))}
            </td>
            <td className={styles.wide}>
              <Link
                to={`/catalog-problems?${new URLSearchParams({
                  q: item.entityRef,
                })}`}
                aria-label={t('unowned.problemsLabel', { entity: item.title })}
              >
                {t('unowned.problems')}
              </Link>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
