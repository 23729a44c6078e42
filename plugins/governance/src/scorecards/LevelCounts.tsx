import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { ScorecardSummary } from '@waystone/plugin-governance-common';
import { governanceTranslationRef } from '../translation';
import styles from './LevelCounts.module.css';

/** How many services have reached which level, the highest first. */
export function LevelCounts(props: {
  readonly counts: ScorecardSummary['counts'];
}) {
  const { t } = useTranslationRef(governanceTranslationRef);
  return (
    <span className={styles.counts}>
      {props.counts
        .filter(({ count }) => count > 0)
        .map(({ count, level }) => (
          <span key={level} className={level ? undefined : styles.none}>
            {count.toLocaleString('en')} {level || t('scorecards.noLevel')}
          </span>
        ))}
    </span>
  );
}
