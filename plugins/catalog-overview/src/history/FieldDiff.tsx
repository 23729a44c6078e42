import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { HistoryFieldChange } from '@waystone/plugin-catalog-overview-common';
import styles from './FieldDiff.module.css';
import { catalogHistoryTranslationRef } from './translation';

/** Each field that changed, with what it was and what it is. */
export function FieldDiff(props: {
  readonly changes: readonly HistoryFieldChange[];
  /** How many more there are. */
  readonly more: number;
}) {
  const { changes, more } = props;
  const { t } = useTranslationRef(catalogHistoryTranslationRef);
  return (
    <>
      <dl className={styles.fields} aria-label={t('diff.label')}>
        {changes.map((change, index) => (
          <div key={index} className={styles.field}>
            <dt>
              {change.field}
              {change.line !== undefined && (
                <span className={styles.note}>
                  {' '}
                  {t('diff.line', { line: change.line.toString() })}
                </span>
              )}
            </dt>
            <dd>
              {change.before !== undefined && (
                <del className={styles.text} aria-label={t('diff.before')}>
                  <span aria-hidden>− </span>
                  {change.before}
                </del>
              )}
              {change.after !== undefined && (
                <ins className={styles.text} aria-label={t('diff.after')}>
                  <span aria-hidden>+ </span>
                  {change.after}
                </ins>
              )}
              {change.cut && <p className={styles.note}>{t('diff.cut')}</p>}
            </dd>
          </div>
        ))}
      </dl>
      {more > 0 && (
        <p className={styles.note}>{t('diff.more', { count: more })}</p>
      )}
    </>
  );
}
