import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { GOVERNANCE_CHANNEL } from '@waystone/plugin-governance-common';
import type { Policy } from '@waystone/plugin-governance-common';
import {
  EmptyState,
  FreshnessNote,
  ListPage,
  ListTable,
  LiveSources,
  LoadingRows,
  Problem,
  RelativeTime,
  useLive,
} from '@waystone/ui';
import type { ListColumn, PagePart } from '@waystone/ui';
import { useCallback } from 'react';
import { Link } from 'react-router-dom';
import { governanceApiRef } from '../api/GovernanceClient';
import { SeverityLabel } from '../shared/SeverityLabel';
import { governanceTranslationRef } from '../translation';
import styles from './PoliciesPage.module.css';

/** Every policy, what it does where, and who breaks it. */
export function PoliciesPage(props: { readonly parts: readonly PagePart[] }) {
  const api = useApi(governanceApiRef);
  const { t } = useTranslationRef(governanceTranslationRef);
  const read = useCallback(
    (signal: AbortSignal) => api.listPolicies(signal),
    [api],
  );
  const { error, refresh, value } = useLive(GOVERNANCE_CHANNEL, read);
  const columns: ListColumn<Policy>[] = [
    {
      id: 'title',
      label: t('column.policy'),
      width: '46%',
      render: policy => (
        <div className={styles.policy}>
          <span className={styles.title}>{policy.title}</span>
          <span className={styles.detail}>
            {t(`engine.${policy.engine}`)} · {policy.name}
          </span>
          {policy.description && (
            <span className={styles.detail}>{policy.description}</span>
          )}
        </div>
      ),
    },
    {
      id: 'severity',
      label: t('column.severity'),
      width: '12%',
      render: ({ severity }) => <SeverityLabel severity={severity} />,
    },
    {
      id: 'places',
      label: t('column.clusters'),
      render: policy => <Places policy={policy} />,
    },
    {
      id: 'violations',
      label: t('column.violationCount'),
      isNumber: true,
      width: '12%',
      render: ({ name, violations }) =>
        violations > 0 ? (
          <Link to={`../?key=${encodeURIComponent(name)}`} relative="path">
            {violations.toLocaleString('en')}
          </Link>
        ) : (
          '0'
        ),
    },
  ];
  return (
    <ListPage
      title={t('page.title')}
      parts={props.parts}
      partsLabel={t('page.parts')}
      summary={
        value && (
          <>
            {t('summary.policies', { count: value.totalItems })}.{' '}
            <LiveSources freshness={value.freshness} />
          </>
        )
      }
    >
      {error && (
        <Problem title={t('list.failed')} error={error} onRetry={refresh} />
      )}
      {value && <FreshnessNote freshness={value.freshness} />}
      {!value && !error && <LoadingRows />}
      {value?.totalItems === 0 && (
        <EmptyState
          title={t('empty.policies')}
          help={t('emptyHelp.policies')}
        />
      )}
      {value && value.totalItems > 0 && (
        <ListTable
          label={t('page.policies')}
          columns={columns}
          items={value.items}
          keyOf={({ engine, kind, name }) => `${engine} ${kind} ${name}`}
        />
      )}
    </ListPage>
  );
}

function Places(props: { readonly policy: Policy }) {
  const { t } = useTranslationRef(governanceTranslationRef);
  return (
    <ul className={styles.places}>
      {props.policy.places.map(
        ({ action, auditedAt, cluster, problem, total }) => (
          <li key={cluster}>
            {cluster}: {t(`action.${action}`)}
            {total === undefined && `, ${t('policy.notAudited')}`}
            {auditedAt && (
              <>
                , <RelativeTime value={auditedAt} />
              </>
            )}
            {problem && <span className={styles.problem}>{problem}</span>}
          </li>
        ),
      )}
    </ul>
  );
}
