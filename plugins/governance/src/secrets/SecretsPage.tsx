import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button, ToggleButton } from '@backstage/ui';
import {
  EmptyState,
  FilterBar,
  FilterSearch,
  FreshnessNote,
  ListPage,
  LiveSources,
  LoadingRows,
  Problem,
  useFilters,
  usePolling,
} from '@waystone/ui';
import type { PagePart } from '@waystone/ui';
import { useCallback } from 'react';
import { governanceApiRef } from '../api/GovernanceClient';
import { governanceTranslationRef } from '../translation';
import { SecretsList } from './SecretsList';

/** The secrets that one may know of: where they are and how old. */
export function SecretsPage(props: { readonly parts: readonly PagePart[] }) {
  const api = useApi(governanceApiRef);
  const { t } = useTranslationRef(governanceTranslationRef);
  const { change, clear, params } = useFilters();
  const q = params.get('q') ?? '';
  const due = params.get('due') === 'true';
  const read = useCallback(
    (signal: AbortSignal) =>
      api.findSecrets({ q, due: due || undefined }, signal),
    [api, due, q],
  );
  const { error, refresh, value } = usePolling(read, 60_000);
  const filtered = q !== '' || due;
  return (
    <ListPage
      title={t('page.title')}
      parts={props.parts}
      partsLabel={t('page.parts')}
      summary={
        value ? (
          <>
            {t('secrets.summary', { count: value.totalItems })}
            {value.overdue > 0 && (
              <>, {t('secrets.overdueSummary', { count: value.overdue })}</>
            )}
            . {t('secrets.yours')} <LiveSources freshness={value.freshness} />
          </>
        ) : (
          !error && t('list.loading')
        )
      }
    >
      {error && (
        <Problem title={t('list.failed')} error={error} onRetry={refresh} />
      )}
      {value && <FreshnessNote freshness={value.freshness} />}
      {value && (value.totalItems > 0 || filtered) && (
        <FilterBar label={t('filter.label')}>
          <FilterSearch
            label={t('filter.search')}
            value={q}
            onChange={text => change({ q: text })}
          />
          <ToggleButton
            size="small"
            isSelected={due}
            onChange={on => change({ due: on ? 'true' : undefined })}
          >
            {t('filter.overdue')}
          </ToggleButton>
        </FilterBar>
      )}
      {!value && !error && <LoadingRows />}
      {value?.totalItems === 0 && (
        <EmptyState
          title={t(filtered ? 'list.noMatch' : 'empty.secrets')}
          help={filtered ? undefined : t('emptyHelp.secrets')}
        >
          {filtered && (
            <Button variant="secondary" size="small" onPress={clear}>
              {t('list.clear')}
            </Button>
          )}
        </EmptyState>
      )}
      {value && value.totalItems > 0 && <SecretsList items={value.items} />}
    </ListPage>
  );
}
