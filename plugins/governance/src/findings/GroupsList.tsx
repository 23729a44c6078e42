import { parseEntityRef } from '@backstage/catalog-model';
import {
  useApi,
  useRouteRef,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { entityRouteRef } from '@backstage/plugin-catalog-react';
import type {
  FindingsFilter,
  Group,
  GroupsQuery,
  GroupsResponse,
} from '@waystone/plugin-governance-common';
import {
  ListFoot,
  ListTable,
  LoadingRows,
  Problem,
  RelativeTime,
  usePages,
} from '@waystone/ui';
import type { ListColumn } from '@waystone/ui';
import { Link, useSearchParams } from 'react-router-dom';
import { governanceApiRef } from '../api/GovernanceClient';
import type { FindingKind } from '../api/GovernanceClient';
import { SeverityCounts } from '../shared/SeverityCounts';
import { governanceTranslationRef } from '../translation';
import styles from './FindingsList.module.css';

const PAGE = 100;

/** Findings that have something in common; a row leads to its findings. */
export function GroupsList(props: {
  readonly kind: FindingKind;
  readonly by: GroupsQuery['by'];
  readonly filter: FindingsFilter;
  readonly version: number;
}) {
  const { by, filter, kind, version } = props;
  const api = useApi(governanceApiRef);
  const { t } = useTranslationRef(governanceTranslationRef);
  const { order: _, sort: __, ...rest } = filter;
  const { error, items, loading, more, response, retry } = usePages<
    Group,
    GroupsResponse
  >(JSON.stringify([kind, by, rest, version]), (cursor, signal) =>
    api.listGroups(kind, { ...rest, by, cursor, limit: PAGE }, signal),
  );
  const columns: ListColumn<Group>[] = [
    {
      id: 'value',
      label: t(`group.${by === 'key' ? kind : by}`),
      width: '42%',
      render: group => <Name group={group} by={by} />,
    },
    {
      id: 'severities',
      label: t('column.severity'),
      render: group => <SeverityCounts counts={group.severities} />,
    },
    {
      id: 'overdue',
      label: t('column.overdue'),
      isNumber: true,
      width: '10%',
      render: group => group.overdue.toLocaleString('en'),
    },
    {
      id: 'services',
      label: t('column.services'),
      isNumber: true,
      width: '10%',
      onSmallScreen: 'hidden',
      render: group => group.services.toLocaleString('en'),
    },
    {
      id: 'since',
      label: t('column.since'),
      width: '12%',
      onSmallScreen: 'hidden',
      render: group => group.since && <RelativeTime value={group.since} />,
    },
  ];
  if (error) {
    return <Problem title={t('list.failed')} error={error} onRetry={retry} />;
  }
  if (!response) {
    return <LoadingRows />;
  }
  return (
    <>
      <ListTable
        label={t(`page.${kind}`)}
        columns={columns}
        items={items}
        keyOf={group => group.value}
        busy={loading}
        totalItems={response.totalItems}
      />
      {response.totalItems > PAGE && (
        <ListFoot
          shown={items.length}
          total={response.totalItems}
          loading={loading}
          onMore={more}
        />
      )}
    </>
  );
}

function Name(props: {
  readonly group: Group;
  readonly by: GroupsQuery['by'];
}) {
  const { by, group } = props;
  const { t } = useTranslationRef(governanceTranslationRef);
  const [params] = useSearchParams();
  const entityRoute = useRouteRef(entityRouteRef);
  const title =
    group.value === ''
      ? t(`group.none.${by === 'owner' ? 'owner' : 'other'}`)
      : group.title;
  const narrowed = new URLSearchParams(params);
  narrowed.delete('group');
  if (by === 'package') {
    narrowed.set('q', group.value);
  } else {
    narrowed.set(by === 'service' ? 'entity' : by, group.value);
  }
  const to =
    by === 'service' && group.value
      ? `${entityRoute?.(parseEntityRef(group.value)) ?? ''}/governance`
      : `?${narrowed}`;
  return (
    <div className={styles.what}>
      <span className={styles.title}>
        {group.value === '' ? title : <Link to={to}>{title}</Link>}
      </span>
      {by === 'key' && group.title !== group.value && (
        <span className={styles.package}>{group.value}</span>
      )}
      {group.fix && <span className={styles.message}>{group.fix}</span>}
    </div>
  );
}
