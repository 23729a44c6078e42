import {
  useApi,
  useRouteRef,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { useEntity } from '@backstage/plugin-catalog-react';
import { Skeleton } from '@backstage/ui';
import {
  INFRASTRUCTURE_CHANNEL,
  REQUEST_ANNOTATION,
} from '@waystone/plugin-infrastructure-common';
import { Problem, RelativeTime, useLive } from '@waystone/ui';
import { useCallback, useId } from 'react';
import { Link } from 'react-router-dom';
import { infrastructureApiRef } from '../api/InfrastructureClient';
import { formatMoney } from '../components/formatMoney';
import { RequestState } from '../components/RequestState';
import { rootRouteRef } from '../routes';
import { infrastructureTranslationRef } from '../translation';
import styles from './ResourceCard.module.css';

/** How a Resource that was requested is, what it costs, and the way to everything else. */
export function ResourceCard() {
  const { entity } = useEntity();
  const id = entity.metadata.annotations?.[REQUEST_ANNOTATION] ?? '';
  const api = useApi(infrastructureApiRef);
  const base = useRouteRef(rootRouteRef)?.() ?? '/infrastructure';
  const titleId = useId();
  const { t } = useTranslationRef(infrastructureTranslationRef);
  const read = useCallback(
    (signal: AbortSignal) => api.getRequest(id, signal),
    [api, id],
  );
  const { value, error, refresh } = useLive(INFRASTRUCTURE_CHANNEL, read);
  return (
    <section className={styles.card} aria-labelledby={titleId}>
      <h2 id={titleId}>{t('card.title')}</h2>
      {error && !value && (
        <Problem title={t('card.failed')} error={error} onRetry={refresh} />
      )}
      {!value && !error && <Skeleton width="100%" height={80} />}
      {value && (
        <>
          <dl className={styles.facts}>
            <div>
              <dt>{t('card.status')}</dt>
              <dd>
                <RequestState status={value.status} /> {t('detail.since')}{' '}
                <RelativeTime value={value.statusSince} />
              </dd>
            </div>
            <div>
              <dt>{t('list.environment')}</dt>
              <dd>{value.environment}</dd>
            </div>
            <div>
              <dt>{t('detail.cost')}</dt>
              <dd>
                {value.monthlyCost ? formatMoney(value.monthlyCost) : '–'}
              </dd>
            </div>
            <div>
              <dt>{t('card.ends')}</dt>
              <dd>
                {value.expiresAt ? (
                  <RelativeTime value={value.expiresAt} />
                ) : (
                  t('detail.never')
                )}
              </dd>
            </div>
          </dl>
          {value.statusReason && (
            <p className={styles.reason}>{value.statusReason}</p>
          )}
          <Link to={`${base}/requests/${value.id}`}>{t('card.open')}</Link>
        </>
      )}
    </section>
  );
}
