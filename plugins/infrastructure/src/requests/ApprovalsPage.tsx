import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Skeleton } from '@backstage/ui';
import { usePolling } from '@waystone/ui';
import { useCallback } from 'react';
import { infrastructureApiRef } from '../api/InfrastructureClient';
import { EmptyState } from '../components/EmptyState';
import { PageFrame } from '../components/PageFrame';
import { Problem } from '../components/Problem';
import { infrastructureTranslationRef } from '../translation';
import { RequestTable } from './RequestTable';

const INTERVAL_MS = 5000;

/** What waits for whoever is signed in. */
export function ApprovalsPage(props: { base: string }) {
  const { base } = props;
  const api = useApi(infrastructureApiRef);
  const { t } = useTranslationRef(infrastructureTranslationRef);
  const read = useCallback(
    (signal: AbortSignal) =>
      api.listRequests(
        new URLSearchParams({ decidable: 'true', limit: '200' }),
        signal,
      ),
    [api],
  );
  const { value, error, refresh } = usePolling(read, INTERVAL_MS);
  return (
    <PageFrame base={base} summary={t('approvals.summary')}>
      {error && (
        <Problem title={t('page.failed')} error={error} onRetry={refresh} />
      )}
      {!value && !error && <Skeleton width="100%" height={160} />}
      {value && value.items.length === 0 && (
        <EmptyState
          title={t('approvals.empty')}
          help={t('approvals.emptyHelp')}
        />
      )}
      {value && value.items.length > 0 && (
        <RequestTable
          base={base}
          label={t('approvals.label')}
          items={value.items}
          withReason
        />
      )}
    </PageFrame>
  );
}
