import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { INFRASTRUCTURE_CHANNEL } from '@waystone/plugin-infrastructure-common';
import { EmptyState, LoadingRows, Problem, useLive } from '@waystone/ui';
import { useCallback } from 'react';
import { infrastructureApiRef } from '../api/InfrastructureClient';
import { PageFrame } from '../components/PageFrame';
import { infrastructureTranslationRef } from '../translation';
import { RequestTable } from './RequestTable';

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
  const { value, error, refresh } = useLive(INFRASTRUCTURE_CHANNEL, read);
  return (
    <PageFrame base={base} summary={t('approvals.summary')}>
      {error && (
        <Problem title={t('page.failed')} error={error} onRetry={refresh} />
      )}
      {!value && !error && <LoadingRows rows={3} />}
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
