import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import type { ImpactItem } from '@waystone/plugin-catalog-overview-common';
import { catalogOverviewTranslationRef } from '../translation';
import styles from './ImpactTable.module.css';

/** The affected entities: a table, or on a small screen a list of cards. */
export function ImpactTable(props: {
  items: readonly ImpactItem[];
  /** The entity that everything starts from. */
  start: string;
  busy: boolean;
}) {
  const { items, start, busy } = props;
  const { t } = useTranslationRef(catalogOverviewTranslationRef);
  return (
    <table
      className={styles.table}
      aria-label={t('table.label')}
      aria-busy={busy}
    >
      <thead>
        <tr>
          <th scope="col">{t('table.name')}</th>
          <th scope="col">{t('table.kind')}</th>
          <th scope="col">{t('table.owner')}</th>
          <th scope="col">{t('table.system')}</th>
          <th scope="col" className={styles.number}>
            {t('table.tier')}
          </th>
          <th scope="col" className={styles.number}>
            {t('table.depth')}
          </th>
          <th scope="col">{t('table.via')}</th>
        </tr>
      </thead>
      <tbody>
        {items.map(item => (
          <tr key={item.entityRef}>
            <th scope="row" className={styles.name}>
              {item.exists ? (
                <EntityRefLink
                  entityRef={item.entityRef}
                  title={item.title}
                  hideIcon
                />
              ) : (
                <>
                  {item.entityRef}{' '}
                  <span className={styles.missing}>{t('table.missing')}</span>
                </>
              )}
            </th>
            <td data-label={t('table.kind')}>
              {item.type ? `${item.kind}, ${item.type}` : item.kind}
            </td>
            <td data-label={t('table.owner')}>
              {item.owner ? (
                <EntityRefLink
                  entityRef={item.owner}
                  defaultKind="group"
                  hideIcon
                />
              ) : (
                '–'
              )}
            </td>
            <td className={styles.wide}>
              {item.system ? (
                <EntityRefLink
                  entityRef={item.system}
                  defaultKind="system"
                  hideIcon
                />
              ) : (
                '–'
              )}
            </td>
            <td className={styles.number} data-label={t('table.tier')}>
              {item.tier ?? '–'}
            </td>
            <td className={styles.number} data-label={t('table.depth')}>
              {item.depth}
            </td>
            <td className={styles.wide}>
              {item.via === start ? (
                <span className={styles.missing}>{t('table.direct')}</span>
              ) : (
                <EntityRefLink entityRef={item.via} hideIcon />
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
