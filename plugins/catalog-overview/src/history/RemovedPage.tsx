import { Link } from '@backstage/core-components';
import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button } from '@backstage/ui';
import type { DeletedEntitiesResponse } from '@waystone/plugin-catalog-overview-common';
import {
  EmptyState,
  FilterBar,
  FilterSearch,
  ListFoot,
  ListPage,
  ListTable,
  LoadingRows,
  Problem,
  RelativeTime,
  useFilters,
  usePages,
} from '@waystone/ui';
import type { ListColumn } from '@waystone/ui';
import { useLocation } from 'react-router-dom';
import { catalogHistoryApiRef } from './CatalogHistoryClient';
import { HistoryTimeline } from './HistoryTimeline';
import { catalogHistoryTranslationRef } from './translation';

type Removed = DeletedEntitiesResponse['items'][number];

/** Entities that are no more, and the history of each. */
export function RemovedPage() {
  const { t } = useTranslationRef(catalogHistoryTranslationRef);
  const { pathname } = useLocation();
  const entityRef = useFilters().params.get('entity');
  return entityRef ? (
    <ListPage
      title={t('deleted.of', { entity: entityRef })}
      actions={<Link to={pathname}>{t('deleted.back')}</Link>}
    >
      <HistoryTimeline entityRef={entityRef} />
    </ListPage>
  ) : (
    <ListPage title={t('deleted.title')} summary={t('deleted.help')}>
      <RemovedList />
    </ListPage>
  );
}

function RemovedList() {
  const api = useApi(catalogHistoryApiRef);
  const { t } = useTranslationRef(catalogHistoryTranslationRef);
  const { pathname } = useLocation();
  const { change, clear, params } = useFilters();
  const q = params.get('q') ?? undefined;
  const { error, items, loading, more, response, retry } = usePages<
    Removed,
    DeletedEntitiesResponse
  >(JSON.stringify([q]), (cursor, signal) =>
    api.deleted(
      { q, cursor: cursor === undefined ? undefined : Number(cursor) },
      signal,
    ),
  );
  const columns: readonly ListColumn<Removed>[] = [
    {
      id: 'entity',
      label: t('deleted.entity'),
      render: ({ entityRef }) => (
        <Link to={`${pathname}?${new URLSearchParams({ entity: entityRef })}`}>
          {entityRef}
        </Link>
      ),
    },
    {
      id: 'when',
      label: t('deleted.when'),
      width: '25%',
      render: ({ deletedAt }) => <RelativeTime value={deletedAt} />,
    },
  ];
  return (
    <>
      <FilterBar label={t('deleted.filters')}>
        <FilterSearch
          label={t('deleted.search')}
          value={q ?? ''}
          onChange={value => change({ q: value })}
        />
      </FilterBar>
      {error && (
        <Problem title={t('deleted.failed')} error={error} onRetry={retry} />
      )}
      {!response && !error && <LoadingRows label={t('deleted.loading')} />}
      {response && items.length === 0 && (
        <EmptyState title={t(q ? 'deleted.noMatch' : 'deleted.none')}>
          {q && (
            <Button variant="secondary" size="small" onPress={clear}>
              {t('deleted.clear')}
            </Button>
          )}
        </EmptyState>
      )}
      {items.length > 0 && (
        <>
          <ListTable
            label={t('deleted.table')}
            columns={columns}
            items={items}
            keyOf={({ id }) => String(id)}
            busy={loading}
          />
          <ListFoot shown={items.length} loading={loading} onMore={more} />
        </>
      )}
    </>
  );
}
