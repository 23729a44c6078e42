import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button } from '@backstage/ui';
import type { EnvironmentColumn } from '@waystone/plugin-delivery-common';
import { RelativeTime, usePolling } from '@waystone/ui';
import { useCallback, useState } from 'react';
import { deliveryApiRef } from '../api/DeliveryClient';
import { deliveryTranslationRef } from '../translation';
import styles from './CommitDistance.module.css';

/** Commits do not change; which ones are between, does with a deployment. */
const INTERVAL_MS = 300_000;

/** By how many commits an environment is behind the one before, and by which. */
export function CommitDistance(props: {
  entityRef: string;
  /** The environment that is ahead. */
  from: EnvironmentColumn;
  to: EnvironmentColumn;
  /** The versions of both: the commits are read anew when they change. */
  versions: string;
}) {
  const { entityRef, from, to, versions } = props;
  const api = useApi(deliveryApiRef);
  const { t } = useTranslationRef(deliveryTranslationRef);
  const [open, setOpen] = useState(false);
  const read = useCallback(
    (signal: AbortSignal) =>
      api.listCommits(entityRef, { from: from.name, to: to.name }, signal),
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [api, entityRef, from.name, to.name, versions],
  );
  const { value } = usePolling(read, INTERVAL_MS);
  const count = value?.totalItems;
  // Without the commits, the arrow of the version that is behind says enough.
  if (!value || count === undefined || count === 0) {
    return (
      <p className={styles.text} title={value?.reason}>
        {t('distance.unknown', { environment: from.title })}
      </p>
    );
  }
  return (
    <div className={styles.distance}>
      <Button
        size="small"
        variant="tertiary"
        aria-expanded={open}
        onPress={() => setOpen(!open)}
      >
        {t('distance.behind', { count, environment: from.title })}
      </Button>
      {open && (
        <ol
          className={styles.commits}
          aria-label={t('distance.label', { environment: from.title })}
        >
          {value.items.map(({ at, author, message, revision, url }) => (
            <li key={revision} className={styles.commit}>
              {url ? (
                <a href={url} target="_blank" rel="noreferrer">
                  {message}
                </a>
              ) : (
                message
              )}
              <span className={styles.text}>
                {author}
                {at && (
                  <>
                    {', '}
                    <RelativeTime value={at} />
                  </>
                )}
              </span>
            </li>
          ))}
          {count > value.items.length && (
            <li className={styles.text}>
              {t('distance.more', { count: count - value.items.length })}
            </li>
          )}
        </ol>
      )}
    </div>
  );
}
