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
import { GOVERNANCE_CHANNEL } from '@waystone/plugin-governance-common';
import type { ServiceGovernance } from '@waystone/plugin-governance-common';
import { RelativeTime, StateLabel, useLive } from '@waystone/ui';
import { useCallback, useId } from 'react';
import { Link } from 'react-router-dom';
import { governanceApiRef } from '../api/GovernanceClient';
import { governanceTranslationRef } from '../translation';
import styles from './GovernanceCard.module.css';

/** What is found at a service in a word and a number, for the row of states on its overview. */
export function GovernanceCard() {
  const { entity } = useEntity();
  const api = useApi(governanceApiRef);
  const { t } = useTranslationRef(governanceTranslationRef);
  const id = useId();
  const entityRoute = useRouteRef(entityRouteRef);
  const entityRef = stringifyEntityRef(getCompoundEntityRef(entity));
  const read = useCallback(
    async (signal: AbortSignal) =>
      (await api.findService(entityRef, signal)) ?? 'none',
    [api, entityRef],
  );
  const { error, value } = useLive(GOVERNANCE_CHANNEL, read);
  return (
    <section className={styles.card} aria-labelledby={id}>
      <h2 id={id} className={styles.title}>
        <Link
          to={`${entityRoute?.(parseEntityRef(entityRef)) ?? ''}/governance`}
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
      {value === 'none' && (
        <StateLabel state="unknown">{t('card.nothing')}</StateLabel>
      )}
      {value && value !== 'none' && <Body service={value} />}
    </section>
  );
}

function Body(props: { readonly service: ServiceGovernance }) {
  const { freshness, reason, since, state, violations, vulnerabilities } =
    props.service;
  const { t } = useTranslationRef(governanceTranslationRef);
  const totalOf = ({ severities }: typeof violations) =>
    Object.values(severities).reduce((sum, count) => sum + count, 0);
  const stale = freshness.find(source => source.stale);
  return (
    <>
      <StateLabel state={state}>{reason}</StateLabel>
      <p className={styles.detail}>
        {t('card.violations', { count: totalOf(violations) })},{' '}
        {t('card.vulnerabilities', { count: totalOf(vulnerabilities) })}
        {since && state !== 'healthy' && (
          <>
            , {t('list.since')} <RelativeTime value={since} />
          </>
        )}
      </p>
      {stale && (
        <p className={styles.stale} title={stale.reason}>
          {t('card.stale')}{' '}
          {stale.observedAt ? <RelativeTime value={stale.observedAt} /> : '–'}
        </p>
      )}
    </>
  );
}
