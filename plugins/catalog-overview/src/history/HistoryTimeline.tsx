import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button, Switch } from '@backstage/ui';
import type {
  HistoryItem,
  HistoryResponse,
} from '@waystone/plugin-catalog-overview-common';
import {
  EmptyState,
  FilterBar,
  FilterSelect,
  ListFoot,
  LoadingRows,
  Problem,
  useFilters,
  usePages,
} from '@waystone/ui';
import { useLocation } from 'react-router-dom';
import { catalogHistoryApiRef } from './CatalogHistoryClient';
import { HistoryEntry } from './HistoryEntry';
import styles from './HistoryTimeline.module.css';
import { catalogHistoryTranslationRef } from './translation';
import { useSentences } from './useSentences';

/** All changes of an entity, the last first; the filters are in the address. */
export function HistoryTimeline(props: { readonly entityRef: string }) {
  const { entityRef } = props;
  const api = useApi(catalogHistoryApiRef);
  const { t } = useTranslationRef(catalogHistoryTranslationRef);
  const { pathname } = useLocation();
  const { change: set, params } = useFilters();
  const change = Number(params.get('change') ?? NaN);
  const filters = {
    field: params.get('field') ?? undefined,
    technical: params.get('technical') === 'true' ? true : undefined,
    change: Number.isInteger(change) && change > 0 ? change : undefined,
  };
  const { error, items, loading, more, response, retry } = usePages<
    HistoryItem,
    HistoryResponse
  >(JSON.stringify([entityRef, filters]), (cursor, signal) =>
    api.ofEntity(
      entityRef,
      { ...filters, cursor: cursor === undefined ? undefined : Number(cursor) },
      signal,
    ),
  );
  const linkTo = (id: number) => {
    const next = new URLSearchParams({ change: String(id) });
    const entity = params.get('entity');
    if (entity) {
      next.set('entity', entity);
    }
    return `${pathname}?${next}`;
  };

  return (
    <div className={styles.timeline}>
      {error && (
        <Problem title={t('list.failed')} error={error} onRetry={retry} />
      )}
      {!response && !error && <LoadingRows label={t('list.loading')} />}
      {response && (
        <>
          {filters.change === undefined ? (
            <Filters filters={filters} response={response} set={set} />
          ) : (
            <div>
              <Button
                variant="secondary"
                size="small"
                onPress={() => set({ change: undefined })}
              >
                {t('list.all')}
              </Button>
            </div>
          )}
          {items.length === 0 ? (
            <Empty
              filters={filters}
              onClear={() => set({ field: undefined })}
            />
          ) : (
            <>
              <ol
                className={styles.list}
                aria-label={t('list.label')}
                aria-busy={loading}
              >
                {items.map(item => (
                  <HistoryEntry
                    key={`${item.id} ${filters.change}`}
                    item={item}
                    initiallyOpen={item.id === filters.change}
                    permalink={linkTo(item.id)}
                  />
                ))}
              </ol>
              {filters.change === undefined && (
                <ListFoot
                  shown={items.length}
                  total={response.totalItems}
                  loading={loading}
                  onMore={more}
                />
              )}
            </>
          )}
        </>
      )}
    </div>
  );
}

function Filters(props: {
  readonly filters: { readonly field?: string; readonly technical?: boolean };
  readonly response: HistoryResponse;
  readonly set: (changes: Record<string, string | undefined>) => void;
}) {
  const { filters, response, set } = props;
  const { t } = useTranslationRef(catalogHistoryTranslationRef);
  const { nameOf } = useSentences();
  return (
    <FilterBar label={t('list.filters')}>
      <p className={styles.count} role="status">
        {t('list.count', { count: response.totalItems })}
      </p>
      <FilterSelect
        label={t('list.field')}
        all={t('list.allFields')}
        isSearchable
        options={response.fields.map(({ count, field }) => ({
          value: field,
          label: nameOf(field),
          count,
        }))}
        value={filters.field}
        onChange={field => set({ field })}
      />
      {(response.technical > 0 || filters.technical) && (
        <Switch
          className={styles.technical}
          label={t('list.technical', { count: response.technical })}
          isSelected={filters.technical ?? false}
          onChange={selected =>
            set({ technical: selected ? 'true' : undefined })
          }
        />
      )}
    </FilterBar>
  );
}

function Empty(props: {
  readonly filters: { readonly field?: string; readonly change?: number };
  readonly onClear: () => void;
}) {
  const { filters, onClear } = props;
  const { t } = useTranslationRef(catalogHistoryTranslationRef);
  if (filters.change !== undefined) {
    return <EmptyState title={t('list.notFound')} />;
  }
  if (filters.field) {
    return (
      <EmptyState title={t('list.noMatch')}>
        <Button variant="secondary" size="small" onPress={onClear}>
          {t('list.all')}
        </Button>
      </EmptyState>
    );
  }
  return <EmptyState title={t('list.none')} help={t('list.noneHelp')} />;
}
