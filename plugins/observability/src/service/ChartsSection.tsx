import {
  useApi,
  useRouteRef,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { parseEntityRef } from '@backstage/catalog-model';
import { entityRouteRef } from '@backstage/plugin-catalog-react';
import { Alert, Select, Skeleton, Text, ToggleButton } from '@backstage/ui';
import {
  OBSERVABILITY_CHANNEL,
  RANGES,
} from '@waystone/plugin-observability-common';
import type { MetricsResponse } from '@waystone/plugin-observability-common';
import { FreshnessNote, Problem, useLive } from '@waystone/ui';
import { useCallback, useMemo } from 'react';
import { observabilityApiRef } from '../api/ObservabilityClient';
import type { ChartsFilter } from '../api/ObservabilityClient';
import { observabilityTranslationRef } from '../translation';
import { ChartPanel } from './ChartPanel';
import type { Marker } from './ChartPanel';
import styles from './ChartsSection.module.css';
import { ChartsTable } from './ChartsTable';
import { Section } from './Section';

const DEFAULT_RANGE = '6h';

/** Requests, errors, durations and saturation over time, with deployments and alerts. */
export function ChartsSection(props: {
  entityRef: string;
  environment: string | undefined;
  params: URLSearchParams;
  change: (
    changes: Record<string, string | undefined>,
    isStep?: boolean,
  ) => void;
}) {
  const { change, entityRef, environment, params } = props;
  const api = useApi(observabilityApiRef);
  const { t } = useTranslationRef(observabilityTranslationRef);
  const filter = useMemo(
    () => toFilter(params, environment),
    [environment, params],
  );
  const key = JSON.stringify(filter);
  const read = useCallback(
    (signal: AbortSignal) => api.getMetrics(entityRef, JSON.parse(key), signal),
    [api, entityRef, key],
  );
  const { error, refresh, value } = useLive(OBSERVABILITY_CHANNEL, read);
  const { markers, unknown } = useMarkers(entityRef, environment, value);
  const asTable = params.get('view') === 'table';
  const onSelect = useCallback(
    (from: number, to: number) =>
      change(
        {
          from: String(Math.floor(from)),
          to: String(Math.ceil(to)),
          range: undefined,
        },
        true,
      ),
    [change],
  );

  return (
    <Section
      title={t('charts.title')}
      actions={
        <>
          <Select
            aria-label={t('charts.range')}
            size="small"
            options={[
              ...Object.keys(RANGES).map(name => ({
                value: name,
                label: name,
              })),
              ...(filter.from !== undefined && filter.to !== undefined
                ? [
                    {
                      value: 'custom',
                      label: t('charts.custom', {
                        from: toText(filter.from),
                        to: toText(filter.to),
                      }),
                    },
                  ]
                : []),
            ]}
            value={filter.from === undefined ? filter.range ?? null : 'custom'}
            onChange={chosen =>
              chosen !== 'custom' &&
              change(
                {
                  range: chosen === DEFAULT_RANGE ? undefined : String(chosen),
                  from: undefined,
                  to: undefined,
                },
                true,
              )
            }
          />
          <ToggleButton
            size="small"
            isSelected={filter.compare}
            onChange={selected =>
              change({ compare: selected ? 'true' : undefined })
            }
          >
            {t('charts.compare')}
          </ToggleButton>
          <ToggleButton
            size="small"
            isSelected={asTable}
            onChange={selected =>
              change({ view: selected ? 'table' : undefined })
            }
          >
            {t('charts.table')}
          </ToggleButton>
        </>
      }
    >
      {error && (
        <Problem title={t('charts.failed')} error={error} onRetry={refresh} />
      )}
      {value && <FreshnessNote freshness={value.freshness} />}
      {value?.warnings.map(warning => (
        <Alert key={warning} status="warning" icon title={warning} />
      ))}
      {!value && !error && (
        <div
          className={styles.grid}
          role="status"
          aria-label={t('charts.loading')}
        >
          {[0, 1, 2, 3].map(place => (
            <Skeleton key={place} width="100%" height={240} />
          ))}
        </div>
      )}
      {value && asTable && <ChartsTable response={value} />}
      {value && !asTable && (
        <div className={styles.grid}>
          {value.charts.map(chart => (
            <ChartPanel
              key={chart.id}
              chart={chart}
              range={value}
              markers={markers}
              onSelect={onSelect}
            />
          ))}
        </div>
      )}
      {unknown && (
        <Text color="secondary">{t('charts.deploymentsUnknown')}</Text>
      )}
    </Section>
  );
}

/** The deployments and alerts in the range of the charts. */
function useMarkers(
  entityRef: string,
  environment: string | undefined,
  response: MetricsResponse | undefined,
): { markers: readonly Marker[]; unknown: boolean } {
  const api = useApi(observabilityApiRef);
  const { t } = useTranslationRef(observabilityTranslationRef);
  const entityRoute = useRouteRef(entityRouteRef);
  const read = useCallback(
    (signal: AbortSignal) =>
      api.listDeployments(entityRef, environment, signal),
    [api, entityRef, environment],
  );
  const { error, value: deployments } = useLive('delivery', read);
  return useMemo(() => {
    const { alerts = [], end = 0, start = 0 } = response ?? {};
    const page = entityRoute?.(parseEntityRef(entityRef)) ?? '';
    const deployed = (deployments ?? []).flatMap((entry): Marker[] => {
      const at = Date.parse(entry.startedAt) / 1000;
      const version =
        entry.version ?? entry.revision?.slice(0, 7) ?? t('charts.deployment');
      return at >= start && at <= end
        ? [
            {
              id: `deployment ${entry.id}`,
              kind: 'deployment',
              time: at,
              label: t(
                entry.outcome === 'failed'
                  ? 'charts.failedDeployment'
                  : 'charts.deployed',
                { version },
              ),
              to: `${page}/delivery`,
            },
          ]
        : [];
    });
    const fired = alerts.map(
      ({ from, name }): Marker => ({
        id: `alert ${name} ${from}`,
        kind: 'alert',
        time: from,
        label: t('charts.alert', { name }),
      }),
    );
    return {
      markers: [...deployed, ...fired],
      unknown: error !== undefined && deployments === undefined,
    };
  }, [deployments, entityRef, entityRoute, error, response, t]);
}

function toFilter(
  params: URLSearchParams,
  environment: string | undefined,
): ChartsFilter {
  const seconds = (name: string) => {
    const value = Number(params.get(name) ?? NaN);
    return Number.isInteger(value) && value > 0 ? value : undefined;
  };
  const from = seconds('from');
  const to = seconds('to');
  const range = params.get('range') ?? '';
  const isOwn = from !== undefined && to !== undefined;
  return {
    environment,
    ...(isOwn
      ? { from, to }
      : { range: Object.hasOwn(RANGES, range) ? range : DEFAULT_RANGE }),
    compare: params.get('compare') === 'true',
  };
}

function toText(seconds: number): string {
  return new Date(seconds * 1000).toLocaleString('en-GB', {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  });
}
