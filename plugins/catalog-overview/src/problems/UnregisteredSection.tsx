import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert, Text } from '@backstage/ui';
import type {
  UnregisteredResponse,
  UnregisteredWorkload,
} from '@waystone/plugin-catalog-overview-common';
import { RelativeTime } from '@waystone/ui';
import { useEffect, useState } from 'react';
import { catalogProblemsApiRef } from './CatalogProblemsClient';
import { RegisterDialog } from './RegisterDialog';
import { catalogProblemsTranslationRef } from './translation';
import styles from './UnregisteredSection.module.css';

/** What runs in the environments and no entity stands for, by namespace; nothing where all is registered. */
export function UnregisteredSection() {
  const { t } = useTranslationRef(catalogProblemsTranslationRef);
  const { error, response } = useUnregistered();
  if (error) {
    return (
      <Alert
        status="warning"
        icon
        title={t('unregistered.failed')}
        description={error.message}
      />
    );
  }
  const unknown = response?.unknown ?? [];
  if (!response || response.items.length + unknown.length === 0) {
    return null;
  }
  return (
    <section
      className={styles.section}
      aria-labelledby="unregistered-workloads"
    >
      <h2 id="unregistered-workloads" className={styles.title}>
        {t('unregistered.title', { count: response.items.length })}
      </h2>
      <Text color="secondary">{t('unregistered.help')}</Text>
      {unknown.length > 0 && (
        <Text color="secondary">
          {t('unregistered.unknown', { clusters: unknown.join(', ') })}
        </Text>
      )}
      {[...groupByNamespace(response.items)].map(([place, workloads]) => (
        <div key={place} className={styles.group}>
          <h3 className={styles.place}>
            {t('unregistered.place', {
              count: workloads.length,
              namespace: workloads[0].namespace,
            })}
          </h3>
          <ul className={styles.list}>
            {workloads.map(workload => (
              <li key={workload.id} className={styles.workload}>
                <span className={styles.words}>
                  <strong>{workload.name}</strong>
                  <span className={styles.detail}>
                    {workload.kind} · {workload.cluster}
                    {workload.since && (
                      <>
                        {' · '}
                        <RelativeTime value={workload.since} />
                      </>
                    )}
                  </span>
                </span>
                <RegisterDialog workload={workload} />
              </li>
            ))}
          </ul>
        </div>
      ))}
    </section>
  );
}

function groupByNamespace(
  items: readonly UnregisteredWorkload[],
): ReadonlyMap<string, readonly UnregisteredWorkload[]> {
  const groups = new Map<string, UnregisteredWorkload[]>();
  for (const item of items) {
    const key = `${item.cluster} ${item.namespace}`;
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return groups;
}

function useUnregistered(): {
  readonly response?: UnregisteredResponse;
  readonly error?: Error;
} {
  const api = useApi(catalogProblemsApiRef);
  const [state, setState] = useState<{
    response?: UnregisteredResponse;
    error?: Error;
  }>({});
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    api.unregistered(signal).then(
      response => {
        if (!signal.aborted) {
          setState({ response });
        }
      },
      error => {
        if (!signal.aborted) {
          setState({ error });
        }
      },
    );
    return () => controller.abort();
  }, [api]);
  return state;
}
