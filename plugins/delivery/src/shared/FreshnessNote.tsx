import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { Freshness } from '@waystone/plugin-delivery-common';
import { Alert } from '@backstage/ui';
import { RelativeTime } from '@waystone/ui';
import { deliveryTranslationRef } from '../translation';
import styles from './FreshnessNote.module.css';

/** Where the data is from; a source that does not answer is named with the reason and the time. */
export function FreshnessNote(props: { freshness: readonly Freshness[] }) {
  const { t } = useTranslationRef(deliveryTranslationRef);
  const stale = props.freshness.filter(source => source.stale);
  if (stale.length === 0) {
    return null;
  }
  return (
    <div className={styles.stale}>
      {stale.map(source => (
        <Alert
          key={source.source}
          status="warning"
          icon
          title={
            source.observedAt
              ? t('freshness.stale', { source: source.source })
              : t('freshness.never', { source: source.source })
          }
          description={
            <>
              {source.reason}
              {source.observedAt && (
                <>
                  {' '}
                  ({t('freshness.since')}{' '}
                  <RelativeTime value={source.observedAt} />)
                </>
              )}
            </>
          }
        />
      ))}
    </div>
  );
}

/** The sources that answer, in a few words. */
export function LiveSources(props: { freshness: readonly Freshness[] }) {
  const { t } = useTranslationRef(deliveryTranslationRef);
  const live = props.freshness.filter(source => !source.stale);
  return live.length > 0 ? (
    <>
      {t('freshness.live', {
        source: live.map(({ source }) => source).join(', '),
      })}
    </>
  ) : null;
}
