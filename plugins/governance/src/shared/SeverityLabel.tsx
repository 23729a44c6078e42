import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { Severity } from '@waystone/plugin-governance-common';
import { governanceTranslationRef } from '../translation';
import styles from './SeverityLabel.module.css';

/** A severity as a mark, a word and a colour; the mark is full for what cannot wait. */
export function SeverityLabel(props: { readonly severity: Severity }) {
  const { t } = useTranslationRef(governanceTranslationRef);
  return (
    <span className={`${styles.severity} ${styles[props.severity]}`}>
      <span className={styles.mark} aria-hidden />
      {t(`severity.${props.severity}`)}
    </span>
  );
}
