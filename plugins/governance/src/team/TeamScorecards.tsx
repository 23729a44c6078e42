import {
  useApi,
  useRouteRef,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import type { ScorecardSummary } from '@waystone/plugin-governance-common';
import {
  FreshnessNote,
  ListTable,
  LoadingRows,
  Problem,
  usePolling,
} from '@waystone/ui';
import type { ListColumn } from '@waystone/ui';
import { useCallback } from 'react';
import { Link } from 'react-router-dom';
import { governanceApiRef } from '../api/GovernanceClient';
import { rootRouteRef } from '../routes';
import { LevelCounts } from '../scorecards/LevelCounts';
import { Section } from '../shared/Section';
import { governanceTranslationRef } from '../translation';
import styles from './TeamGovernanceTab.module.css';

/** So many checks are named; the page of scorecards has all. */
const MOST_CHECKS = 3;

/** How the services of a team do, and what most of them lack. */
export function TeamScorecards(props: { readonly owner: string }) {
  const { owner } = props;
  const api = useApi(governanceApiRef);
  const { t } = useTranslationRef(governanceTranslationRef);
  const root = useRouteRef(rootRouteRef)?.() ?? '';
  const read = useCallback(
    (signal: AbortSignal) => api.listScorecards(owner, signal),
    [api, owner],
  );
  const { error, refresh, value } = usePolling(read, 60_000);
  const cards = value?.items.filter(({ services }) => services > 0);
  const columns: ListColumn<ScorecardSummary>[] = [
    {
      id: 'title',
      label: t('team.scorecard'),
      width: '24%',
      render: ({ title }) => title,
    },
    {
      id: 'levels',
      label: t('scorecards.levels'),
      width: '34%',
      render: ({ counts }) => <LevelCounts counts={counts} />,
    },
    {
      id: 'failing',
      label: t('team.toDo'),
      onSmallScreen: 'plain',
      render: ({ checks }) => <Failing checks={checks} />,
    },
  ];
  return (
    <Section
      title={t('page.scorecards')}
      aside={
        <Link to={`${root}/scorecards?owner=${encodeURIComponent(owner)}`}>
          {t('service.all')}
        </Link>
      }
    >
      {error && (
        <Problem title={t('list.failed')} error={error} onRetry={refresh} />
      )}
      {!value && !error && <LoadingRows />}
      {value && <FreshnessNote freshness={value.freshness} />}
      {cards?.length === 0 && (
        <p className={styles.none}>{t('team.none.scorecards')}</p>
      )}
      {cards && cards.length > 0 && (
        <ListTable
          label={t('page.scorecards')}
          columns={columns}
          items={cards}
          keyOf={({ name }) => name}
        />
      )}
    </Section>
  );
}

function Failing(props: { readonly checks: ScorecardSummary['checks'] }) {
  const { t } = useTranslationRef(governanceTranslationRef);
  const failing = props.checks.filter(({ failed }) => failed > 0);
  if (failing.length === 0) {
    return <>{t('team.nothingFails')}</>;
  }
  return (
    <ul className={styles.failing}>
      {failing.slice(0, MOST_CHECKS).map(({ failed, id, title }) => (
        <li key={id}>
          {t('team.failing', {
            title,
            number: failed.toLocaleString('en'),
          })}
        </li>
      ))}
    </ul>
  );
}
