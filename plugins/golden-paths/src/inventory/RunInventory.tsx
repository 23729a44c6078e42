import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { EntityDisplayName } from '@backstage/plugin-catalog-react';
import { Button, Link, Text } from '@backstage/ui';
import type {
  CreatedResource,
  Inventory,
} from '@waystone/plugin-golden-paths-common';
import {
  ListTable,
  Problem,
  RelativeTime,
  StateLabel,
  usePolling,
} from '@waystone/ui';
import { useCallback, useId, useState } from 'react';
import { goldenPathsApiRef } from '../api/GoldenPathsClient';
import { goldenPathsTranslationRef } from '../translation';
import { RemovalDialog } from './RemovalDialog';
import styles from './RunInventory.module.css';

/** How often it is read again, in milliseconds. */
const INTERVAL = 5_000;

/** What a run has made, with a button for each and one for all. */
export function RunInventory(props: { taskId: string }) {
  const { taskId } = props;
  const api = useApi(goldenPathsApiRef);
  const { t } = useTranslationRef(goldenPathsTranslationRef);
  const titleId = useId();
  const [removing, setRemoving] = useState<readonly CreatedResource[]>();
  const load = useCallback(
    (signal: AbortSignal) => api.getInventory(taskId, signal),
    [api, taskId],
  );
  const { value, error, refresh } = usePolling(load, INTERVAL);

  if (!value) {
    return error ? (
      <div className={styles.frame}>
        <Problem
          title={t('inventory.failed')}
          error={error}
          onRetry={refresh}
        />
      </div>
    ) : null;
  }
  if (value.resources.length === 0) {
    return null;
  }
  const left = value.resources.filter(({ state }) => state !== 'removed');
  const canRemove = value.ended && value.removable;
  return (
    <section
      className={`${styles.frame} ${value.completed ? '' : styles.first}`}
      aria-labelledby={titleId}
    >
      <header className={styles.header}>
        <div>
          <h2 id={titleId} className={styles.title}>
            {t('inventory.title')}
          </h2>
          <Text color="secondary">{summaryOf(value)}</Text>
        </div>
        {canRemove && left.length > 1 && (
          <Button
            variant="secondary"
            destructive
            onPress={() => setRemoving(left)}
          >
            {t('inventory.removeAll')}
          </Button>
        )}
      </header>
      <ListTable
        label={t('inventory.title')}
        items={value.resources}
        keyOf={({ id }) => id}
        columns={[
          {
            id: 'what',
            label: t('inventory.columnWhat'),
            render: ({ state, title, url }) =>
              url && state !== 'removed' ? (
                <Link href={url}>{title}</Link>
              ) : (
                title
              ),
          },
          {
            id: 'kind',
            label: t('inventory.columnKind'),
            width: '20%',
            render: ({ kind }) => t(`inventory.kind.${kind}`),
          },
          {
            id: 'state',
            label: t('inventory.columnState'),
            width: '26%',
            render: resource => <ResourceState resource={resource} />,
          },
          {
            id: 'action',
            label: t('inventory.columnAction'),
            width: '110px',
            onSmallScreen: 'plain',
            render: resource =>
              canRemove && resource.state !== 'removed' ? (
                <Button
                  size="small"
                  variant="secondary"
                  aria-label={t('inventory.removeLabel', {
                    title: resource.title,
                  })}
                  onPress={() => setRemoving([resource])}
                >
                  {t('inventory.remove')}
                </Button>
              ) : (
                ''
              ),
          },
        ]}
      />
      {removing && (
        <RemovalDialog
          taskId={taskId}
          resources={removing}
          onClose={() => {
            setRemoving(undefined);
            refresh();
          }}
        />
      )}
    </section>
  );

  function summaryOf({ ended, removable }: Inventory): string {
    if (left.length === 0) {
      return t('inventory.summaryGone');
    }
    const there = t('inventory.summaryLeft', { count: left.length });
    if (!removable) {
      return `${there} ${t('inventory.denied')}`;
    }
    return ended ? there : `${there} ${t('inventory.running')}`;
  }
}

function ResourceState(props: { resource: CreatedResource }) {
  const { createdAt, removedAt, removedBy, state } = props.resource;
  const { t } = useTranslationRef(goldenPathsTranslationRef);
  if (state === 'removed') {
    return (
      <span className={styles.state}>
        <span className={styles.note}>{t('inventory.removed')}</span>
        {removedAt && <RelativeTime value={removedAt} />}
        {removedBy && <EntityDisplayName entityRef={removedBy} hideIcon />}
      </span>
    );
  }
  return (
    <span className={styles.state}>
      {state === 'created' ? (
        <StateLabel state="healthy">{t('inventory.made')}</StateLabel>
      ) : (
        <StateLabel state="attention">{t('inventory.maybe')}</StateLabel>
      )}
      <RelativeTime value={createdAt} />
    </span>
  );
}
