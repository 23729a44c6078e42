import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import { Skeleton } from '@backstage/ui';
import type {
  RequestDetail,
  RequestEvent,
} from '@waystone/plugin-infrastructure-common';
import { Problem, RelativeTime, usePolling } from '@waystone/ui';
import { useCallback } from 'react';
import { infrastructureApiRef } from '../api/InfrastructureClient';
import { infrastructureTranslationRef } from '../translation';
import styles from './HistorySection.module.css';
import { Section } from './Section';

const INTERVAL_MS = 10_000;

/** What happened, the newest first. */
export function HistorySection(props: { request: RequestDetail }) {
  const { id, version } = props.request;
  const api = useApi(infrastructureApiRef);
  const { t } = useTranslationRef(infrastructureTranslationRef);
  const read = useCallback(
    (signal: AbortSignal) => {
      // Read anew with every change.
      void version;
      return api.listEvents(id, signal);
    },
    [api, id, version],
  );
  const { value, error, refresh } = usePolling(read, INTERVAL_MS);
  return (
    <Section title={t('detail.history')}>
      {error && (
        <Problem title={t('page.failed')} error={error} onRetry={refresh} />
      )}
      {!value && !error && <Skeleton width="100%" height={120} />}
      <ol className={styles.events}>
        {value?.items.map(event => (
          <HistoryItem key={event.id} event={event} />
        ))}
      </ol>
    </Section>
  );
}

function HistoryItem(props: { event: RequestEvent }) {
  const { event } = props;
  const { t } = useTranslationRef(infrastructureTranslationRef);
  const { from, to, type } = event;
  const status = to ? t(`status.${to}`) : t('detail.event.changed');
  const changed = from === 'draft' ? t('detail.event.requested') : status;
  const title = type === 'status' ? changed : t(`detail.event.${type}`);
  return (
    <li className={styles.event}>
      <p className={styles.what}>
        <strong>{title}</strong>{' '}
        <span className={styles.when}>
          <RelativeTime value={event.at} /> {t('detail.by')}{' '}
          {event.actor.includes(':') ? (
            <EntityRefLink entityRef={event.actor} hideIcon />
          ) : (
            event.actor
          )}
        </span>
      </p>
      {event.message && <p className={styles.message}>{event.message}</p>}
      {event.changes.length > 0 && (
        <ul className={styles.changes}>
          {event.changes.map(change => (
            <li key={change.path}>
              <code>
                {change.path}: {say(change.after)}
              </code>
              {change.before !== undefined && (
                <span className={styles.when}>
                  {' '}
                  {t('detail.from', { value: say(change.before) })}
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

function say(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value) ?? '–';
}
