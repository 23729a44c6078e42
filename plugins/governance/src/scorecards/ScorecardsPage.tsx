import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import type { ScorecardSummary } from '@waystone/plugin-governance-common';
import {
  EmptyState,
  FilterBar,
  FilterSelect,
  FreshnessNote,
  ListPage,
  ListTable,
  LiveSources,
  LoadingRows,
  Problem,
  useFilters,
  usePolling,
} from '@waystone/ui';
import type { ListColumn, PagePart } from '@waystone/ui';
import { useCallback } from 'react';
import { governanceApiRef } from '../api/GovernanceClient';
import { shortName } from '../shared/shortName';
import { governanceTranslationRef } from '../translation';
import { LevelCounts } from './LevelCounts';
import styles from './ScorecardsPage.module.css';

/** How all services do, or those of one team. */
export function ScorecardsPage(props: { readonly parts: readonly PagePart[] }) {
  const api = useApi(governanceApiRef);
  const { t } = useTranslationRef(governanceTranslationRef);
  const { change, params } = useFilters();
  const owner = params.get('owner') ?? undefined;
  const read = useCallback(
    (signal: AbortSignal) => api.listScorecards(undefined, signal),
    [api],
  );
  const readOwn = useCallback(
    async (signal: AbortSignal) =>
      owner ? api.listScorecards(owner, signal) : undefined,
    [api, owner],
  );
  const all = usePolling(read, 60_000);
  const own = usePolling(readOwn, 60_000);
  const error = all.error ?? own.error;
  const value = owner ? own.value : all.value;
  const teams = [
    ...new Set(
      (all.value?.items ?? []).flatMap(card =>
        card.teams.flatMap(team => team.owner || []),
      ),
    ),
  ].sort();
  return (
    <ListPage
      title={t('page.title')}
      parts={props.parts}
      partsLabel={t('page.parts')}
      summary={
        value ? (
          <>
            {t('scorecards.summary', { count: value.items.length })}.{' '}
            <LiveSources freshness={value.freshness} />
          </>
        ) : (
          !error && t('list.loading')
        )
      }
    >
      {error && (
        <Problem
          title={t('list.failed')}
          error={error}
          onRetry={() => {
            all.refresh();
            own.refresh();
          }}
        />
      )}
      {value && <FreshnessNote freshness={value.freshness} />}
      {teams.length > 0 && (
        <FilterBar label={t('filter.label')}>
          <FilterSelect
            label={t('filter.owner')}
            all={t('filter.all.owner')}
            options={teams.map(team => ({
              value: team,
              label: shortName(team),
            }))}
            value={owner}
            onChange={next => change({ owner: next })}
            isSearchable
          />
        </FilterBar>
      )}
      {!value && !error && <LoadingRows />}
      {value?.items.length === 0 && <EmptyState title={t('scorecards.none')} />}
      {value?.items.map(card => (
        <Scorecard key={card.name} card={card} withTeams={!owner} />
      ))}
    </ListPage>
  );
}

function Scorecard(props: {
  readonly card: ScorecardSummary;
  readonly withTeams: boolean;
}) {
  const { card, withTeams } = props;
  const { t } = useTranslationRef(governanceTranslationRef);
  const checks: ListColumn<ScorecardSummary['checks'][number]>[] = [
    {
      id: 'title',
      label: t('scorecards.check'),
      width: '52%',
      render: check => check.title,
    },
    {
      id: 'level',
      label: t('scorecards.level'),
      onSmallScreen: 'hidden',
      render: check => check.level,
    },
    ...(['passed', 'failed', 'unknown'] as const).map(name => ({
      id: name,
      label: t(`scorecards.${name}`),
      isNumber: true,
      width: '12%',
      render: (check: ScorecardSummary['checks'][number]) =>
        check[name].toLocaleString('en'),
    })),
  ];
  const teams: ListColumn<ScorecardSummary['teams'][number]>[] = [
    {
      id: 'owner',
      label: t('scorecards.team'),
      width: '30%',
      render: ({ owner }) => (owner ? shortName(owner) : t('group.none.owner')),
    },
    {
      id: 'services',
      label: t('column.services'),
      isNumber: true,
      width: '12%',
      onSmallScreen: 'hidden',
      render: ({ services }) => services.toLocaleString('en'),
    },
    {
      id: 'levels',
      label: t('scorecards.levels'),
      render: ({ counts }) => <LevelCounts counts={counts} />,
    },
  ];
  return (
    <section className={styles.card} aria-label={card.title}>
      <div className={styles.head}>
        <h2 className={styles.title}>{card.title}</h2>
        <LevelCounts counts={card.counts} />
      </div>
      {card.description && (
        <p className={styles.description}>{card.description}</p>
      )}
      <ListTable
        label={t('scorecards.checksOf', { title: card.title })}
        columns={checks}
        items={card.checks}
        keyOf={({ id }) => id}
      />
      {withTeams && (
        <details>
          <summary>{t('scorecards.byTeam')}</summary>
          <ListTable
            label={t('scorecards.teamsOf', { title: card.title })}
            columns={teams}
            items={card.teams}
            keyOf={({ owner }) => owner}
          />
        </details>
      )}
    </section>
  );
}
