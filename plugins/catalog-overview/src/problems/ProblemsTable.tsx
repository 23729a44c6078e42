import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { catalogEntityDeletePermission } from '@backstage/plugin-catalog-common/alpha';
import { catalogApiRef, EntityRefLink } from '@backstage/plugin-catalog-react';
import { usePermission } from '@backstage/plugin-permission-react';
import {
  Button,
  Dialog,
  DialogBody,
  DialogFooter,
  DialogHeader,
  DialogTrigger,
} from '@backstage/ui';
import type { ProblemItem } from '@waystone/plugin-catalog-overview-common';
import { StateLabel } from '@waystone/ui';
import { useState } from 'react';
import { FixDialog } from './FixDialog';
import styles from './ProblemsTable.module.css';
import { catalogProblemsTranslationRef } from './translation';

/** What an action said. */
export interface Outcome {
  readonly title: string;
  readonly error?: Error;
}

/** The problems: a table, or on a small screen a list of cards. */
export function ProblemsTable(props: {
  items: readonly ProblemItem[];
  busy: boolean;
  onOutcome(outcome: Outcome): void;
}) {
  const { busy, items, onOutcome } = props;
  const { t } = useTranslationRef(catalogProblemsTranslationRef);
  return (
    <table
      className={styles.table}
      aria-label={t('table.label')}
      aria-busy={busy}
    >
      <thead>
        <tr>
          <th scope="col">{t('table.entity')}</th>
          <th scope="col">{t('table.severity')}</th>
          <th scope="col">{t('table.problem')}</th>
          <th scope="col">{t('table.owner')}</th>
          <th scope="col">{t('table.actions')}</th>
        </tr>
      </thead>
      <tbody>
        {items.map((item, index) => (
          <tr key={`${item.entityRef} ${item.id} ${index}`}>
            <th scope="row" className={styles.name}>
              <EntityRefLink
                entityRef={item.subjectRef ?? item.entityRef}
                hideIcon
              />
              {item.subjectRef && (
                <span className={styles.file}>{t('table.file')}</span>
              )}
            </th>
            <td>
              <StateLabel
                state={item.severity === 'error' ? 'critical' : 'attention'}
              >
                {t(
                  item.severity === 'error'
                    ? 'problem.error'
                    : 'problem.warning',
                )}
              </StateLabel>
            </td>
            <td className={styles.message}>{item.message}</td>
            <td data-label={t('table.owner')}>
              {item.owners.length === 0 && t('table.nobody')}
              {item.owners.slice(0, 3).map((owner, position) => (
                <span key={owner}>
                  {position > 0 && ', '}
                  <EntityRefLink
                    entityRef={owner}
                    defaultKind="group"
                    hideIcon
                  />
                </span>
              ))}
            </td>
            <td>
              <Actions item={item} onOutcome={onOutcome} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Actions(props: {
  item: ProblemItem;
  onOutcome(outcome: Outcome): void;
}) {
  const { item, onOutcome } = props;
  const { entityRef } = item;
  const { t } = useTranslationRef(catalogProblemsTranslationRef);
  const catalog = useApi(catalogApiRef);
  const [busy, setBusy] = useState(false);
  const act = async (action: () => Promise<void>, title: string) => {
    setBusy(true);
    try {
      await action();
      onOutcome({ title });
    } catch (error) {
      onOutcome({
        title: t('table.actionFailed', { entity: entityRef }),
        error: error as Error,
      });
    } finally {
      setBusy(false);
    }
  };
  const remove = async () => {
    const entity = await catalog.getEntityByRef(entityRef);
    if (entity?.metadata.uid) {
      await catalog.removeEntityByUid(entity.metadata.uid);
    }
  };
  return (
    <div className={styles.actions}>
      {item.id !== 'orphaned' && item.id !== 'stuck' && (
        <FixDialog entityRef={entityRef} />
      )}
      {item.id === 'orphaned' ? (
        <RemoveOrphan
          entityRef={entityRef}
          busy={busy}
          onRemove={() =>
            act(remove, t('table.removed', { entity: entityRef }))
          }
        />
      ) : (
        <Button
          variant="secondary"
          size="small"
          isDisabled={busy}
          aria-label={t('table.refreshLabel', { entity: entityRef })}
          onPress={() =>
            act(
              () => catalog.refreshEntity(entityRef),
              t('table.refreshed', { entity: entityRef }),
            )
          }
        >
          {t('table.refresh')}
        </Button>
      )}
    </div>
  );
}

function RemoveOrphan(props: {
  entityRef: string;
  busy: boolean;
  onRemove(): void;
}) {
  const { busy, entityRef, onRemove } = props;
  const { t } = useTranslationRef(catalogProblemsTranslationRef);
  const { allowed } = usePermission({
    permission: catalogEntityDeletePermission,
    resourceRef: entityRef,
  });
  if (!allowed) {
    return null;
  }
  return (
    <DialogTrigger>
      <Button
        variant="secondary"
        size="small"
        isDisabled={busy}
        aria-label={t('table.removeLabel', { entity: entityRef })}
      >
        {t('table.remove')}
      </Button>
      <Dialog>
        <DialogHeader>{t('dialog.title', { entity: entityRef })}</DialogHeader>
        <DialogBody>{t('dialog.text')}</DialogBody>
        <DialogFooter>
          <Button variant="primary" slot="close" onPress={onRemove}>
            {t('dialog.confirm')}
          </Button>
          <Button variant="secondary" slot="close">
            {t('dialog.cancel')}
          </Button>
        </DialogFooter>
      </Dialog>
    </DialogTrigger>
  );
}
