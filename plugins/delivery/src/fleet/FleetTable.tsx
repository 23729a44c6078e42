import { parseEntityRef } from '@backstage/catalog-model';
import { useRouteRef, useTranslationRef } from '@backstage/frontend-plugin-api';
import { EntityRefLink, entityRouteRef } from '@backstage/plugin-catalog-react';
import { RiArrowDownSLine, RiArrowUpSLine } from '@remixicon/react';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import type {
  CiRun,
  EnvironmentColumn,
  Service,
  ServicesResponse,
} from '@waystone/plugin-delivery-common';
import { RelativeTime } from '@waystone/ui';
import { useLayoutEffect, useRef, useState } from 'react';
import { Link } from 'react-router-dom';
import { RunLabel } from '../ci/RunLabel';
import { deliveryTranslationRef } from '../translation';
import { FleetCell } from './FleetCell';
import styles from './FleetTable.module.css';

const ROW_HEIGHT = 40;

/** Below it, every row is in the page: find-in-page and printing work. */
const MOST_ROWS = 100;

type Column = 'state' | 'name' | 'owner' | 'deployed';

/** One row a service, one column an environment; on a small screen a list of cards. */
export function FleetTable(props: {
  response: ServicesResponse;
  sort: string;
  order: string;
  onSort: (sort: Column, order: 'asc' | 'desc') => void;
}) {
  const { onSort, order, response, sort } = props;
  const { environments, items } = response;
  const { t } = useTranslationRef(deliveryTranslationRef);
  const tableRef = useRef<HTMLTableElement>(null);
  const rows = useVisibleRows(tableRef, items.length);
  const head = (column: Column, label: string) => {
    const active = sort === column;
    const Icon = order === 'desc' ? RiArrowDownSLine : RiArrowUpSLine;
    let ariaSort: 'none' | 'ascending' | 'descending' = 'none';
    if (active) {
      ariaSort = order === 'desc' ? 'descending' : 'ascending';
    }
    return (
      <th scope="col" aria-sort={ariaSort}>
        <button
          type="button"
          className={styles.sort}
          onClick={() =>
            onSort(column, active && order === 'asc' ? 'desc' : 'asc')
          }
        >
          {label}
          {active && <Icon size={16} aria-hidden />}
        </button>
      </th>
    );
  };
  return (
    <table
      ref={tableRef}
      className={styles.table}
      aria-label={t('table.label')}
      aria-rowcount={response.totalItems + 1}
    >
      <thead>
        <tr>
          {head('name', t('table.service'))}
          {head('owner', t('table.owner'))}
          {environments.map(environment => (
            <th scope="col" key={environment.name}>
              {environment.title}
            </th>
          ))}
          <th scope="col" className={styles.narrow}>
            {t('ci.column')}
          </th>
          {head('deployed', t('table.deployed'))}
        </tr>
      </thead>
      <tbody>
        {rows.before > 0 && (
          <tr aria-hidden style={{ height: rows.before }}>
            <td colSpan={environments.length + 4} className={styles.spacer} />
          </tr>
        )}
        {items.slice(rows.start, rows.end).map((service, index) => (
          <Row
            key={service.entityRef}
            index={rows.start + index}
            service={service}
            environments={environments}
          />
        ))}
        {rows.after > 0 && (
          <tr aria-hidden style={{ height: rows.after }}>
            <td colSpan={environments.length + 4} className={styles.spacer} />
          </tr>
        )}
      </tbody>
    </table>
  );
}

function Row(props: {
  service: Service;
  environments: readonly EnvironmentColumn[];
  index: number;
}) {
  const { environments, index, service } = props;
  const { t } = useTranslationRef(deliveryTranslationRef);
  const entityRoute = useRouteRef(entityRouteRef);
  const page = entityRoute?.(parseEntityRef(service.entityRef)) ?? '';
  const deployedAt = service.deployments
    .flatMap(deployment => deployment.deployedAt ?? [])
    .sort()
    .at(-1);
  return (
    <tr aria-rowindex={index + 2}>
      <th scope="row" className={styles.name}>
        <Link to={`${page}/delivery`} className={styles.rowLink}>
          {service.title}
        </Link>
      </th>
      <td data-label={t('table.owner')} className={styles.owner}>
        {service.owner ? (
          <EntityRefLink
            entityRef={service.owner}
            defaultKind="group"
            hideIcon
          />
        ) : (
          '–'
        )}
      </td>
      {environments.map((environment, position) => (
        <td key={environment.name} data-label={environment.title}>
          <FleetCell
            deployments={service.deployments.filter(
              deployment => deployment.environment === environment.name,
            )}
            before={environments[position - 1]?.title}
            why={{
              to: `${page}/delivery?why=${encodeURIComponent(
                environment.name,
              )}`,
              name: `${service.title}, ${environment.title}`,
            }}
          />
        </td>
      ))}
      <td data-label={t('ci.column')} className={styles.run}>
        <LastRun run={service.lastRun} />
      </td>
      <td data-label={t('table.deployed')} className={styles.time}>
        {deployedAt ? <RelativeTime value={deployedAt} /> : '–'}
      </td>
    </tr>
  );
}

function LastRun(props: { run: CiRun | undefined }) {
  const { run } = props;
  if (!run) {
    return <>–</>;
  }
  const label = (
    <span className={run.status === 'succeeded' ? styles.well : undefined}>
      <RunLabel status={run.status} />
    </span>
  );
  return run.url ? (
    <a href={run.url} target="_blank" rel="noreferrer" title={run.title}>
      {label}
    </a>
  ) : (
    label
  );
}

/** Which rows are in the page: all of a short list, of a long one those that can be seen. */
function useVisibleRows(
  tableRef: React.RefObject<HTMLTableElement>,
  count: number,
) {
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    const { top: offset = 0 } = tableRef.current?.getBoundingClientRect() ?? {};
    setTop(offset + window.scrollY + ROW_HEIGHT);
  }, [tableRef]);
  const virtualizer = useWindowVirtualizer({
    count,
    estimateSize: () => ROW_HEIGHT,
    overscan: 20,
    scrollMargin: top,
    enabled: count > MOST_ROWS,
  });
  const visible = virtualizer.getVirtualItems();
  if (count <= MOST_ROWS || visible.length === 0) {
    return { start: 0, end: Math.min(count, MOST_ROWS), before: 0, after: 0 };
  }
  const start = visible[0].index;
  const end = visible[visible.length - 1].index + 1;
  return {
    start,
    end,
    before: start * ROW_HEIGHT,
    after: (count - end) * ROW_HEIGHT,
  };
}
