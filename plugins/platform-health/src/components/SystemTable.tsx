import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type {
  HeldData,
  PlatformSystem,
} from '@waystone/plugin-platform-health-common';
import { ListTable, RelativeTime, StateLabel } from '@waystone/ui';
import type { ListColumn, State } from '@waystone/ui';
import { platformHealthTranslationRef } from '../translation';
import styles from './SystemTable.module.css';

const states: Record<PlatformSystem['state'], State> = {
  ok: 'healthy',
  degraded: 'attention',
  down: 'critical',
  unknown: 'unknown',
};

/** How the systems are called by those who make them. */
const names: Record<string, string> = {
  kubernetes: 'Kubernetes',
  argocd: 'Argo CD',
  vault: 'Vault',
  prometheus: 'Prometheus',
  alertmanager: 'Alertmanager',
  gitea: 'Gitea',
  github: 'GitHub',
};

/** All systems: a table, or on a small screen a list of cards. The unwell come first. */
export function SystemTable(props: { systems: readonly PlatformSystem[] }) {
  const { t } = useTranslationRef(platformHealthTranslationRef);
  const order = ['down', 'degraded', 'unknown', 'ok'];
  const systems = [...props.systems].sort(
    (a, b) =>
      order.indexOf(a.state) - order.indexOf(b.state) ||
      a.system.localeCompare(b.system) ||
      a.instance.localeCompare(b.instance),
  );
  const columns: readonly ListColumn<PlatformSystem>[] = [
    {
      id: 'system',
      label: t('table.system'),
      width: '16%',
      render: ({ instance, system, url }) => (
        <>
          {names[system] ?? system}{' '}
          <span className={styles.instance} title={url}>
            {instance}
          </span>
        </>
      ),
    },
    {
      id: 'state',
      label: t('table.state'),
      width: '16%',
      onSmallScreen: 'plain',
      render: ({ problem, state }) => (
        <>
          <StateLabel state={states[state]}>{t(`state.${state}`)}</StateLabel>
          {problem && <span className={styles.problem}>{problem}</span>}
        </>
      ),
    },
    {
      id: 'version',
      label: t('table.version'),
      width: '15%',
      render: ({ version }) => (
        <span className={styles.mono}>{version ?? '–'}</span>
      ),
    },
    {
      id: 'latency',
      label: t('table.latency'),
      width: '9%',
      isNumber: true,
      render: ({ latencyMs }) =>
        latencyMs === undefined ? '–' : `${Math.round(latencyMs)} ms`,
    },
    {
      id: 'breaker',
      label: t('table.breaker'),
      width: '9%',
      render: ({ breaker }) => t(`breaker.${breaker}`),
    },
    {
      id: 'held',
      label: t('table.held'),
      render: ({ held }) =>
        held.length === 0 ? '–' : <HeldList held={held} />,
    },
    {
      id: 'lastError',
      label: t('table.lastError'),
      render: ({ lastError }) =>
        lastError ? (
          <span className={styles.error}>
            <span title={lastError.message}>{lastError.message}</span>{' '}
            <RelativeTime value={lastError.at} />
          </span>
        ) : (
          <span className={styles.none}>{t('table.never')}</span>
        ),
    },
  ];
  return (
    <ListTable
      label={t('table.label')}
      columns={columns}
      items={systems}
      keyOf={({ instance, system }) => `${system}/${instance}`}
    />
  );
}

function HeldList(props: { held: readonly HeldData[] }) {
  const { t } = useTranslationRef(platformHealthTranslationRef);
  return (
    <ul className={styles.held}>
      {props.held.map(({ name, items, stale, observedAt, reason }) => (
        <li key={name} title={reason}>
          {items === undefined
            ? name
            : t('held.items', { items: items.toLocaleString('en'), name })}
          {', '}
          {!stale && t('held.current')}
          {stale && observedAt && (
            <>
              {t('held.stale')} <RelativeTime value={observedAt} />
            </>
          )}
          {stale && !observedAt && t('held.never')}
        </li>
      ))}
    </ul>
  );
}
