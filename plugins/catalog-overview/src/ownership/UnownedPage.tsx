import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  Alert,
  Button,
  Container,
  SearchField,
  Select,
  Skeleton,
  Text,
} from '@backstage/ui';
import { RiDownloadLine } from '@remixicon/react';
import { unownedReasonSchema } from '@waystone/plugin-catalog-overview-common';
import type {
  UnownedItem,
  UnownedResponse,
} from '@waystone/plugin-catalog-overview-common';
import { useFilters } from '@waystone/ui';
import { useState } from 'react';
import { usePages } from '../history/usePages';
import { catalogOwnershipApiRef } from './CatalogOwnershipClient';
import type { UnownedFilters } from './CatalogOwnershipClient';
import { catalogOwnershipTranslationRef } from './translation';
import { saveAs } from '../saveAs';
import styles from './UnownedPage.module.css';
import { UnownedTable } from './UnownedTable';

type Change = (changes: Record<string, string | undefined>) => void;

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
    api.unowned({ ...filters, cursor }, signal),
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
    <Container>
      <div className={styles.page}>
        <header className={styles.head}>
          <div>
            <h1 className={styles.title}>{t('unowned.title')}</h1>
            <Text color="secondary">{t('unowned.help')}</Text>
          </div>
          <Button
            variant="secondary"
            iconStart={<RiDownloadLine aria-hidden />}
            isDisabled={!response || response.totalItems === 0}
            onPress={download}
          >
            {t('unowned.export')}
          </Button>
        </header>
        {exportError && (
          <Alert
            status="danger"
            icon
            title={t('unowned.exportFailed')}
            description={exportError.message}
          />
        )}
        {error && (
          <Alert
            status="danger"
            icon
            title={t('unowned.failed')}
            description={error.message}
            customActions={
              <Button variant="secondary" size="small" onPress={retry}>
                {t('unowned.retry')}
              </Button>
            }
          />
        )}
        {!response && !error && (
          <div
            className={styles.skeleton}
            role="status"
            aria-label={t('unowned.loading')}
          >
            {Array.from({ length: 8 }, (_, row) => (
              <Skeleton key={row} width="100%" height={40} />
            ))}
          </div>
        )}
        {nothing && (
          <div className={styles.empty}>
            <Text weight="bold">{t('unowned.none')}</Text>
            <Text color="secondary">{t('unowned.noneHelp')}</Text>
          </div>
        )}
        {response && !nothing && (
          <>
            <p className={styles.summary} role="status">
              {t('unowned.summary', { count: response.summary.total })}
            </p>
            <Filters filters={filters} response={response} change={change} />
            {response.totalItems === 0 ? (
              <div className={styles.empty}>
                <Text>{t('unowned.noMatch')}</Text>
                <Button variant="secondary" size="small" onPress={clear}>
                  {t('unowned.clear')}
                </Button>
              </div>
            ) : (
              <>
                <UnownedTable items={items} busy={loading} />
                <div className={styles.foot}>
                  <Text color="secondary">
                    {t('unowned.shown', {
                      shown: items.length.toLocaleString('en'),
                      total: response.totalItems.toLocaleString('en'),
                    })}
                  </Text>
                  {response.pageInfo.nextCursor && (
                    <Button
                      variant="secondary"
                      isDisabled={loading}
                      onPress={more}
                    >
                      {t('unowned.more')}
                    </Button>
                  )}
                </div>
              </>
            )}
          </>
        )}
      </div>
    </Container>
  );
}

function Filters(props: {
  readonly filters: UnownedFilters;
  readonly response: UnownedResponse;
  readonly change: Change;
}) {
  const { change, filters, response } = props;
  const { t } = useTranslationRef(catalogOwnershipTranslationRef);
  const select = (key: string, value: unknown) =>
    change({ [key]: value === 'all' ? undefined : String(value) });
  return (
    <div className={styles.filters}>
      <SearchField
        aria-label={t('unowned.search')}
        placeholder={t('unowned.search')}
        size="small"
        defaultValue={filters.q ?? ''}
        onChange={value => change({ q: value || undefined })}
      />
      <Select
        aria-label={t('unowned.reason')}
        size="small"
        options={[
          { value: 'all', label: t('unowned.allReasons') },
          ...response.summary.reasons.map(({ count, reason }) => ({
            value: reason,
            label: `${t(`reason.${reason}`)} (${count})`,
          })),
        ]}
        value={filters.reason ?? 'all'}
        onChange={value => select('reason', value)}
      />
      <Select
        aria-label={t('unowned.owner')}
        size="small"
        options={[
          { value: 'all', label: t('unowned.allOwners') },
          ...response.summary.owners.map(({ count, entityRef }) => ({
            value: entityRef,
            label: `${entityRef} (${count})`,
          })),
        ]}
        value={filters.owner ?? 'all'}
        onChange={value => select('owner', value)}
      />
      <Select
        aria-label={t('unowned.kind')}
        size="small"
        options={[
          { value: 'all', label: t('unowned.allKinds') },
          ...response.summary.kinds.map(({ count, kind }) => ({
            value: kind,
            label: `${kind} (${count})`,
          })),
        ]}
        value={filters.kind ?? 'all'}
        onChange={value => select('kind', value)}
      />
    </div>
  );
}
