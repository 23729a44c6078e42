import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button } from '@backstage/ui';
import {
  alertSeveritySchema,
  alertStateSchema,
  OBSERVABILITY_CHANNEL,
} from '@waystone/plugin-observability-common';
import type { AlertsResponse } from '@waystone/plugin-observability-common';
import {
  EmptyState,
  FilterBar,
  FilterSearch,
  FilterSelect,
  FreshnessNote,
  ListPage,
  LiveSources,
  LoadingRows,
  Problem,
  useFilters,
  useLive,
} from '@waystone/ui';
import { useCallback } from 'react';
import { observabilityApiRef } from '../api/ObservabilityClient';
import { usePageParts } from '../shared/usePageParts';
import { shortName } from '../shared/shortName';
import { observabilityTranslationRef } from '../translation';
import { AlertsTable } from './AlertsTable';

const FILTERS = ['q', 'owner', 'environment', 'severity', 'state'] as const;

/** What is pending or fires, the worst first. */
export function AlertsPage() {
  const { t } = useTranslationRef(observabilityTranslationRef);
  const api = useApi(observabilityApiRef);
  const { change, clear, params } = useFilters();
  const key = JSON.stringify(
    Object.fromEntries(
      FILTERS.map(name => [name, params.get(name) || undefined]),
    ),
  );
  const read = useCallback(
    (signal: AbortSignal) => api.listAlerts(JSON.parse(key), signal),
    [api, key],
  );
  const {
    error,
    refresh,
    value: response,
  } = useLive(OBSERVABILITY_CHANNEL, read);
  const filtered = FILTERS.some(name => params.has(name));
  const onSearch = useCallback(
    (q: string | undefined) => change({ q }),
    [change],
  );
  const select = (
    name: (typeof FILTERS)[number],
    label: string,
    all: string,
    options: { value: string; label: string; count?: number }[],
  ) => (
    <FilterSelect
      label={label}
      all={all}
      options={options}
      value={params.get(name) ?? undefined}
      onChange={chosen => change({ [name]: chosen })}
    />
  );
  return (
    <ListPage
      title={t('alerts.title')}
      summary={response ? <Summary response={response} /> : t('alerts.loading')}
      {...usePageParts()}
    >
      {error && (
        <Problem title={t('alerts.failed')} error={error} onRetry={refresh} />
      )}
      {response && <FreshnessNote freshness={response.freshness} />}
      {(response || filtered) && (
        <FilterBar label={t('alerts.filters')}>
          <FilterSearch
            label={t('filter.searchAlerts')}
            value={params.get('q') ?? ''}
            onChange={onSearch}
          />
          {select(
            'owner',
            t('filter.owner'),
            t('filter.allOwners'),
            (response?.facets.owners ?? []).map(({ count, value }) => ({
              value,
              label: shortName(value),
              count,
            })),
          )}
          {select(
            'environment',
            t('filter.environment'),
            t('filter.allEnvironments'),
            (response?.facets.environments ?? []).map(({ count, value }) => ({
              value,
              label: value,
              count,
            })),
          )}
          {select(
            'severity',
            t('filter.severity'),
            t('filter.allSeverities'),
            alertSeveritySchema.options.map(severity => ({
              value: severity,
              label: t(`alerts.${severity}`),
            })),
          )}
          {select(
            'state',
            t('filter.state'),
            t('filter.allStates'),
            alertStateSchema.options.map(state => ({
              value: state,
              label: t(`alerts.${state}`),
            })),
          )}
        </FilterBar>
      )}
      {!response && !error && <LoadingRows />}
      {response?.totalItems === 0 && (
        <EmptyState title={filtered ? t('alerts.noMatch') : t('alerts.none')}>
          {filtered && (
            <Button variant="secondary" size="small" onPress={clear}>
              {t('fleet.clear')}
            </Button>
          )}
        </EmptyState>
      )}
      {response && response.totalItems > 0 && (
        <AlertsTable alerts={response.items} withService />
      )}
    </ListPage>
  );
}

function Summary(props: { response: AlertsResponse }) {
  const { freshness, items, totalItems } = props.response;
  const { t } = useTranslationRef(observabilityTranslationRef);
  const firing = items.filter(({ state }) => state === 'firing').length;
  return (
    <>
      {t('alerts.summary', { count: totalItems })}
      {firing > 0 && <>, {t('alerts.fire', { count: firing })}</>}.{' '}
      <LiveSources freshness={freshness} />
    </>
  );
}
