import {
  getCompoundEntityRef,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { useEntity } from '@backstage/plugin-catalog-react';
import { Text } from '@backstage/ui';
import type {
  AuditEvent,
  AuditEventsResponse,
} from '@waystone/plugin-audit-common';
import {
  EmptyState,
  ListFoot,
  LoadingRows,
  Problem,
  usePages,
} from '@waystone/ui';
import { useState } from 'react';
import { auditApiRef } from '../api/AuditClient';
import { EventTable } from '../shared/EventTable';
import { auditTranslationRef } from '../translation';
import styles from './AuditTab.module.css';

/** What was done to an entity, for its owners. */
export function AuditTab() {
  const { entity } = useEntity();
  const api = useApi(auditApiRef);
  const { t } = useTranslationRef(auditTranslationRef);
  const entityRef = stringifyEntityRef(getCompoundEntityRef(entity));
  const [total, setTotal] = useState(0);
  const { error, items, loading, more, response, retry } = usePages<
    AuditEvent,
    AuditEventsResponse
  >(entityRef, async (cursor, signal) => {
    const page = await api.listOfEntity(entityRef, cursor, signal);
    if (page.totalItems !== undefined && !signal.aborted) {
      setTotal(page.totalItems);
    }
    return page;
  });
  return (
    <div className={styles.tab}>
      {error && (
        <Problem title={t('tab.failed')} error={error} onRetry={retry} />
      )}
      {!response && !error && <LoadingRows label={t('loading')} />}
      {response && items.length === 0 && (
        <EmptyState title={t('tab.none')} help={t('tab.noneHelp')} />
      )}
      {items.length > 0 && (
        <>
          <Text color="secondary">{t('tab.summary')}</Text>
          <EventTable events={items} busy={loading} />
          <ListFoot
            shown={items.length}
            total={Math.max(total, items.length)}
            loading={loading}
            onMore={more}
          />
        </>
      )}
    </div>
  );
}
