import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Skeleton } from '@backstage/ui';
import { uiTranslationRef } from '../translation';
import styles from './LoadingRows.module.css';

/**
 * The place of a list that is still read.
 *
 * @public
 */
export function LoadingRows(props: {
  readonly rows?: number;
  /** For screen readers; 'Loading …' if not given. */
  readonly label?: string;
}) {
  const { t } = useTranslationRef(uiTranslationRef);
  return (
    <div
      className={styles.rows}
      role="status"
      aria-label={props.label ?? t('loading')}
    >
      {Array.from({ length: props.rows ?? 8 }, (_, row) => (
        <Skeleton key={row} width="100%" height={40} />
      ))}
    </div>
  );
}
