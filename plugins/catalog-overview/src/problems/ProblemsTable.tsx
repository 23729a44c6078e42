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
import { ListTable, StateLabel } from '@waystone/ui';
import type { ListColumn } from '@waystone/ui';
import { useState } from 'react';
import { OwnerLinks } from '../shared/OwnerLinks';
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
  total: number;
  onOutcome(outcome: Outcome): void;
}) {
  const { busy, items, onOutcome, total } = props;
  const { t } = useTranslationRef(catalogProblemsTranslationRef);
  const columns: readonly ListColumn<ProblemItem>[] = [
    {
      id: 'entity',
      label: t('table.entity'),
      width: '20%',
      render: ({ entityRef, subjectRef }) => (
        <>
          <EntityRefLink entityRef={subjectRef ?? entityRef} hideIcon />
          {subjectRef && <span className={styles.file}>{t('table.file')}</span>}
        </>
      ),
    },
    {
      id: 'severity',
      label: t('table.severity'),
      onSmallScreen: 'plain',
      render: ({ severity }) => (
        <StateLabel state={severity === 'error' ? 'critical' : 'attention'}>
          {t(severity === 'error' ? 'problem.error' : 'problem.warning')}
        </StateLabel>
      ),
    },
    {
      id: 'problem',
      label: t('table.problem'),
      width: '40%',
      onSmallScreen: 'plain',
      render: ({ message }) => message,
    },
    {
      id: 'owner',
      label: t('table.owner'),
      render: ({ owners }) =>
        owners.length === 0 ? (
          t('table.nobody')
        ) : (
          <OwnerLinks owners={owners} most={3} />
        ),
    },
    {
      id: 'actions',
      label: t('table.actions'),
      onSmallScreen: 'plain',
      render: item => <Actions item={item} onOutcome={onOutcome} />,
    },
  ];
  return (
    <ListTable
      label={t('table.label')}
      columns={columns}
      items={items}
      keyOf={({ entityRef, id, message }) => `${entityRef} ${id} ${message}`}
      busy={busy}
      totalItems={total}
    />
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
