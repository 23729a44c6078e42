import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type {
  HeldData,
  PlatformSystem,
} from '@waystone/plugin-platform-health-common';
import { RelativeTime, StateLabel } from '@waystone/ui';
import type { State } from '@waystone/ui';
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
  return (
    <table className={styles.table} aria-label={t('table.label')}>
      <thead>
        <tr>
          <th scope="col">{t('table.system')}</th>
          <th scope="col">{t('table.state')}</th>
          <th scope="col">{t('table.version')}</th>
          <th scope="col" className={styles.number}>
            {t('table.latency')}
          </th>
          <th scope="col">{t('table.breaker')}</th>
          <th scope="col">{t('table.held')}</th>
          <th scope="col">{t('table.lastError')}</th>
        </tr>
      </thead>
      <tbody>
        {systems.map(system => (
          <SystemRow
            key={`${system.system}/${system.instance}`}
            system={system}
          />
        ))}
      </tbody>
    </table>
  );
}

function SystemRow(props: { system: PlatformSystem }) {
  const { system } = props;
  const { t } = useTranslationRef(platformHealthTranslationRef);
  return (
    <tr>
      <th scope="row" className={styles.system}>
        <span className={styles.name}>
          {names[system.system] ?? system.system}
        </span>{' '}
        <span className={styles.instance} title={system.url}>
          {system.instance}
        </span>
      </th>
      <td>
        <StateLabel state={states[system.state]}>
          {t(`state.${system.state}`)}
        </StateLabel>
        {system.problem && (
          <span className={styles.problem}>{system.problem}</span>
        )}
      </td>
      <td className={styles.mono} data-label={t('table.version')}>
        {system.version ?? '–'}
      </td>
      <td className={styles.number} data-label={t('table.latency')}>
        {system.latencyMs === undefined
          ? '–'
          : `${Math.round(system.latencyMs)} ms`}
      </td>
      <td data-label={t('table.breaker')}>{t(`breaker.${system.breaker}`)}</td>
      <td data-label={t('table.held')}>
        {system.held.length === 0 ? '–' : <HeldList held={system.held} />}
      </td>
      <td className={styles.error} data-label={t('table.lastError')}>
        {system.lastError ? (
          <>
            <span title={system.lastError.message}>
              {system.lastError.message}
            </span>{' '}
            <RelativeTime value={system.lastError.at} />
          </>
        ) : (
          <span className={styles.none}>{t('table.never')}</span>
        )}
      </td>
    </tr>
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
