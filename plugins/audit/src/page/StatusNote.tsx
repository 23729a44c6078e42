import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert } from '@backstage/ui';
import { usePolling } from '@waystone/ui';
import { useCallback } from 'react';
import { auditApiRef } from '../api/AuditClient';
import { auditTranslationRef } from '../translation';

const INTERVAL_MS = 60_000;

/** What is wrong with the audit itself; nothing if all is well. */
export function StatusNote() {
  const api = useApi(auditApiRef);
  const { t } = useTranslationRef(auditTranslationRef);
  const read = useCallback((signal: AbortSignal) => api.status(signal), [api]);
  const { value: status } = usePolling(read, INTERVAL_MS);
  const problems = status?.chains.flatMap(({ problem }) => problem ?? []) ?? [];
  return (
    <>
      {problems.length > 0 && (
        <Alert
          status="danger"
          icon
          title={t('status.broken')}
          description={problems.join('. ')}
        />
      )}
      {status?.failingSince && (
        <Alert
          status="warning"
          icon
          title={t('status.failing')}
          description={t('status.failingHelp', { count: status.waiting })}
        />
      )}
      {status !== undefined && status.notStored > 0 && (
        <Alert
          status="warning"
          icon
          title={t('status.lost', { count: status.notStored })}
          description={t('status.lostHelp')}
        />
      )}
    </>
  );
}
