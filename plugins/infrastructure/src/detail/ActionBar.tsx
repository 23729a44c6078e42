import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button } from '@backstage/ui';
import type { RequestDetail } from '@waystone/plugin-infrastructure-common';
import { useState } from 'react';
import { Problem } from '@waystone/ui';
import { infrastructureApiRef } from '../api/InfrastructureClient';
import { infrastructureTranslationRef } from '../translation';
import styles from './ActionBar.module.css';
import { ChangeDialog } from './ChangeDialog';
import { DecisionDialog } from './DecisionDialog';
import { DeleteDialog } from './DeleteDialog';
import { ExtendDialog } from './ExtendDialog';
import { RotateDialog } from './RotateDialog';

/** What can be done with a request by whoever looks at it. */
export function ActionBar(props: { request: RequestDetail; onChange(): void }) {
  const { request, onChange } = props;
  const { actions, deletionProtection, id, status, version } = request;
  const api = useApi(infrastructureApiRef);
  const { t } = useTranslationRef(infrastructureTranslationRef);
  const [error, setError] = useState<unknown>();
  const run = async (action: () => Promise<unknown>) => {
    setError(undefined);
    try {
      await action();
    } catch (problem) {
      setError(problem);
    }
    onChange();
  };
  const isChangeable =
    actions.update && ['ready', 'drifted', 'failed'].includes(status);
  return (
    <div className={styles.bar}>
      <div className={styles.buttons}>
        {actions.decide &&
          (['approve', 'reject'] as const).map(decision => (
            <DecisionDialog
              key={decision}
              request={request}
              decision={decision}
              onChange={onChange}
            />
          ))}
        {actions.retry && (
          <Button variant="secondary" onPress={() => run(() => api.retry(id))}>
            {t('action.retry')}
          </Button>
        )}
        {isChangeable && <ChangeDialog request={request} onChange={onChange} />}
        {actions.rotate && (
          <RotateDialog request={request} onChange={onChange} />
        )}
        {actions.update && request.expiresAt && (
          <ExtendDialog request={request} onChange={onChange} />
        )}
        {actions.update && (
          <Button
            variant="secondary"
            onPress={() =>
              run(() =>
                api.update(id, {
                  version,
                  deletionProtection: !deletionProtection,
                }),
              )
            }
          >
            {t(deletionProtection ? 'action.unprotect' : 'action.protect')}
          </Button>
        )}
        {actions.delete && !deletionProtection && (
          <DeleteDialog request={request} onChange={onChange} />
        )}
      </div>
      {error !== undefined && (
        <Problem title={t('action.failed')} error={error} />
      )}
    </div>
  );
}
