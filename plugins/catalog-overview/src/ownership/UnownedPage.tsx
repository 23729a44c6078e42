import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button } from '@backstage/ui';
import { RiDownloadLine } from '@remixicon/react';
import { unownedReasonSchema } from '@waystone/plugin-catalog-overview-common';
import type {
  UnownedItem,
  UnownedResponse,
} from '@waystone/plugin-catalog-overview-common';
import {
  EmptyState,
  FilterBar,
  FilterSearch,
  FilterSelect,
  ListFoot,
  ListPage,
  LoadingRows,
  Problem,
  useFilters,
  usePages,
} from '@waystone/ui';
import { useState } from 'react';
import { saveAs } from '../saveAs';
import { catalogOwnershipApiRef } from './CatalogOwnershipClient';
import type { UnownedFilters } from './CatalogOwnershipClient';
import { catalogOwnershipTranslationRef } from './translation';
import { UnownedTable } from './UnownedTable';

/** What nobody looks after, and why. The filters are in the address. */
export function UnownedPage() {
  const api = useApi(catalogOwnershipApiRef);
  const { t } = useTranslationRef(catalogOwnershipTranslationRef);
  const { change, clear, params } = useFilters();
  const [exportError, setExportError] = useState<Error>();
  const filters: UnownedFilters = {
    reason: unownedReasonSchema.safeParse(params.get('reason')).data,
    kind: params.get('kind') ?? undefined,
    owner: params.get('owner') ?? undefined,
    q: params.get('q') ?? undefined,
  };
  const { error, items, loading, more, response, retry } = usePages<
    UnownedItem,
    UnownedResponse
  >(JSON.stringify(filters), (cursor, signal) =>
    api.unowned(
      { ...filters, cursor: cursor === undefined ? undefined : Number(cursor) },
      signal,
    ),
  );
  const download = async () => {
    setExportError(undefined);
    try {
      saveAs(await api.exportUnowned(filters), 'unowned.csv');
    } catch (problem) {
      setExportError(problem as Error);
    }
  };
  const nothing = response?.summary.total === 0;

  return (
    <ListPage
      title={t('unowned.title')}
      summary={
        <>
          {response &&
            !nothing &&
            `${t('unowned.summary', { count: response.summary.total })} `}
          {t('unowned.help')}
        </>
      }
      actions={
        <Button
          variant="secondary"
          iconStart={<RiDownloadLine aria-hidden />}
          isDisabled={!response || response.totalItems === 0}
          onPress={download}
        >
          {t('unowned.export')}
        </Button>
      }
    >
      {exportError && (
        <Problem title={t('unowned.exportFailed')} error={exportError} />
      )}
      {error && (
        <Problem title={t('unowned.failed')} error={error} onRetry={retry} />
      )}
      {!response && !error && <LoadingRows label={t('unowned.loading')} />}
      {nothing && (
        <EmptyState title={t('unowned.none')} help={t('unowned.noneHelp')} />
      )}
      {response && !nothing && (
        <>
          <Filters filters={filters} response={response} change={change} />
          {response.totalItems === 0 ? (
            <EmptyState title={t('unowned.noMatch')}>
              <Button variant="secondary" size="small" onPress={clear}>
                {t('unowned.clear')}
              </Button>
            </EmptyState>
          ) : (
            <>
              <UnownedTable
                items={items}
                busy={loading}
                total={response.totalItems}
              />
              <ListFoot
                shown={items.length}
                total={response.totalItems}
                loading={loading}
                onMore={more}
              />
            </>
          )}
        </>
      )}
    </ListPage>
  );
}

function Filters(props: {
  readonly filters: UnownedFilters;
  readonly response: UnownedResponse;
  readonly change: (changes: Record<string, string | undefined>) => void;
}) {
  const { change, filters, response } = props;
  const { kinds, owners, reasons } = response.summary;
  const { t } = useTranslationRef(catalogOwnershipTranslationRef);
  return (
    <FilterBar label={t('unowned.filters')}>
      <FilterSearch
        label={t('unowned.search')}
        value={filters.q ?? ''}
        onChange={q => change({ q })}
      />
      <FilterSelect
        label={t('unowned.reason')}
        all={t('unowned.allReasons')}
        options={reasons.map(({ count, reason }) => ({
          value: reason,
          label: t(`reason.${reason}`),
          count,
        }))}
        value={filters.reason}
        onChange={reason => change({ reason })}
      />
      <FilterSelect
        label={t('unowned.owner')}
        all={t('unowned.allOwners')}
        options={owners.map(({ count, entityRef }) => ({
          value: entityRef,
          label: entityRef,
          count,
        }))}
        value={filters.owner}
        onChange={owner => change({ owner })}
      />
      <FilterSelect
        label={t('unowned.kind')}
        all={t('unowned.allKinds')}
        options={kinds.map(({ count, kind }) => ({
          value: kind,
          label: kind,
          count,
        }))}
        value={filters.kind}
        onChange={kind => change({ kind })}
      />
    </FilterBar>
  );
}
