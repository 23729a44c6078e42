import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { SEVERITIES } from '@waystone/plugin-governance-common';
import type { SeverityCounts as Counts } from '@waystone/plugin-governance-common';
import { governanceTranslationRef } from '../translation';
import styles from './SeverityCounts.module.css';

/** How many there are of each severity that there is, in words. */
export function SeverityCounts(props: { readonly counts: Counts }) {
  const { t } = useTranslationRef(governanceTranslationRef);
  const present = SEVERITIES.filter(severity => props.counts[severity] > 0);
  return (
    <span className={styles.counts}>
      {present.map(severity => (
        <span
          key={severity}
          className={
            severity === 'critical' || severity === 'high'
              ? styles[severity]
              : styles.rest
          }
        >
          {t(`counts.${severity}`, {
            number: props.counts[severity].toLocaleString('en'),
          })}
        </span>
      ))}
      {present.length === 0 && (
        <span className={styles.rest}>{t('counts.none')}</span>
      )}
    </span>
  );
}
