import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import type { Discovered } from '@waystone/plugin-infrastructure-common';
import {
  EmptyState,
  ListTable,
  LoadingRows,
  Problem,
  RelativeTime,
  StateLabel,
  usePolling,
} from '@waystone/ui';
import type { ListColumn } from '@waystone/ui';
import { useCallback } from 'react';
import { infrastructureApiRef } from '../api/InfrastructureClient';
import { PageFrame } from '../components/PageFrame';
import { infrastructureTranslationRef } from '../translation';
import { AdoptDialog } from './AdoptDialog';
import styles from './DiscoveredPage.module.css';

const INTERVAL_MS = 10_000;

/** What is in the clusters and was not requested here, with the way to take it over. */
export function DiscoveredPage(props: { base: string }) {
  const { base } = props;
  const api = useApi(infrastructureApiRef);
  const { t } = useTranslationRef(infrastructureTranslationRef);
  const read = useCallback(
    (signal: AbortSignal) => api.listDiscovered(signal),
    [api],
  );
  const { value, error, refresh } = usePolling(read, INTERVAL_MS);
  const columns: ListColumn<Discovered>[] = [
    { id: 'name', label: t('list.name'), render: ({ name }) => name },
    {
      id: 'state',
      label: t('list.status'),
      onSmallScreen: 'plain',
      render: ({ isReady }) => (
        <StateLabel state={isReady ? 'healthy' : 'unknown'}>
          {t(isReady ? 'objectState.ready' : 'objectState.unknown')}
        </StateLabel>
      ),
    },
    {
      id: 'kind',
      label: t('list.kind'),
      render: ({ offeringTitle }) => offeringTitle,
    },
    {
      id: 'namespace',
      label: t('discovered.namespace'),
      render: ({ cluster, namespace }) => (
        <code className={styles.place}>{`${cluster}/${namespace}`}</code>
      ),
    },
    {
      id: 'owner',
      label: t('list.owner'),
      render: ({ owner }) => owner ?? '–',
    },
    {
      id: 'madeWith',
      label: t('discovered.madeWith'),
      render: ({ madeWith }) => madeWith ?? t('discovered.unknown'),
    },
    {
      id: 'age',
      label: t('backups.at'),
      onSmallScreen: 'hidden',
      render: ({ createdAt }) =>
        createdAt ? <RelativeTime value={createdAt} /> : '–',
    },
    {
      id: 'adopt',
      label: t('discovered.adopt'),
      onSmallScreen: 'plain',
      render: item =>
        item.environment ? (
          <AdoptDialog base={base} item={item} onChange={refresh} />
        ) : (
          t('discovered.noEnvironment')
        ),
    },
  ];
  return (
    <PageFrame
      base={base}
      summary={value && t('discovered.summary', { count: value.totalItems })}
    >
      {error && (
        <Problem title={t('page.failed')} error={error} onRetry={refresh} />
      )}
      {!value && !error && <LoadingRows rows={4} />}
      {value?.items.length === 0 && (
        <EmptyState
          title={t('discovered.empty')}
          help={t('discovered.emptyHelp')}
        />
      )}
      {value && value.items.length > 0 && (
        <ListTable
          label={t('discovered.label')}
          columns={columns}
          items={value.items}
          keyOf={({ cluster, namespace, offering, name }) =>
            [cluster, namespace, offering, name].join('/')
          }
        />
      )}
    </PageFrame>
  );
}
