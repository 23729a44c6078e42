import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import type { ImpactItem } from '@waystone/plugin-catalog-overview-common';
import { ListTable } from '@waystone/ui';
import type { ListColumn } from '@waystone/ui';
import { catalogOverviewTranslationRef } from '../translation';
import styles from './ImpactTable.module.css';

/** The affected entities: a table, or on a small screen a list of cards. */
export function ImpactTable(props: {
  items: readonly ImpactItem[];
  /** The entity that everything starts from. */
  start: string;
  busy: boolean;
  total: number;
}) {
  const { busy, items, start, total } = props;
  const { t } = useTranslationRef(catalogOverviewTranslationRef);
  const columns: readonly ListColumn<ImpactItem>[] = [
    {
      id: 'name',
      label: t('table.name'),
      render: ({ entityRef, exists, title }) =>
        exists ? (
          <EntityRefLink entityRef={entityRef} title={title} hideIcon />
        ) : (
          <>
            {entityRef}{' '}
            <span className={styles.missing}>{t('table.missing')}</span>
          </>
        ),
    },
    {
      id: 'kind',
      label: t('table.kind'),
      render: ({ kind, type }) => (type ? `${kind}, ${type}` : kind),
    },
    {
      id: 'owner',
      label: t('table.owner'),
      render: ({ owner }) =>
        owner ? (
          <EntityRefLink entityRef={owner} defaultKind="group" hideIcon />
        ) : (
          '–'
        ),
    },
    {
      id: 'system',
      label: t('table.system'),
      onSmallScreen: 'hidden',
      render: ({ system }) =>
        system ? (
          <EntityRefLink entityRef={system} defaultKind="system" hideIcon />
        ) : (
          '–'
        ),
    },
    {
      id: 'tier',
      label: t('table.tier'),
      isNumber: true,
      render: ({ tier }) => tier ?? '–',
    },
    {
      id: 'depth',
      label: t('table.depth'),
      isNumber: true,
      render: ({ depth }) => depth,
    },
    {
      id: 'via',
      label: t('table.via'),
      onSmallScreen: 'hidden',
      render: ({ via }) =>
        via === start ? (
          <span className={styles.missing}>{t('table.direct')}</span>
        ) : (
          <EntityRefLink entityRef={via} hideIcon />
        ),
    },
  ];
  return (
    <ListTable
      label={t('table.label')}
      columns={columns}
      items={items}
      keyOf={({ entityRef }) => entityRef}
      busy={busy}
      totalItems={total}
    />
  );
}
