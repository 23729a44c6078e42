import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { FreshnessNote, usePolling } from '@waystone/ui';
import { useCallback } from 'react';
import { governanceApiRef } from '../api/GovernanceClient';
import { governanceTranslationRef } from '../translation';
import { SecretsList } from './SecretsList';
import styles from './SecretsSection.module.css';

/** The secrets of one service, for those who may know of them; for others there is nothing. */
export function SecretsSection(props: { readonly entityRef: string }) {
  const { entityRef } = props;
  const api = useApi(governanceApiRef);
  const { t } = useTranslationRef(governanceTranslationRef);
  const read = useCallback(
    async (signal: AbortSignal) =>
      (await api.findSecrets({ entity: entityRef }, signal)) ?? 'none',
    [api, entityRef],
  );
  const { value } = usePolling(read, 60_000);
  if (!value || value === 'none' || value.totalItems === 0) {
    return null;
  }
  return (
    <section className={styles.section} aria-label={t('page.secrets')}>
      <h2 className={styles.title}>{t('page.secrets')}</h2>
      <FreshnessNote freshness={value.freshness} />
      <SecretsList items={value.items} isOfService />
    </section>
  );
}
