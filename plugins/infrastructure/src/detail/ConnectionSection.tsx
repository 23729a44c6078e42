import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import { Skeleton, Text } from '@backstage/ui';
import type {
  Connection,
  RequestDetail,
} from '@waystone/plugin-infrastructure-common';
import { Problem, usePolling } from '@waystone/ui';
import { useCallback } from 'react';
import { infrastructureApiRef } from '../api/InfrastructureClient';
import { infrastructureTranslationRef } from '../translation';
import styles from './ConnectionSection.module.css';
import { CopyButton } from './CopyButton';
import { RevealedValue } from './RevealedValue';
import { Section } from './Section';

const INTERVAL_MS = 60_000;

/** Where the connection is, its values one at a time, and how to use it. */
export function ConnectionSection(props: { request: RequestDetail }) {
  const { request } = props;
  const { t } = useTranslationRef(infrastructureTranslationRef);
  return (
    <Section title={t('connection.title')}>
      {request.actions.reveal ? (
        <Details id={request.id} />
      ) : (
        <Text color="secondary">
          {t('connection.denied')}{' '}
          <EntityRefLink entityRef={request.owner} hideIcon />
        </Text>
      )}
    </Section>
  );
}

function Details(props: { id: string }) {
  const { id } = props;
  const api = useApi(infrastructureApiRef);
  const { t } = useTranslationRef(infrastructureTranslationRef);
  const read = useCallback(
    (signal: AbortSignal) => api.getConnection(id, signal),
    [api, id],
  );
  const { value, error, refresh } = usePolling<Connection>(read, INTERVAL_MS);
  if (error) {
    return (
      <Problem title={t('connection.failed')} error={error} onRetry={refresh} />
    );
  }
  if (!value) {
    return <Skeleton width="100%" height={160} />;
  }
  return (
    <>
      <p className={styles.where}>
        {t('connection.where', {
          secret: value.secret,
          namespace: value.namespace,
          cluster: value.cluster,
        })}
      </p>
      <table className={styles.keys} aria-label={t('connection.keys')}>
        <thead>
          <tr>
            <th scope="col">{t('connection.key')}</th>
            <th scope="col">{t('connection.value')}</th>
          </tr>
        </thead>
        <tbody>
          {value.keys.map(key => (
            <tr key={key}>
              <th scope="row">{key}</th>
              <td>
                <RevealedValue id={id} name={key} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className={styles.where}>{t('connection.audited')}</p>
      <h4 className={styles.heading}>{t('connection.snippets')}</h4>
      {value.snippets.map(snippet => (
        <details key={snippet.id} className={styles.snippet}>
          <summary>{snippet.title}</summary>
          <div className={styles.code}>
            <pre>{snippet.code}</pre>
            <CopyButton what={snippet.title} text={snippet.code} />
          </div>
        </details>
      ))}
    </>
  );
}
