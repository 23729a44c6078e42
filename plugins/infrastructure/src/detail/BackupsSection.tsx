import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button, Skeleton, Text } from '@backstage/ui';
import type {
  Backup,
  BackupList,
  RequestDetail,
} from '@waystone/plugin-infrastructure-common';
import {
  ListTable,
  Problem,
  RelativeTime,
  StateLabel,
  usePolling,
} from '@waystone/ui';
import type { ListColumn, State } from '@waystone/ui';
import { useCallback, useState } from 'react';
import { Link } from 'react-router-dom';
import { infrastructureApiRef } from '../api/InfrastructureClient';
import { infrastructureTranslationRef } from '../translation';
import styles from './BackupsSection.module.css';
import { Section } from './Section';

const INTERVAL_MS = 5000;

const states: Readonly<Record<Backup['state'], State>> = {
  running: 'progressing',
  completed: 'healthy',
  failed: 'critical',
};

/** The last good backup, the schedule, and the way to a new instance with the data of one. */
export function BackupsSection(props: {
  base: string;
  request: RequestDetail;
}) {
  const { base, request } = props;
  const { id } = request;
  const api = useApi(infrastructureApiRef);
  const { t } = useTranslationRef(infrastructureTranslationRef);
  const [problem, setProblem] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const read = useCallback(
    (signal: AbortSignal) => api.listBackups(id, signal),
    [api, id],
  );
  const { value, error, refresh } = usePolling(read, INTERVAL_MS);
  const backUp = async () => {
    setBusy(true);
    setProblem(undefined);
    try {
      await api.createBackup(id);
    } catch (failure) {
      setProblem(failure);
    }
    setBusy(false);
    refresh();
  };
  return (
    <Section title={t('backups.title')}>
      {error && !value && (
        <Problem title={t('backups.unread')} error={error} onRetry={refresh} />
      )}
      {!value && !error && <Skeleton width="100%" height={80} />}
      {value && (
        <div className={styles.head}>
          <Facts backups={value} />
          {request.actions.backUp && (
            <Button variant="secondary" isDisabled={isBusy} onPress={backUp}>
              {t('backups.now')}
            </Button>
          )}
        </div>
      )}
      {problem !== undefined && (
        <Problem title={t('action.failed')} error={problem} />
      )}
      {value && value.items.length > 0 && (
        <ListTable
          label={t('backups.label', { name: request.name })}
          columns={columnsOf(base, request, t)}
          items={value.items}
          keyOf={({ name }) => name}
        />
      )}
    </Section>
  );
}

type Translate = ReturnType<
  typeof useTranslationRef<(typeof infrastructureTranslationRef)['T']>
>['t'];

function columnsOf(
  base: string,
  request: RequestDetail,
  t: Translate,
): ListColumn<Backup>[] {
  return [
    {
      id: 'name',
      label: t('backups.name'),
      width: '45%',
      render: ({ name }) => <code className={styles.name}>{name}</code>,
    },
    {
      id: 'state',
      label: t('backups.state'),
      onSmallScreen: 'plain',
      render: ({ problem, state }) => (
        <>
          <StateLabel state={states[state]}>{t(`backups.${state}`)}</StateLabel>
          {problem && <p className={styles.problem}>{problem}</p>}
        </>
      ),
    },
    {
      id: 'at',
      label: t('backups.at'),
      render: ({ completedAt, startedAt }) => {
        const at = completedAt ?? startedAt;
        return at ? <RelativeTime value={at} /> : '–';
      },
    },
    {
      id: 'restore',
      label: t('backups.restore'),
      onSmallScreen: 'plain',
      render: ({ id, name }) =>
        id && request.actions.backUp ? (
          <Link
            className={styles.restore}
            to={`${base}/request/${request.offering}?${restoreQuery(
              request,
              id,
            )}`}
            aria-label={t('backups.restoreLabel', { name })}
          >
            {t('backups.restore')}
          </Link>
        ) : (
          '–'
        ),
    },
  ];
}

function Facts(props: { backups: BackupList }) {
  const { lastGoodAt, nextAt, problem, schedule } = props.backups;
  const { t } = useTranslationRef(infrastructureTranslationRef);
  return (
    <Text color="secondary">
      {lastGoodAt ? (
        <>
          {t('backups.last')} <RelativeTime value={lastGoodAt} />.
        </>
      ) : (
        t('backups.none')
      )}{' '}
      {schedule ? (
        <>
          {t('backups.schedule', { schedule })}{' '}
          {nextAt ? <RelativeTime value={nextAt} /> : '–'}.
        </>
      ) : (
        t('backups.noSchedule')
      )}{' '}
      {problem}
    </Text>
  );
}

/** What the form begins with: the same settings, and the data of the backup. */
function restoreQuery(request: RequestDetail, backup: string): string {
  return new URLSearchParams({
    name: `${request.name}-restored`.slice(0, 40),
    environment: request.environment,
    owner: request.owner,
    system: request.system,
    ...(request.component && { component: request.component }),
    ...(request.costCenter && { costCenter: request.costCenter }),
    parameters: JSON.stringify({
      ...request.parameters,
      restoreFrom: { instance: request.name, backupID: backup },
    }),
  }).toString();
}
