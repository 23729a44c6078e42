import {
  getCompoundEntityRef,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { useEntity } from '@backstage/plugin-catalog-react';
import { Alert, Button, Skeleton, Text } from '@backstage/ui';
import { useFilters } from '@waystone/ui';
import { useCallback } from 'react';
import { deliveryApiRef } from '../api/DeliveryClient';
import { FreshnessNote } from '../shared/FreshnessNote';
import { useLive } from '../shared/useLive';
import { deliveryTranslationRef } from '../translation';
import styles from './DeliveryTab.module.css';
import { DriftSection } from './DriftSection';
import { EnvironmentStrip } from './EnvironmentStrip';
import { HistorySection } from './HistorySection';

/** Where a service runs: its environments, what differs from Git, and what got there when. */
export function DeliveryTab() {
  const { entity } = useEntity();
  const api = useApi(deliveryApiRef);
  const { t } = useTranslationRef(deliveryTranslationRef);
  const { change, params } = useFilters();
  const entityRef = stringifyEntityRef(getCompoundEntityRef(entity));
  const read = useCallback(
    async (signal: AbortSignal) =>
      (await api.findService(entityRef, signal)) ?? 'none',
    [api, entityRef],
  );
  const { error, refresh, value } = useLive(read);
  const response = value === 'none' ? undefined : value;
  const compared = params.get('drift') ?? undefined;
  const driftOf = response?.environments.find(({ name }) => name === compared);

  return (
    <div className={styles.tab}>
      {error && (
        <Alert
          status="danger"
          icon
          title={t('service.failed')}
          description={error.message}
          customActions={
            <Button variant="secondary" size="small" onPress={refresh}>
              {t('fleet.retry')}
            </Button>
          }
        />
      )}
      {!value && !error && (
        <div
          className={styles.skeleton}
          role="status"
          aria-label={t('service.loading')}
        >
          {Array.from({ length: 3 }, (_, index) => (
            <Skeleton key={index} width="100%" height={180} />
          ))}
        </div>
      )}
      {(value === 'none' || response?.service.deployments.length === 0) && (
        <div className={styles.empty}>
          <Text as="h2" variant="title-x-small" weight="bold">
            {t('service.nowhere', { name: entity.metadata.name })}
          </Text>
          <Text color="secondary">{t('service.nowhereHelp')}</Text>
        </div>
      )}
      {response && response.service.deployments.length > 0 && (
        <>
          <FreshnessNote
            freshness={response.freshness.filter(({ source }) =>
              response.service.deployments.some(each => each.source === source),
            )}
          />
          <EnvironmentStrip
            response={response}
            compared={compared}
            onCompare={environment => change({ drift: environment })}
          />
          {driftOf && (
            <DriftSection
              key={driftOf.name}
              entityRef={entityRef}
              environment={driftOf}
            />
          )}
          <HistorySection
            entityRef={entityRef}
            environments={response.environments}
            params={params}
            change={change}
            // What got somewhere since then is read anew.
            latest={response.service.deployments
              .map(each => `${each.deployedAt}${each.operation?.phase}`)
              .join()}
          />
        </>
      )}
    </div>
  );
}
