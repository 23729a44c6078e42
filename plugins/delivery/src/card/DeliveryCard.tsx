import {
  getCompoundEntityRef,
  parseEntityRef,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import {
  useApi,
  useRouteRef,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { entityRouteRef, useEntity } from '@backstage/plugin-catalog-react';
import { DELIVERY_STATES } from '@waystone/plugin-delivery-common';
import type { ServiceResponse } from '@waystone/plugin-delivery-common';
import { RelativeTime, StateLabel } from '@waystone/ui';
import { useCallback, useId } from 'react';
import { Link } from 'react-router-dom';
import { deliveryApiRef } from '../api/DeliveryClient';
import { wordOf } from '../shared/describeState';
import { useLive } from '../shared/useLive';
import { deliveryTranslationRef } from '../translation';
import styles from './DeliveryCard.module.css';

/** The worst state of a service, and why, for the row of states on its overview. */
export function DeliveryCard() {
  const { entity } = useEntity();
  const api = useApi(deliveryApiRef);
  const { t } = useTranslationRef(deliveryTranslationRef);
  const id = useId();
  const entityRoute = useRouteRef(entityRouteRef);
  const entityRef = stringifyEntityRef(getCompoundEntityRef(entity));
  const read = useCallback(
    async (signal: AbortSignal) =>
      (await api.findService(entityRef, signal)) ?? 'none',
    [api, entityRef],
  );
  const { error, value } = useLive(read);
  return (
    <section className={styles.card} aria-labelledby={id}>
      <h2 id={id} className={styles.title}>
        <Link
          to={`${entityRoute?.(parseEntityRef(entityRef)) ?? ''}/delivery`}
          className={styles.link}
        >
          {t('card.title')}
        </Link>
      </h2>
      {!value && !error && (
        <p className={styles.detail} role="status">
          {t('card.loading')}
        </p>
      )}
      {error && !value && (
        <>
          <StateLabel state="unknown">{t('card.failed')}</StateLabel>
          <p className={styles.detail}>{error.message}</p>
        </>
      )}
      {value &&
        (value === 'none' || value.service.deployments.length === 0 ? (
          <StateLabel state="unknown">{t('card.nowhere')}</StateLabel>
        ) : (
          <Body response={value} />
        ))}
    </section>
  );
}

function Body(props: { response: ServiceResponse }) {
  const { environments, freshness, service } = props.response;
  const { t } = useTranslationRef(deliveryTranslationRef);
  const titleOf = (name?: string) =>
    environments.find(environment => environment.name === name)?.title ?? name;
  const { deployments } = service;
  const last = deployments[deployments.length - 1];
  const stale = freshness.find(
    ({ source, stale: isStale }) =>
      isStale && deployments.some(each => each.source === source),
  );
  if (service.state === 'healthy') {
    return (
      <>
        <StateLabel state="healthy">
          {t('card.healthy', { count: deployments.length })}
        </StateLabel>
        <p className={styles.detail}>
          {titleOf(last.environment)}{' '}
          <span className={styles.version}>{last.version}</span>
          {last.deployedAt && (
            <>
              , <RelativeTime value={last.deployedAt} />
            </>
          )}
        </p>
        {stale && <StaleNote reason={stale.reason} at={stale.observedAt} />}
      </>
    );
  }
  const [worst] = [...deployments].sort(
    (a, b) =>
      DELIVERY_STATES.indexOf(a.state) - DELIVERY_STATES.indexOf(b.state),
  );
  return (
    <>
      <StateLabel state={worst.state}>
        {[titleOf(worst.environment), t(wordOf(worst))]
          .filter(Boolean)
          .join(': ')}
      </StateLabel>
      <p className={styles.detail}>
        {worst.reason}{' '}
        {worst.healthSince && worst.health !== 'healthy' && (
          <RelativeTime value={worst.healthSince} />
        )}
      </p>
      {stale && <StaleNote reason={stale.reason} at={stale.observedAt} />}
    </>
  );
}

function StaleNote(props: { reason?: string; at?: string }) {
  const { t } = useTranslationRef(deliveryTranslationRef);
  return (
    <p className={styles.stale} title={props.reason}>
      {t('freshness.since')}{' '}
      {props.at ? <RelativeTime value={props.at} /> : '–'}
    </p>
  );
}
