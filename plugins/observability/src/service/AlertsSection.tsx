import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Text } from '@backstage/ui';
import { OBSERVABILITY_CHANNEL } from '@waystone/plugin-observability-common';
import { Problem, useLive } from '@waystone/ui';
import { useCallback } from 'react';
import { AlertsTable } from '../alerts/AlertsTable';
import { observabilityApiRef } from '../api/ObservabilityClient';
import { observabilityTranslationRef } from '../translation';
import { Section } from './Section';

/** What is pending or fires for a service in an environment. */
export function AlertsSection(props: {
  entityRef: string;
  environment: string | undefined;
}) {
  const { entityRef, environment } = props;
  const api = useApi(observabilityApiRef);
  const { t } = useTranslationRef(observabilityTranslationRef);
  const read = useCallback(
    (signal: AbortSignal) => api.listServiceAlerts(entityRef, signal),
    [api, entityRef],
  );
  const { error, refresh, value } = useLive(OBSERVABILITY_CHANNEL, read);
  const alerts = value?.items.filter(
    alert => alert.environment === environment,
  );
  return (
    <Section title={t('alerts.title')}>
      {error && (
        <Problem title={t('alerts.failed')} error={error} onRetry={refresh} />
      )}
      {!value && !error && <Text color="secondary">{t('alerts.loading')}</Text>}
      {alerts?.length === 0 && (
        <Text color="secondary">{t('alerts.noneOfService')}</Text>
      )}
      {alerts && alerts.length > 0 && <AlertsTable alerts={alerts} />}
    </Section>
  );
}
