import { stringifyEntityRef } from '@backstage/catalog-model';
import {
  useApi,
  useRouteRef,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { useEntity } from '@backstage/plugin-catalog-react';
import { Skeleton, Text } from '@backstage/ui';
import { INFRASTRUCTURE_CHANNEL } from '@waystone/plugin-infrastructure-common';
import { Problem, useLive } from '@waystone/ui';
import { useCallback, useId } from 'react';
import { Link } from 'react-router-dom';
import { infrastructureApiRef } from '../api/InfrastructureClient';
import { RequestState } from '../components/RequestState';
import { rootRouteRef } from '../routes';
import { infrastructureTranslationRef } from '../translation';
import styles from './InfrastructureCard.module.css';

const gone = new Set(['deleted', 'rejected']);

/** What was requested for a component, and the way to request more. */
export function InfrastructureCard() {
  const { entity } = useEntity();
  const component = stringifyEntityRef(entity);
  const api = useApi(infrastructureApiRef);
  const base = useRouteRef(rootRouteRef)?.() ?? '/infrastructure';
  const titleId = useId();
  const { t } = useTranslationRef(infrastructureTranslationRef);
  const read = useCallback(
    (signal: AbortSignal) =>
      api.listRequests(new URLSearchParams({ component, limit: '50' }), signal),
    [api, component],
  );
  const { value, error, refresh } = useLive(INFRASTRUCTURE_CHANNEL, read);
  const items = value?.items.filter(({ status }) => !gone.has(status));
  return (
    <section className={styles.card} aria-labelledby={titleId}>
      <div className={styles.head}>
        <h2 id={titleId}>{t('card.title')}</h2>
        <Link to={`${base}?component=${encodeURIComponent(component)}`}>
          {t('card.request')}
        </Link>
      </div>
      {error && !value && (
        <Problem title={t('card.failed')} error={error} onRetry={refresh} />
      )}
      {!value && !error && <Skeleton width="100%" height={40} />}
      {items?.length === 0 && <Text color="secondary">{t('card.empty')}</Text>}
      {items && items.length > 0 && (
        <ul className={styles.items}>
          {items.map(item => (
            <li key={item.id}>
              <Link to={`${base}/requests/${item.id}`}>{item.name}</Link>
              <span className={styles.what}>
                {item.offeringTitle}, {item.environment}
              </span>
              <RequestState status={item.status} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
