import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Skeleton } from '@backstage/ui';
import type { Chart } from '@waystone/plugin-observability-common';
import { lazy, Suspense, useCallback, useId, useState } from 'react';
import { Link } from 'react-router-dom';
import { formatValue } from '../shared/formatValue';
import { observabilityTranslationRef } from '../translation';
import styles from './ChartPanel.module.css';

// The library of charts comes with the first of them. Some browsers name no language that it understands.
const TimeChart = lazy(() =>
  import('./TimeChart').then(
    m => ({ default: m.TimeChart }),
    () => ({ default: NoTimeChart }),
  ),
);

function NoTimeChart() {
  const { t } = useTranslationRef(observabilityTranslationRef);
  return <p className={styles.problem}>{t('charts.cannotDraw')}</p>;
}

/** Something that happened, as a thin line through the charts. */
export interface Marker {
  readonly id: string;
  readonly kind: 'deployment' | 'alert';
  /** In seconds since 1970. */
  readonly time: number;
  readonly label: string;
  /** Where there is more about it. */
  readonly to?: string;
}

/** The times of the values, in seconds since 1970. */
export interface ChartTimes {
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

/** One chart with its title, the values at the crosshair, and what happened. */
export function ChartPanel(props: {
  chart: Chart;
  range: ChartTimes;
  markers: readonly Marker[];
  onSelect: (from: number, to: number) => void;
}) {
  const { chart, markers, onSelect, range } = props;
  const { t } = useTranslationRef(observabilityTranslationRef);
  const id = useId();
  const [index, setIndex] = useState<number>();
  const length = chart.series[0]?.values.length ?? 0;
  const at = index ?? lastIndex(chart);
  const time = new Date((range.start + at * range.step) * 1000);
  const describe = useCallback(
    (seriesId: string) =>
      t(`charts.series.${seriesId}` as 'charts.series.requests'),
    [t],
  );
  return (
    <figure className={styles.panel} aria-labelledby={id}>
      <figcaption className={styles.caption}>
        <span id={id} className={styles.title}>
          {t(`charts.${chart.id}`)}
        </span>
        {length > 0 && (
          <span
            className={styles.values}
            aria-live={index === undefined ? 'off' : 'polite'}
          >
            <time dateTime={time.toISOString()}>
              {time.toLocaleTimeString('en-GB', {
                hour: '2-digit',
                minute: '2-digit',
              })}
            </time>
            {chart.series.map(series => (
              <span key={series.id} className={styles.value}>
                <span className={`${styles.key} ${styles[series.id] ?? ''}`} />
                {describe(series.id)}{' '}
                <strong>{formatValue(series.values[at], chart.unit)}</strong>
                {series.yesterday && (
                  <> ({formatValue(series.yesterday[at], chart.unit)})</>
                )}
              </span>
            ))}
            {chart.limit !== undefined && (
              <span className={styles.value}>
                {t('charts.limit', {
                  value: formatValue(chart.limit, chart.unit),
                })}
              </span>
            )}
          </span>
        )}
      </figcaption>
      {chart.problem ? (
        <p className={styles.problem}>{chart.problem}</p>
      ) : (
        <div className={styles.plot}>
          <Suspense fallback={<Skeleton width="100%" height={180} />}>
            <TimeChart
              chart={chart}
              range={range}
              label={`${t(`charts.${chart.id}`)}. ${t('charts.keys')}`}
              onCursor={setIndex}
              onSelect={onSelect}
            />
          </Suspense>
          <ol className={styles.markers}>
            {markers.map(marker => (
              <li
                key={marker.id}
                className={`${styles.marker} ${styles[marker.kind]}`}
                style={{
                  left: `${
                    ((marker.time - range.start) / (range.end - range.start)) *
                    100
                  }%`,
                }}
              >
                {marker.to ? (
                  <Link
                    to={marker.to}
                    className={styles.flag}
                    title={marker.label}
                    aria-label={marker.label}
                  />
                ) : (
                  <span
                    className={styles.flag}
                    role="img"
                    title={marker.label}
                    aria-label={marker.label}
                  />
                )}
              </li>
            ))}
          </ol>
        </div>
      )}
    </figure>
  );
}

/** The last step of which anything is known. */
function lastIndex({ series }: Chart): number {
  return Math.max(
    0,
    ...series.map(({ values }) =>
      values.findLastIndex(value => value !== null),
    ),
  );
}
