import { parseEntityRef } from '@backstage/catalog-model';
import { useRouteRef, useTranslationRef } from '@backstage/frontend-plugin-api';
import { EntityRefLink, entityRouteRef } from '@backstage/plugin-catalog-react';
import type { Alert } from '@waystone/plugin-observability-common';
import { ListTable, RelativeTime, StateLabel } from '@waystone/ui';
import type { ListColumn, State } from '@waystone/ui';
import { Link } from 'react-router-dom';
import { observabilityTranslationRef } from '../translation';
import styles from './AlertsTable.module.css';

/** Alerts, what they say, since when, who is told, and what to do. */
export function AlertsTable(props: {
  alerts: readonly Alert[];
  withService?: boolean;
}) {
  const { alerts, withService } = props;
  const { t } = useTranslationRef(observabilityTranslationRef);
  const ofService: ListColumn<Alert>[] = [
    {
      id: 'service',
      label: t('column.service'),
      render: alert => <ServiceLink alert={alert} />,
    },
    {
      id: 'owner',
      label: t('column.owner'),
      render: ({ owner }) =>
        owner?.includes(':') ? (
          <EntityRefLink entityRef={owner} defaultKind="group" hideIcon />
        ) : (
          owner ?? '–'
        ),
    },
  ];
  const columns: ListColumn<Alert>[] = [
    {
      id: 'alert',
      label: t('column.alert'),
      width: '30%',
      render: ({ description, name, summary }) => (
        <>
          <span className={styles.name}>{name}</span>
          {summary && (
            <span className={styles.summary} title={description}>
              {summary}
            </span>
          )}
        </>
      ),
    },
    {
      id: 'severity',
      label: t('column.severity'),
      onSmallScreen: 'plain',
      render: alert => <Severity alert={alert} />,
    },
    ...(withService ? ofService : []),
    {
      id: 'environment',
      label: t('column.environment'),
      render: ({ environment, namespace }) => environment ?? namespace ?? '–',
    },
    {
      id: 'since',
      label: t('column.since'),
      render: ({ since }) => (since ? <RelativeTime value={since} /> : '–'),
    },
    {
      id: 'told',
      label: t('column.told'),
      render: ({ receivers, state }) =>
        receivers && state === 'firing' ? receivers.join(', ') : '–',
    },
    {
      id: 'runbook',
      label: t('column.runbook'),
      render: ({ runbook }) =>
        runbook ? (
          <a
            className={styles.link}
            href={runbook}
            target="_blank"
            rel="noreferrer"
          >
            {t('alerts.runbook')}
          </a>
        ) : (
          '–'
        ),
    },
  ];
  return (
    <ListTable
      label={t('alerts.title')}
      columns={columns}
      items={alerts}
      keyOf={({ id, source, state }) => `${source} ${id} ${state}`}
    />
  );
}

const TONES: Readonly<Record<Alert['severity'], State>> = {
  critical: 'critical',
  warning: 'attention',
  info: 'unknown',
};

function Severity(props: { alert: Alert }) {
  const { severity, state, suppressedBy } = props.alert;
  const { t } = useTranslationRef(observabilityTranslationRef);
  const reason = suppressedBy === 'silence' ? 'silence' : 'otherAlert';
  return (
    <>
      <StateLabel state={state === 'firing' ? TONES[severity] : 'unknown'}>
        {t(`alerts.${severity}`)}
      </StateLabel>
      {state !== 'firing' && (
        <span className={styles.summary}>
          {t(`alerts.${state}`)}
          {suppressedBy && <> {t(`alerts.${reason}`)}</>}
        </span>
      )}
    </>
  );
}

function ServiceLink(props: { alert: Alert }) {
  const { entityRef, environment, title } = props.alert;
  const entityRoute = useRouteRef(entityRouteRef);
  if (!entityRef) {
    return <>–</>;
  }
  const page = entityRoute?.(parseEntityRef(entityRef)) ?? '';
  return (
    <Link
      className={styles.link}
      to={`${page}/observability${
        environment ? `?environment=${encodeURIComponent(environment)}` : ''
      }`}
    >
      {title}
    </Link>
  );
}
