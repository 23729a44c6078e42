import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { TrendPoint } from '@waystone/plugin-governance-common';
import { governanceTranslationRef } from '../translation';
import styles from './Trend.module.css';

const WIDTH = 96;
const HEIGHT = 20;
const DAY_MS = 86_400_000;

/** How the number of findings went, as a small line with its change in words. Days without numbers are gaps. */
export function Trend(props: { readonly points: readonly TrendPoint[] }) {
  const { t } = useTranslationRef(governanceTranslationRef);
  const points = props.points.map(({ day, severities }) => ({
    time: Date.parse(day),
    value: Object.values(severities).reduce((sum, count) => sum + count, 0),
  }));
  if (points.length < 2) {
    return null;
  }
  const first = points[0];
  const last = points[points.length - 1];
  const most = Math.max(1, ...points.map(({ value }) => value));
  const path = points
    .map(({ time, value }, index) => {
      const x = ((time - first.time) / (last.time - first.time)) * WIDTH;
      const y = HEIGHT - 1 - (value / most) * (HEIGHT - 2);
      const isGap = index === 0 || time - points[index - 1].time > DAY_MS;
      return `${isGap ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`;
    })
    .join(' ');
  const change = last.value - first.value;
  const days = Math.round((last.time - first.time) / DAY_MS);
  const word = change > 0 ? 'more' : 'fewer';
  return (
    <span className={styles.trend}>
      <svg width={WIDTH} height={HEIGHT} aria-hidden>
        <path className={styles.line} d={path} />
      </svg>
      {change === 0
        ? t('trend.same', { days: String(days) })
        : t(`trend.${word}`, {
            number: Math.abs(change).toLocaleString('en'),
            days: String(days),
          })}
    </span>
  );
}
