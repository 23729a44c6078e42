import {
  getCompoundEntityRef,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { useEntity } from '@backstage/plugin-catalog-react';
import { Alert, Button, Skeleton, Text } from '@backstage/ui';
import type {
  EnvironmentColumn,
  ServiceResponse,
} from '@waystone/plugin-delivery-common';
import { FreshnessNote, useFilters } from '@waystone/ui';
import { useCallback } from 'react';
import { deliveryApiRef } from '../api/DeliveryClient';
import { RunsSection } from '../ci/RunsSection';
import { useLive } from '../shared/useLive';
import { ObjectsSection } from '../objects/ObjectsSection';
import { deliveryTranslationRef } from '../translation';
import { ExplanationSection } from '../why/ExplanationSection';
import styles from './DeliveryTab.module.css';
import { DriftSection } from './DriftSection';
import { EnvironmentStrip } from './EnvironmentStrip';
import type { EnvironmentLook } from './EnvironmentStrip';
import { HistorySection } from './HistorySection';

/** The annotations by which an entity says what is its own. */
const CLAIMS = [
  'backstage.io/kubernetes-id',
  'backstage.io/kubernetes-label-selector',
  'argocd/app-name',
  'argocd/app-selector',
  'argocd/instance-name',
  'argocd/app-namespace',
];

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
  const look = readLook(params, response);
  const lookedAt = response?.environments.find(
    ({ name }) => name === look?.environment,
  );

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
          <ul className={styles.claims}>
            {CLAIMS.flatMap(name => {
              const claim = entity.metadata.annotations?.[name];
              return claim
                ? [
                    <li key={name}>
                      <code>
                        {name}: {claim.slice(0, 200)}
                      </code>
                    </li>,
                  ]
                : [];
            })}
          </ul>
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
            look={look}
            onLook={next =>
              change({
                // What is red explains itself until somebody closes it.
                why: next ? undefined : 'nothing',
                drift: undefined,
                objects: undefined,
                ...(next && { [next.at]: next.environment }),
              })
            }
          />
          {lookedAt && look && (
            <Look
              key={`${look.at} ${lookedAt.name}`}
              at={look.at}
              entityRef={entityRef}
              environment={lookedAt}
            />
          )}
          <RunsSection entityRef={entityRef} />
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

const LOOKS = {
  why: ExplanationSection,
  drift: DriftSection,
  objects: ObjectsSection,
};

function Look(props: {
  at: EnvironmentLook['at'];
  entityRef: string;
  environment: EnvironmentColumn;
}) {
  const { at, ...rest } = props;
  const Section = LOOKS[at];
  return <Section {...rest} />;
}

/** What the address asks for; without a word, why the first red environment is red. */
function readLook(
  params: URLSearchParams,
  response: ServiceResponse | undefined,
): EnvironmentLook | undefined {
  for (const at of ['why', 'drift', 'objects'] as const) {
    const environment = params.get(at);
    if (environment) {
      return { at, environment };
    }
  }
  const red = response?.service.deployments.find(
    ({ environment, state }) => environment && state === 'critical',
  );
  return red?.environment
    ? { at: 'why', environment: red.environment }
    : undefined;
}
