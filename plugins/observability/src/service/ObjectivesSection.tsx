import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert, Skeleton, Text } from '@backstage/ui';
import { OBSERVABILITY_CHANNEL } from '@waystone/plugin-observability-common';
import type {
  Slo,
  SlosResponse,
  SloState,
} from '@waystone/plugin-observability-common';
import { Problem, StateLabel, useLive } from '@waystone/ui';
import type { State } from '@waystone/ui';
import { useCallback } from 'react';
import { observabilityApiRef } from '../api/ObservabilityClient';
import { formatValue } from '../shared/formatValue';
import { observabilityTranslationRef } from '../translation';
import { BurnedTable } from './BurnedTable';
import { BudgetDays } from './BudgetDays';
import styles from './ObjectivesSection.module.css';
import { Section } from './Section';

/** What a service promises, how that is kept, and what broke it. */
export function ObjectivesSection(props: {
  entityRef: string;
  environment: string | undefined;
}) {
  const { entityRef, environment } = props;
  const api = useApi(observabilityApiRef);
  const { t } = useTranslationRef(observabilityTranslationRef);
  const read = useCallback(
    (signal: AbortSignal) => api.getObjectives(entityRef, environment, signal),
    [api, entityRef, environment],
  );
  const { error, refresh, value } = useLive(OBSERVABILITY_CHANNEL, read);
  return (
    <Section title={t('slo.title')}>
      {error && (
        <Problem title={t('slo.failed')} error={error} onRetry={refresh} />
      )}
      {!value && !error && (
        <div role="status" aria-label={t('slo.loading')}>
          <Skeleton width="100%" height={160} />
        </div>
      )}
      {value && <Objectives response={value} />}
    </Section>
  );
}

function Objectives(props: { response: SlosResponse }) {
  const { burned, days, problems, slos } = props.response;
  const { t } = useTranslationRef(observabilityTranslationRef);
  return (
    <>
      <div className={styles.slos}>
        {slos.map(slo => (
          <Objective key={slo.name} slo={slo} />
        ))}
        {days.length > 1 && (
          <div className={styles.slo}>
            <h3 className={styles.title}>{t('slo.days')}</h3>
            <BudgetDays days={days} />
          </div>
        )}
      </div>
      {problems.map(problem => (
        <Alert key={problem} status="warning" icon title={problem} />
      ))}
      {problems.length === 0 && (
        <div className={styles.burned}>
          <h3 className={styles.title}>{t('slo.burned')}</h3>
          {burned.length > 0 ? (
            <BurnedTable burned={burned} />
          ) : (
            <Text color="secondary">{t('slo.nothingBurned')}</Text>
          )}
        </div>
      )}
    </>
  );
}

const TONES: Readonly<Record<SloState, State>> = {
  exhausted: 'critical',
  burning: 'critical',
  'at-risk': 'attention',
  unknown: 'unknown',
  met: 'healthy',
};

const WORDS = {
  exhausted: 'slo.exhausted',
  burning: 'slo.burning',
  'at-risk': 'slo.atRisk',
  unknown: 'slo.unknownState',
  met: 'slo.met',
} as const;

const SOURCES = {
  annotation: 'slo.sourceAnnotation',
  application: 'slo.sourceApplication',
  default: 'slo.sourceDefault',
} as const;

function Objective(props: { slo: Slo }) {
  const { slo } = props;
  const { t } = useTranslationRef(observabilityTranslationRef);
  const target = toPercent(slo.target, 4);
  const left = slo.budgetLeft;
  const spent = left === null ? t('slo.unknown') : t('slo.spent');
  const budget =
    left !== null && left > 0
      ? t('slo.left', { share: `${Math.round(left * 100)} %` })
      : spent;
  return (
    <article className={styles.slo}>
      <h3 className={styles.title}>
        {slo.name === 'availability'
          ? t('slo.availability', { target })
          : t('slo.latency', {
              target,
              threshold: formatValue(slo.thresholdSeconds, 'seconds'),
            })}{' '}
        {t('slo.window', { count: slo.windowDays })}
      </h3>
      <StateLabel state={TONES[slo.state]}>{t(WORDS[slo.state])}</StateLabel>
      <div
        className={styles.budget}
        role="meter"
        aria-label={t('slo.title')}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(Math.max(0, left ?? 0) * 100)}
        aria-valuetext={budget}
      >
        <div
          className={`${styles.left} ${styles[TONES[slo.state]]}`}
          style={{ width: `${Math.max(0, Math.min(1, left ?? 0)) * 100}%` }}
        />
      </div>
      <p className={styles.text}>
        <strong>{budget}.</strong>{' '}
        {slo.good !== null &&
          slo.requests !== null &&
          t('slo.good', {
            share: toPercent(slo.good, 3),
            requests: Math.round(slo.requests).toLocaleString('en'),
          })}
      </p>
      <dl
        className={styles.burn}
        aria-label={t('slo.burn')}
        title={t('slo.burnHelp')}
      >
        {slo.burnRates.map(({ rate, window }) => (
          <div key={window}>
            <dt>{window}</dt>
            <dd>{rate === null ? '–' : `${Number(rate.toPrecision(2))}×`}</dd>
          </div>
        ))}
      </dl>
      <p className={styles.source}>{t(SOURCES[slo.source])}</p>
    </article>
  );
}

function toPercent(share: number, digits: number): string {
  return `${Number((share * 100).toFixed(digits))} %`;
}
