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
import { OBSERVABILITY_CHANNEL } from '@waystone/plugin-observability-common';
import type { SummaryResponse } from '@waystone/plugin-observability-common';
import { messageOf, RelativeTime, StateLabel, useLive } from '@waystone/ui';
import { useCallback, useId } from 'react';
import { Link } from 'react-router-dom';
import { observabilityApiRef } from '../api/ObservabilityClient';
import { observabilityTranslationRef } from '../translation';
import styles from './ObservabilityCard.module.css';

/** The state of a service in a word and a sentence, for the row of states on its overview. */
export function ObservabilityCard() {
  const { entity } = useEntity();
  const api = useApi(observabilityApiRef);
  const { t } = useTranslationRef(observabilityTranslationRef);
  const id = useId();
  const entityRoute = useRouteRef(entityRouteRef);
  const entityRef = stringifyEntityRef(getCompoundEntityRef(entity));
  const read = useCallback(
    async (signal: AbortSignal) =>
      (await api.findSummary(entityRef, signal)) ?? 'none',
    [api, entityRef],
  );
  const { error, value } = useLive(OBSERVABILITY_CHANNEL, read);
  return (
    <section className={styles.card} aria-labelledby={id}>
      <h2 id={id} className={styles.title}>
        <Link
          to={`${entityRoute?.(parseEntityRef(entityRef)) ?? ''}/observability`}
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
          <p className={styles.detail}>{messageOf(error)}</p>
        </>
      )}
      {value &&
        (value === 'none' || value.instrumentation ? (
          <StateLabel state="unknown">{t('card.none')}</StateLabel>
        ) : (
          <Body response={value} />
        ))}
    </section>
  );
}

function Body(props: { response: SummaryResponse }) {
  const { environments, freshness, service } = props.response;
  const { t } = useTranslationRef(observabilityTranslationRef);
  const shown = service.environments.findLast(
    ({ sentence }) => sentence === service.sentence,
  );
  const title = environments.find(
    ({ name }) => name === shown?.environment,
  )?.title;
  const stale = freshness.find(each => each.stale);
  // The word is said by the label.
  const detail = service.sentence.slice(service.sentence.indexOf('. ') + 2);
  return (
    <>
      <StateLabel state={service.state}>
        {[title, t(`state.${service.state}`)].filter(Boolean).join(': ')}
      </StateLabel>
      <p className={styles.detail}>
        {detail} {shown?.since && <RelativeTime value={shown.since} />}
      </p>
      {stale && (
        <p className={styles.stale} title={stale.reason}>
          {t('card.since')}{' '}
          {stale.observedAt ? <RelativeTime value={stale.observedAt} /> : '–'}
        </p>
      )}
    </>
  );
}
