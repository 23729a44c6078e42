import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { SlosResponse } from '@waystone/plugin-observability-common';
import { observabilityTranslationRef } from '../translation';
import styles from './BudgetDays.module.css';

/** How much of the error budget each day took, as bars. */
export function BudgetDays(props: { days: SlosResponse['days'] }) {
  const { days } = props;
  const { t } = useTranslationRef(observabilityTranslationRef);
  const most = Math.max(...days.map(({ budget }) => budget ?? 0), 0.01);
  const even = 1 / days.length;
  return (
    <ol className={styles.days}>
      {days.map(({ budget, end, failed }) => {
        const text = t('slo.day', {
          day: new Date((end - 1) * 1000).toLocaleDateString('en', {
            day: 'numeric',
            month: 'short',
          }),
          share:
            budget === null ? '–' : `${Number((budget * 100).toFixed(1))} %`,
          failed: failed === null ? '–' : failed.toLocaleString('en'),
        });
        return (
          <li key={end} className={styles.day} title={text}>
            <span className={styles.words}>{text}</span>
            {budget !== null && (
              <span
                className={`${styles.bar} ${toneOf(budget / even)}`}
                style={{ height: `${Math.max(2, (budget / most) * 100)}%` }}
              />
            )}
          </li>
        );
      })}
    </ol>
  );
}

/** How bad a day was; 1 is what every day may spend. */
function toneOf(pace: number): string {
  if (pace > 3) {
    return styles.critical;
  }
  return pace > 1 ? styles.attention : styles.little;
}
