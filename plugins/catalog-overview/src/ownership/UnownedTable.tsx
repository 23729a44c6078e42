import { Link } from '@backstage/core-components';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import type {
  UnownedItem,
  UnownedReason,
} from '@waystone/plugin-catalog-overview-common';
import { ListTable, StateLabel } from '@waystone/ui';
import type { ListColumn } from '@waystone/ui';
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
  readonly total: number;
}) {
  const { busy, items, total } = props;
  const { t } = useTranslationRef(catalogOwnershipTranslationRef);
  const columns: readonly ListColumn<UnownedItem>[] = [
    {
      id: 'name',
      label: t('unowned.name'),
      width: '28%',
      render: ({ entityRef, title }) => (
        <EntityRefLink entityRef={entityRef} title={title} hideIcon />
      ),
    },
    {
      id: 'kind',
      label: t('unowned.kind'),
      render: ({ kind, type }) => (type ? `${kind}, ${type}` : kind),
    },
    {
      id: 'tier',
      label: t('unowned.tier'),
      isNumber: true,
      onSmallScreen: 'hidden',
      render: ({ tier }) => tier ?? '–',
    },
    {
      id: 'reason',
      label: t('unowned.reason'),
      render: ({ reason }) => (
        <StateLabel state={STATES[reason]}>{t(`reason.${reason}`)}</StateLabel>
      ),
    },
    {
      id: 'owner',
      label: t('unowned.owner'),
      render: ({ owner, reason }) => {
        if (owner === undefined) {
          return <span className={styles.quiet}>{t('unowned.nobody')}</span>;
        }
        return reason === 'empty' ? (
          <EntityRefLink entityRef={owner} hideIcon />
        ) : (
          owner
        );
      },
    },
    {
      id: 'problems',
      label: t('unowned.problems'),
      onSmallScreen: 'hidden',
      render: ({ entityRef, title }) => (
        <Link
          to={`/catalog-problems?${new URLSearchParams({ q: entityRef })}`}
          aria-label={t('unowned.problemsLabel', { entity: title })}
        >
          {t('unowned.problems')}
        </Link>
      ),
    },
  ];
  return (
    <ListTable
      label={t('unowned.label')}
      columns={columns}
      items={items}
      keyOf={({ entityRef }) => entityRef}
      busy={busy}
      totalItems={total}
    />
  );
}
