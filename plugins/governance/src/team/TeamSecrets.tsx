import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { FreshnessNote, LoadingRows, Problem, usePolling } from '@waystone/ui';
import { useCallback } from 'react';
import { governanceApiRef } from '../api/GovernanceClient';
import { SecretsList } from '../secrets/SecretsList';
import { Section } from '../shared/Section';
import { governanceTranslationRef } from '../translation';
import styles from './TeamGovernanceTab.module.css';

/** The secrets of a team's services, those due first, as far as one may know of them. */
export function TeamSecrets(props: { readonly owner: string }) {
  const { owner } = props;
  const api = useApi(governanceApiRef);
  const { t } = useTranslationRef(governanceTranslationRef);
  const read = useCallback(
    async (signal: AbortSignal) =>
      (await api.findSecrets({ owner }, signal)) ?? 'none',
    [api, owner],
  );
  const { error, refresh, value } = usePolling(read, 60_000);
  const known = value && value !== 'none' ? value : undefined;
  return (
    <Section
      title={t('page.secrets')}
      aside={
        known &&
        known.overdue > 0 && (
          <span className={styles.overdue}>
            {t('team.overdue', { count: known.overdue })}
          </span>
        )
      }
    >
      {error && (
        <Problem title={t('list.failed')} error={error} onRetry={refresh} />
      )}
      {!value && !error && <LoadingRows />}
      {known && <FreshnessNote freshness={known.freshness} />}
      {known && known.totalItems > 0 && <SecretsList items={known.items} />}
      {value && !known?.totalItems && (
        <p className={styles.none}>{t('team.none.secrets')}</p>
      )}
    </Section>
  );
}
