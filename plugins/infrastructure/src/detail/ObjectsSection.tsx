import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Skeleton, Text } from '@backstage/ui';
import type {
  LiveObject,
  RequestDetail,
} from '@waystone/plugin-infrastructure-common';
import { Problem, StateLabel, usePolling } from '@waystone/ui';
import type { State } from '@waystone/ui';
import { useCallback } from 'react';
import { infrastructureApiRef } from '../api/InfrastructureClient';
import { infrastructureTranslationRef } from '../translation';
import styles from './ObjectsSection.module.css';
import { Section } from './Section';

const INTERVAL_MS = 5000;

const states: Readonly<Record<LiveObject['state'], State>> = {
  ready: 'healthy',
  progressing: 'progressing',
  failed: 'critical',
  missing: 'attention',
  unknown: 'unknown',
};

/** What the resource consists of in the cluster, and what blocks it. */
export function ObjectsSection(props: { request: RequestDetail }) {
  const { id, status } = props.request;
  const api = useApi(infrastructureApiRef);
  const { t } = useTranslationRef(infrastructureTranslationRef);
  const read = useCallback(
    (signal: AbortSignal) => {
      // Read anew with every status, which changes before the next interval.
      void status;
      return api.getLiveState(id, signal);
    },
    [api, id, status],
  );
  const { value, error, refresh } = usePolling(read, INTERVAL_MS);
  return (
    <Section title={t('detail.objects')}>
      {error && (
        <Problem
          title={t('detail.objectsFailed')}
          error={error}
          onRetry={refresh}
        />
      )}
      {!value && !error && <Skeleton width="100%" height={80} />}
      {value?.blocker && (
        <p className={styles.blocker}>
          <strong>{t('detail.blocker')}</strong> {value.blocker}
        </p>
      )}
      {value && value.objects.length === 0 && (
        <Text color="secondary">{t('detail.noObjects')}</Text>
      )}
      {value && value.objects.length > 0 && (
        <ul className={styles.objects}>
          {value.objects.map(object => (
            <LiveObjectItem
              key={`${object.kind}/${object.name}`}
              object={object}
            />
          ))}
        </ul>
      )}
    </Section>
  );
}

function LiveObjectItem(props: { object: LiveObject }) {
  const { object } = props;
  const { t } = useTranslationRef(infrastructureTranslationRef);
  const lines = [
    ...object.conditions
      .filter(({ message, status }) => message && status !== 'True')
      .map(({ type, message }) => `${type}: ${message}`),
    ...object.events.map(({ reason, message }) => `${reason}: ${message}`),
  ];
  return (
    <li className={styles.object} data-depth={object.depth}>
      <span className={styles.name}>
        <span className={styles.kind}>{object.kind}</span> {object.name}
      </span>
      <StateLabel state={states[object.state]}>
        {t(`objectState.${object.state}`)}
      </StateLabel>
      {lines.length > 0 && (
        <ul className={styles.lines}>
          {lines.map((line, index) => (
            <li key={index}>{line}</li>
          ))}
        </ul>
      )}
    </li>
  );
}
