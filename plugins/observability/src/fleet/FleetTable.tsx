import { parseEntityRef } from '@backstage/catalog-model';
import { useRouteRef, useTranslationRef } from '@backstage/frontend-plugin-api';
import { EntityRefLink, entityRouteRef } from '@backstage/plugin-catalog-react';
import type {
  ServiceRow,
  ServicesResponse,
} from '@waystone/plugin-observability-common';
import { ListTable, StateLabel } from '@waystone/ui';
import type { ListColumn } from '@waystone/ui';
import { Link } from 'react-router-dom';
import { formatValue } from '../shared/formatValue';
import { Sparkline } from '../shared/Sparkline';
import { observabilityTranslationRef } from '../translation';
import styles from './FleetTable.module.css';

/** One row a service, in one environment. */
export function FleetTable(props: {
  response: ServicesResponse;
  sort: string;
  order: 'asc' | 'desc';
  onSort: (sort: string, order: 'asc' | 'desc') => void;
}) {
  const { onSort, order, response, sort } = props;
  const { t } = useTranslationRef(observabilityTranslationRef);
  const columns: ListColumn<ServiceRow>[] = [
    {
      id: 'name',
      label: t('column.service'),
      isSortable: true,
      width: '22%',
      render: row => <RowLink row={row} environment={response.environment} />,
    },
    {
      id: 'owner',
      label: t('column.owner'),
      isSortable: true,
      width: '13%',
      render: ({ owner }) =>
        owner ? (
          <span className={styles.above}>
            <EntityRefLink entityRef={owner} defaultKind="group" hideIcon />
          </span>
        ) : (
          '–'
        ),
    },
    {
      id: 'state',
      label: t('column.state'),
      isSortable: true,
      width: '13%',
      onSmallScreen: 'plain',
      render: ({ health, state }) => (
        <span title={health?.sentence}>
          <StateLabel state={state}>{t(`state.${state}`)}</StateLabel>
        </span>
      ),
    },
    {
      id: 'budget',
      label: t('column.budget'),
      isSortable: true,
      isNumber: true,
      width: '11%',
      render: row => formatBudget(row),
    },
    {
      id: 'requests',
      label: t('column.requests'),
      isSortable: true,
      isNumber: true,
      width: '16%',
      render: ({ health }) => (
        <span className={styles.signal}>
          <Sparkline values={health?.trend?.requests ?? []} />
          <span className={styles.value}>
            {formatValue(health?.signals.requests, 'per-second')}
          </span>
        </span>
      ),
    },
    {
      id: 'errors',
      label: t('column.errors'),
      isSortable: true,
      isNumber: true,
      width: '15%',
      render: ({ health, state }) => (
        <span className={styles.signal}>
          <Sparkline
            values={health?.trend?.errors ?? []}
            tone={state === 'critical' ? 'critical' : 'neutral'}
          />
          <span className={styles.value}>
            {formatValue(health?.signals.errors, 'ratio')}
          </span>
        </span>
      ),
    },
    {
      id: 'latency',
      label: t('column.latency'),
      isSortable: true,
      isNumber: true,
      width: '10%',
      render: ({ health }) =>
        formatValue(health?.signals.p95Seconds, 'seconds'),
    },
  ];
  return (
    <ListTable
      label={t('fleet.label')}
      columns={columns}
      items={response.items}
      keyOf={({ entityRef }) => entityRef}
      totalItems={response.totalItems}
      isDense
      sort={{ by: sort, order, onChange: onSort }}
    />
  );
}

function RowLink(props: { row: ServiceRow; environment: string | undefined }) {
  const { environment, row } = props;
  const entityRoute = useRouteRef(entityRouteRef);
  const page = entityRoute?.(parseEntityRef(row.entityRef)) ?? '';
  const query = environment
    ? `?environment=${encodeURIComponent(environment)}`
    : '';
  return (
    <Link
      to={`${page}/observability${row.health ? query : ''}`}
      className={styles.link}
    >
      {row.title}
    </Link>
  );
}

/** Of the objective that is kept worst. */
function formatBudget({ health }: ServiceRow): string {
  const left = (health?.slos ?? []).flatMap(
    ({ budgetLeft }) => budgetLeft ?? [],
  );
  if (left.length === 0) {
    return '–';
  }
  return `${Math.max(0, Math.round(Math.min(...left) * 100))} %`;
}
