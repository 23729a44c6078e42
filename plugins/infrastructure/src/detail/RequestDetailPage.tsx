import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Skeleton } from '@backstage/ui';
import { INFRASTRUCTURE_CHANNEL } from '@waystone/plugin-infrastructure-common';
import type { RequestDetail } from '@waystone/plugin-infrastructure-common';
import { EmptyState, Problem, RelativeTime, useLive } from '@waystone/ui';
import { useCallback } from 'react';
import { useParams } from 'react-router-dom';
import { infrastructureApiRef } from '../api/InfrastructureClient';
import { PageFrame } from '../components/PageFrame';
import { RequestState } from '../components/RequestState';
import { OfferingForm } from '../request/OfferingForm';
import { infrastructureTranslationRef } from '../translation';
import { AboutSection } from './AboutSection';
import { ActionBar } from './ActionBar';
import { BackupsSection } from './BackupsSection';
import { ConnectionSection } from './ConnectionSection';
import { HistorySection } from './HistorySection';
import { ObjectsSection } from './ObjectsSection';
import styles from './RequestDetailPage.module.css';

/** One request: how it is, what it consists of, how to connect, what happened, and what can be done. */
export function RequestDetailPage(props: { base: string }) {
  const { base } = props;
  const { id = '' } = useParams();
  const api = useApi(infrastructureApiRef);
  const { t } = useTranslationRef(infrastructureTranslationRef);
  const read = useCallback(
    (signal: AbortSignal) => api.getRequest(id, signal),
    [api, id],
  );
  const { value, error, refresh } = useLive(INFRASTRUCTURE_CHANNEL, read);
  const isMissing = (error as { statusCode?: number })?.statusCode === 404;
  return (
    <PageFrame base={base}>
      {isMissing && (
        <EmptyState title={t('detail.notFound')} help={t('form.unknownHelp')} />
      )}
      {error && !isMissing && (
        <Problem title={t('page.failed')} error={error} onRetry={refresh} />
      )}
      {!value && !error && <Skeleton width="100%" height={320} />}
      {value?.status === 'draft' && !isMissing && (
        <OfferingForm
          key={value.id}
          base={base}
          offering={value.offering}
          draft={value}
          onSubmitted={refresh}
        />
      )}
      {value && value.status !== 'draft' && !isMissing && (
        <Detail base={base} request={value} onChange={refresh} />
      )}
    </PageFrame>
  );
}

function Detail(props: {
  base: string;
  request: RequestDetail;
  onChange(): void;
}) {
  const { base, request, onChange } = props;
  const { t } = useTranslationRef(infrastructureTranslationRef);
  const isGone = request.status === 'deleted' || request.status === 'rejected';
  const isMade = !isGone && request.status !== 'awaiting-approval';
  return (
    <article>
      <header className={styles.header}>
        <div>
          <h2 className={styles.title}>{request.name || t('list.unnamed')}</h2>
          <p className={styles.state} role="status">
            <RequestState status={request.status} />{' '}
            <span>
              {t('detail.since')} <RelativeTime value={request.statusSince} />
            </span>
          </p>
          {request.statusReason && (
            <p className={styles.reason}>
              {request.statusReason}
              {request.retry && (
                <>
                  {' '}
                  {t('detail.retrying', {
                    attempts: String(request.retry.attempts),
                  })}{' '}
                  <RelativeTime value={request.retry.nextAt} />.
                </>
              )}
            </p>
          )}
        </div>
        <ActionBar request={request} onChange={onChange} />
      </header>
      <div className={styles.columns}>
        <div>
          {!isGone && request.readyAt && (
            <ConnectionSection request={request} />
          )}
          {isMade && request.readyAt && request.hasBackups && (
            <BackupsSection base={base} request={request} />
          )}
          {isMade && <ObjectsSection request={request} />}
          <HistorySection request={request} />
        </div>
        <AboutSection request={request} />
      </div>
    </article>
  );
}
