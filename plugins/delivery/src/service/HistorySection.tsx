import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert, Button, Select, Skeleton, Text } from '@backstage/ui';
import type {
  EnvironmentColumn,
  HistoryEntry,
} from '@waystone/plugin-delivery-common';
import { RelativeTime, StateLabel } from '@waystone/ui';
import type { State } from '@waystone/ui';
import { useCallback, useId, useState } from 'react';
import { deliveryApiRef } from '../api/DeliveryClient';
import { useLive } from '../shared/useLive';
import { deliveryTranslationRef } from '../translation';
import styles from './HistorySection.module.css';

const STATES: Readonly<Record<HistoryEntry['outcome'], State>> = {
  succeeded: 'healthy',
  failed: 'critical',
  running: 'progressing',
};

/** What got to the environments, newest first. */
export function HistorySection(props: {
  entityRef: string;
  environments: readonly EnvironmentColumn[];
  params: URLSearchParams;
  change: (changes: Record<string, string | undefined>) => void;
  /** Changes when something got somewhere. */
  latest: string;
}) {
  const { change, entityRef, environments, latest, params } = props;
  const { t } = useTranslationRef(deliveryTranslationRef);
  const id = useId();
  const environment = params.get('environment') ?? undefined;
  const outcome = params.get('outcome') ?? undefined;
  const history = useHistory({ entityRef, environment, outcome, latest });
  const { error, value } = history;
  return (
    <section className={styles.section} aria-labelledby={id}>
      <div className={styles.head}>
        <Text as="h2" id={id} variant="body-medium" weight="bold">
          {t('history.title')}
        </Text>
        <div className={styles.filters}>
          <Select
            aria-label={t('history.environment')}
            size="small"
            options={[
              { value: 'all', label: t('history.all') },
              ...environments.map(({ name, title }) => ({
                value: name,
                label: title,
              })),
            ]}
            value={environment ?? 'all'}
            onChange={chosen =>
              change({
                environment: chosen === 'all' ? undefined : String(chosen),
              })
            }
          />
          <Select
            aria-label={t('history.outcome')}
            size="small"
            options={[
              { value: 'all', label: t('history.allOutcomes') },
              { value: 'succeeded', label: t('history.succeeded') },
              { value: 'failed', label: t('history.failedOutcome') },
              { value: 'running', label: t('history.running') },
            ]}
            value={outcome ?? 'all'}
            onChange={chosen =>
              change({ outcome: chosen === 'all' ? undefined : String(chosen) })
            }
          />
        </div>
      </div>
      {error && (
        <Alert
          status="danger"
          icon
          title={t('history.failed')}
          description={error.message}
          customActions={
            <Button variant="secondary" size="small" onPress={history.refresh}>
              {t('fleet.retry')}
            </Button>
          }
        />
      )}
      {!value && !error && (
        <div role="status" aria-label={t('history.loading')}>
          <Skeleton width="100%" height={160} />
        </div>
      )}
      {value?.totalItems === 0 && (
        <Text as="p" color="secondary">
          {environment || outcome ? t('history.noMatch') : t('history.empty')}
        </Text>
      )}
      {value && value.totalItems > 0 && (
        <>
          <HistoryTable items={value.items} environments={environments} />
          <div className={styles.foot}>
            <Text color="secondary">
              {t('history.shown', {
                shown: String(value.items.length),
                total: String(value.totalItems),
              })}
            </Text>
            {value.nextCursor && (
              <Button variant="secondary" size="small" onPress={history.more}>
                {t('history.more')}
              </Button>
            )}
          </div>
        </>
      )}
    </section>
  );
}

function useHistory(options: {
  entityRef: string;
  environment?: string;
  outcome?: string;
  latest: string;
}) {
  const { entityRef, environment, latest, outcome } = options;
  const api = useApi(deliveryApiRef);
  const list = JSON.stringify([entityRef, environment, outcome]);
  const [wanted, setWanted] = useState({ list, pages: 1 });
  const pages = wanted.list === list ? wanted.pages : 1;
  const read = useCallback(
    async (signal: AbortSignal) => {
      const items: HistoryEntry[] = [];
      let cursor: string | undefined;
      let totalItems = 0;
      for (let page = 0; page < pages && (page === 0 || cursor); page++) {
        const answer = await api.listHistory(
          entityRef,
          { environment, outcome, cursor },
          signal,
        );
        items.push(...answer.items);
        cursor = answer.pageInfo.nextCursor;
        totalItems = answer.totalItems;
      }
      return { items, nextCursor: cursor, totalItems };
    },
    // `latest` is not read: with another one it is time to read again.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [api, entityRef, environment, outcome, pages, latest],
  );
  return {
    ...useLive(read),
    more: () => setWanted({ list, pages: pages + 1 }),
  };
}

function HistoryTable(props: {
  items: readonly HistoryEntry[];
  environments: readonly EnvironmentColumn[];
}) {
  const { environments, items } = props;
  const { t } = useTranslationRef(deliveryTranslationRef);
  const words = {
    succeeded: t('history.succeeded'),
    failed: t('history.failedOutcome'),
    running: t('history.running'),
  };
  return (
    <table className={styles.table} aria-label={t('history.label')}>
      <thead>
        <tr>
          <th scope="col">{t('history.when')}</th>
          <th scope="col">{t('history.environment')}</th>
          <th scope="col">{t('history.version')}</th>
          <th scope="col">{t('history.commit')}</th>
          <th scope="col">{t('history.by')}</th>
          <th scope="col" className={styles.number}>
            {t('history.took')}
          </th>
          <th scope="col">{t('history.outcome')}</th>
        </tr>
      </thead>
      <tbody>
        {items.map(entry => (
          <tr key={entry.id}>
            <th scope="row">
              <RelativeTime value={entry.startedAt} />
            </th>
            <td data-label={t('history.environment')}>
              {environments.find(({ name }) => name === entry.environment)
                ?.title ??
                entry.environment ??
                entry.name}
            </td>
            <td data-label={t('history.version')} className={styles.code}>
              {entry.version ?? '–'}
            </td>
            <td data-label={t('history.commit')}>
              <Commit entry={entry} />
            </td>
            <td data-label={t('history.by')}>
              {entry.initiator?.automated
                ? t('history.automatically')
                : entry.initiator?.name ?? '–'}
            </td>
            <td data-label={t('history.took')} className={styles.number}>
              <Duration entry={entry} />
            </td>
            <td data-label={t('history.outcome')}>
              <span title={entry.message}>
                <StateLabel state={STATES[entry.outcome]}>
                  {words[entry.outcome]}
                </StateLabel>
              </span>
              {entry.outcome === 'failed' && entry.message && (
                <span className={styles.message}>{entry.message}</span>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Commit(props: { entry: HistoryEntry }) {
  const { commit, revision } = props.entry;
  if (!revision) {
    return <>–</>;
  }
  const short = <code className={styles.code}>{revision.slice(0, 8)}</code>;
  return (
    <span className={styles.commit}>
      {commit?.url ? (
        <a href={commit.url} target="_blank" rel="noreferrer">
          {short}
        </a>
      ) : (
        short
      )}
      {commit?.message && (
        <span className={styles.subject}>{commit.message.split('\n')[0]}</span>
      )}
    </span>
  );
}

function Duration(props: { entry: HistoryEntry }) {
  const { finishedAt, startedAt } = props.entry;
  const { t } = useTranslationRef(deliveryTranslationRef);
  if (!finishedAt) {
    return <>–</>;
  }
  const seconds = Math.max(
    0,
    Math.round((Date.parse(finishedAt) - Date.parse(startedAt)) / 1000),
  );
  return (
    <>
      {seconds < 120
        ? t('history.seconds', { seconds: String(seconds) })
        : t('history.minutes', { minutes: String(Math.round(seconds / 60)) })}
    </>
  );
}
