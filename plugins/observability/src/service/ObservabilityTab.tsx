import {
  getCompoundEntityRef,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { useEntity } from '@backstage/plugin-catalog-react';
import { Alert, Skeleton } from '@backstage/ui';
import { OBSERVABILITY_CHANNEL } from '@waystone/plugin-observability-common';
import type {
  EnvironmentHealth,
  SummaryResponse,
} from '@waystone/plugin-observability-common';
import {
  EmptyState,
  FreshnessNote,
  Problem,
  StateLabel,
  useFilters,
  useLive,
} from '@waystone/ui';
import { useCallback } from 'react';
import { observabilityApiRef } from '../api/ObservabilityClient';
import { observabilityTranslationRef } from '../translation';
import { AlertsSection } from './AlertsSection';
import { ChartsSection } from './ChartsSection';
import { InstrumentationSection } from './InstrumentationSection';
import { ObjectivesSection } from './ObjectivesSection';
import styles from './ObservabilityTab.module.css';

/** Whether a service is healthy: one sentence, what fires, charts, and what it promises. */
export function ObservabilityTab() {
  const { entity } = useEntity();
  const api = useApi(observabilityApiRef);
  const { t } = useTranslationRef(observabilityTranslationRef);
  const { change, params } = useFilters();
  const entityRef = stringifyEntityRef(getCompoundEntityRef(entity));
  const read = useCallback(
    async (signal: AbortSignal) =>
      (await api.findSummary(entityRef, signal)) ?? 'none',
    [api, entityRef],
  );
  const { error, refresh, value } = useLive(OBSERVABILITY_CHANNEL, read);
  const response = value === 'none' ? undefined : value;
  const measured = response?.service.environments ?? [];
  const shown =
    measured.find(
      ({ environment }) => environment === params.get('environment'),
    ) ?? measured.at(-1);

  return (
    <div className={styles.tab}>
      {error && (
        <Problem title={t('service.failed')} error={error} onRetry={refresh} />
      )}
      {!value && !error && (
        <div
          className={styles.skeleton}
          role="status"
          aria-label={t('service.loading')}
        >
          <Skeleton width="60%" height={28} />
          <Skeleton width="100%" height={240} />
        </div>
      )}
      {response && <FreshnessNote freshness={response.freshness} />}
      {response && response.service.problems.length > 0 && (
        <Alert
          status="warning"
          icon
          title={t('service.problems')}
          description={response.service.problems.join(' ')}
        />
      )}
      {value && response?.instrumentation && (
        <InstrumentationSection guide={response.instrumentation} />
      )}
      {value && !shown && !response?.instrumentation && (
        <EmptyState
          title={t('service.unknown')}
          help={t('service.unknownHelp')}
        />
      )}
      {response && shown && (
        <>
          <Head
            response={response}
            shown={shown}
            onChoose={environment => change({ environment }, true)}
          />
          <AlertsSection
            entityRef={entityRef}
            environment={shown.environment}
          />
          {shown.recipe && (
            <>
              <ChartsSection
                entityRef={entityRef}
                environment={shown.environment}
                params={params}
                change={change}
              />
              <ObjectivesSection
                entityRef={entityRef}
                environment={shown.environment}
              />
            </>
          )}
        </>
      )}
    </div>
  );
}

function Head(props: {
  response: SummaryResponse;
  shown: EnvironmentHealth;
  onChoose: (environment: string | undefined) => void;
}) {
  const { onChoose, response, shown } = props;
  const { t } = useTranslationRef(observabilityTranslationRef);
  const titleOf = ({ environment, namespace }: EnvironmentHealth) =>
    response.environments.find(({ name }) => name === environment)?.title ??
    namespace;
  return (
    <header className={styles.head}>
      <div
        className={styles.environments}
        role="group"
        aria-label={t('service.environments')}
      >
        {response.service.environments.map(health => (
          <button
            key={`${health.cluster} ${health.namespace} ${health.service}`}
            type="button"
            className={styles.environment}
            aria-pressed={health === shown}
            onClick={() => onChoose(health.environment)}
          >
            <span className={styles.environmentTitle}>{titleOf(health)}</span>
            <StateLabel state={health.state}>
              {t(`state.${health.state}`)}
            </StateLabel>
          </button>
        ))}
      </div>
      <p className={styles.sentence} role="status">
        {shown.sentence}
      </p>
      {shown.recipe && (
        <p className={styles.recipe}>
          {t('service.recipe', { title: shown.recipe.title })}
        </p>
      )}
    </header>
  );
}
