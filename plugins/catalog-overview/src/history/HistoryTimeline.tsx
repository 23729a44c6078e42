import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert, Button, Select, Skeleton, Switch, Text } from '@backstage/ui';
import type {
  HistoryItem,
  HistoryResponse,
} from '@waystone/plugin-catalog-overview-common';
import { useLocation } from 'react-router-dom';
import { catalogHistoryApiRef } from './CatalogHistoryClient';
import { HistoryEntry } from './HistoryEntry';
import { useFilters } from '@waystone/ui';
import styles from './HistoryTimeline.module.css';
import { catalogHistoryTranslationRef } from './translation';
import { usePages } from './usePages';
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
    api.ofEntity(entityRef, { ...filters, cursor }, signal),
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
        <Alert
          status="danger"
          icon
          title={t('list.failed')}
          description={error.message}
          customActions={
            <Button variant="secondary" size="small" onPress={retry}>
              {t('list.retry')}
            </Button>
          }
        />
      )}
      {!response && !error && (
        <div
          className={styles.skeleton}
          role="status"
          aria-label={t('list.loading')}
        >
          {Array.from({ length: 6 }, (_, row) => (
            <Skeleton key={row} width="100%" height={40} />
          ))}
        </div>
      )}
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
                <div className={styles.foot}>
                  <Text color="secondary">
                    {t('list.shown', {
                      shown: items.length.toLocaleString('en'),
                      total: response.totalItems.toLocaleString('en'),
                    })}
                  </Text>
                  {response.pageInfo.nextCursor && (
                    <Button
                      variant="secondary"
                      size="small"
                      isDisabled={loading}
                      onPress={more}
                    >
                      {t('list.more')}
                    </Button>
                  )}
                </div>
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
  const known = response.fields.some(({ field }) => field === filters.field);
  return (
    <div className={styles.filters}>
      <p className={styles.count} role="status">
        {t('list.count', { count: response.totalItems })}
      </p>
      <Select
        aria-label={t('list.field')}
        size="small"
        searchable
        options={[
          { value: 'all', label: t('list.allFields') },
          ...(filters.field && !known
            ? [{ value: filters.field, label: filters.field }]
            : []),
          ...response.fields.map(({ count, field }) => ({
            value: field,
            label: `${nameOf(field)} (${count})`,
          })),
        ]}
        value={filters.field ?? 'all'}
        onChange={value =>
          set({ field: value === 'all' ? undefined : String(value) })
        }
      />
      {(response.technical > 0 || filters.technical) && (
        <Switch
          label={t('list.technical', { count: response.technical })}
          isSelected={filters.technical ?? false}
          onChange={selected =>
            set({ technical: selected ? 'true' : undefined })
          }
        />
      )}
    </div>
  );
}

function Empty(props: {
  readonly filters: { readonly field?: string; readonly change?: number };
  readonly onClear: () => void;
}) {
  const { filters, onClear } = props;
  const { t } = useTranslationRef(catalogHistoryTranslationRef);
  if (filters.change !== undefined) {
    return (
      <div className={styles.empty}>
        <Text>{t('list.notFound')}</Text>
      </div>
    );
  }
  if (filters.field) {
    return (
      <div className={styles.empty}>
        <Text>{t('list.noMatch')}</Text>
        <Button variant="secondary" size="small" onPress={onClear}>
          {t('list.all')}
        </Button>
      </div>
    );
  }
  return (
    <div className={styles.empty}>
      <Text weight="bold">{t('list.none')}</Text>
      <Text color="secondary">{t('list.noneHelp')}</Text>
    </div>
  );
}
