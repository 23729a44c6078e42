import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert, Skeleton } from '@backstage/ui';
import type { Offering } from '@waystone/plugin-infrastructure-common';
import { EmptyState, Problem, StateLabel, usePolling } from '@waystone/ui';
import { useCallback } from 'react';
import { Link, useLocation } from 'react-router-dom';
import { infrastructureApiRef } from '../api/InfrastructureClient';
import { formatMoney } from '../components/formatMoney';
import { PageFrame } from '../components/PageFrame';
import { infrastructureTranslationRef } from '../translation';
import { OfferingIcon } from './OfferingIcon';
import styles from './OfferingsPage.module.css';

const INTERVAL_MS = 5000;

/** What can be requested, by category. */
export function OfferingsPage(props: { base: string }) {
  const { base } = props;
  const api = useApi(infrastructureApiRef);
  const { t } = useTranslationRef(infrastructureTranslationRef);
  const read = useCallback(
    (signal: AbortSignal) => api.listOfferings(signal),
    [api],
  );
  const { value, error, refresh } = usePolling(read, INTERVAL_MS);
  const offerings = value?.items ?? [];
  const categories = [...new Set(offerings.map(({ category }) => category))]
    .sort()
    .map(category => ({
      category,
      items: offerings.filter(each => each.category === category),
    }));
  return (
    <PageFrame base={base} summary={t('offerings.summary')}>
      {error && (
        <Problem title={t('page.failed')} error={error} onRetry={refresh} />
      )}
      {value?.problems.map(problem => (
        <Alert
          key={problem.cluster}
          status="warning"
          icon
          title={t('offerings.stale', { cluster: problem.cluster })}
          description={problem.message}
        />
      ))}
      {!value && !error && (
        <div className={styles.grid} aria-hidden>
          {Array.from({ length: 4 }, (_, index) => (
            <Skeleton key={index} width="100%" height={160} />
          ))}
        </div>
      )}
      {value && value.items.length === 0 && (
        <EmptyState
          title={t('offerings.empty')}
          help={t('offerings.emptyHelp')}
        />
      )}
      <div className={styles.categories}>
        {categories.map(({ category, items }) => (
          <section
            key={category}
            className={styles.category}
            data-many={items.length > 1 || undefined}
          >
            <h2 className={styles.heading}>{category}</h2>
            <ul className={styles.grid}>
              {items.map(offering => (
                <OfferingCard
                  key={offering.id}
                  base={base}
                  offering={offering}
                />
              ))}
            </ul>
          </section>
        ))}
      </div>
    </PageFrame>
  );
}

function OfferingCard(props: { base: string; offering: Offering }) {
  const { base, offering } = props;
  const { title } = offering;
  // What it is requested for comes along.
  const { search } = useLocation();
  const { t } = useTranslationRef(infrastructureTranslationRef);
  const isBroken = offering.state === 'broken';
  return (
    <li className={styles.card}>
      <div className={styles.name}>
        <OfferingIcon icon={offering.icon} />
        <h3>{title}</h3>
      </div>
      <p className={styles.description}>{offering.description}</p>
      {isBroken ? (
        <div className={styles.broken}>
          <StateLabel state="critical">{t('offerings.broken')}</StateLabel>
          <p>{offering.problem}</p>
        </div>
      ) : (
        <p className={styles.facts}>
          <strong>
            {offering.priceFrom
              ? t('offerings.from', {
                  amount: formatMoney(offering.priceFrom),
                })
              : t('offerings.noPrice')}
          </strong>
          {' · '}
          {offering.timeToReady
            ? t('offerings.ready', {
                time: formatSeconds(offering.timeToReady.medianSeconds),
              })
            : t('offerings.readyUnknown')}
        </p>
      )}
      <div className={styles.links}>
        {!isBroken && (
          <Link
            className={styles.request}
            to={`${base}/request/${encodeURIComponent(offering.id)}${search}`}
            aria-label={t('offerings.requestLabel', { title })}
          >
            {t('offerings.request')}
          </Link>
        )}
        {offering.docsUrl && (
          <a
            className={styles.docs}
            href={offering.docsUrl}
            target="_blank"
            rel="noreferrer"
            aria-label={t('offerings.docsLabel', { title })}
          >
            {t('offerings.docs')}
          </a>
        )}
      </div>
    </li>
  );
}

/** '40 s', '3 min'. */
function formatSeconds(seconds: number): string {
  return seconds < 90
    ? `${Math.max(1, Math.round(seconds))} s`
    : `${Math.round(seconds / 60)} min`;
}
