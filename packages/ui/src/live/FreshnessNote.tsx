import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert } from '@backstage/ui';
import { RelativeTime } from '../RelativeTime';
import { uiTranslationRef } from '../translation';
import styles from './FreshnessNote.module.css';

/**
 * How current what a source told is, as every read model of ours says it.
 *
 * @public
 */
export interface SourceFreshness {
  /** Its name, such as 'Argo CD'. */
  readonly source: string;
  /** When it last answered, RFC 3339; undefined if never. */
  readonly observedAt?: string;
  readonly stale: boolean;
  /** Why it is stale, for people. */
  readonly reason?: string;
}

/**
 * Names the sources that do not answer, with the reason and the time; nothing if all do.
 *
 * @public
 */
export function FreshnessNote(props: {
  readonly freshness: readonly SourceFreshness[];
}) {
  const { t } = useTranslationRef(uiTranslationRef);
  const stale = props.freshness.filter(source => source.stale);
  if (stale.length === 0) {
    return null;
  }
  return (
    <div className={styles.notes}>
      {stale.map(({ observedAt, reason, source }) => (
        <Alert
          key={source}
          status="warning"
          icon
          title={t(observedAt ? 'freshness.stale' : 'freshness.never', {
            source,
          })}
          description={
            <>
              {reason}
              {observedAt && (
                <>
                  {' '}
                  ({t('freshness.since')} <RelativeTime value={observedAt} />)
                </>
              )}
            </>
          }
        />
      ))}
    </div>
  );
}

/**
 * The sources that answer, in a few words.
 *
 * @public
 */
export function LiveSources(props: {
  readonly freshness: readonly SourceFreshness[];
}) {
  const { t } = useTranslationRef(uiTranslationRef);
  const live = props.freshness.filter(({ stale }) => !stale);
  return live.length > 0 ? (
    <>
      {t('freshness.live', {
        source: live.map(({ source }) => source).join(', '),
      })}
    </>
  ) : null;
}
