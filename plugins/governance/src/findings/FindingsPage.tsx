import {
  identityApiRef,
  useApi,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { useSignal } from '@backstage/plugin-signals-react';
import { Button, ToggleButton } from '@backstage/ui';
import {
  GOVERNANCE_CHANNEL,
  SEVERITIES,
} from '@waystone/plugin-governance-common';
import type {
  FindingsFilter,
  FindingsSummary,
  GroupsQuery,
  TrendPoint,
} from '@waystone/plugin-governance-common';
import {
  EmptyState,
  FilterBar,
  FilterSearch,
  FilterSelect,
  FreshnessNote,
  ListPage,
  LiveSources,
  LoadingRows,
  Problem,
  useFilters,
  usePolling,
} from '@waystone/ui';
import type { PagePart } from '@waystone/ui';
import { useCallback, useEffect, useState } from 'react';
import { governanceApiRef } from '../api/GovernanceClient';
import type { FindingKind, FindingsResponse } from '../api/GovernanceClient';
import { shortName } from '../shared/shortName';
import { Trend } from '../shared/Trend';
import { governanceTranslationRef } from '../translation';
import { FindingsList } from './FindingsList';
import styles from './FindingsPage.module.css';
import { GroupsList } from './GroupsList';

const GROUPS: Readonly<Record<FindingKind, readonly GroupsQuery['by'][]>> = {
  violations: ['key', 'service', 'owner'],
  vulnerabilities: ['key', 'package', 'service', 'owner'],
  misconfigurations: ['key', 'service', 'owner'],
};

const TYPES = {
  violations: 'violation',
  vulnerabilities: 'vulnerability',
  misconfigurations: 'misconfiguration',
} as const;

/** Findings of one kind: the list, or groups of it, with filters in the address. */
export function FindingsPage(props: {
  readonly kind: FindingKind;
  readonly parts: readonly PagePart[];
}) {
  const { kind, parts } = props;
  const { t } = useTranslationRef(governanceTranslationRef);
  const { change, clear, params } = useFilters();
  const mine = params.get('mine') === 'true';
  const owners = useMyOwners(mine);
  const group = GROUPS[kind].find(by => by === params.get('group'));
  const filter =
    mine && !owners ? undefined : toFilter(params, mine ? owners : undefined);
  const head = useHead(kind, filter);
  const filtered = [...params.keys()].some(
    name => !['group', 'sort', 'order'].includes(name),
  );
  const response = head.value?.response;
  const select = (
    name: string,
    options: readonly {
      value: string;
      label: string;
      count?: number;
    }[] = [],
    isSearchable = false,
  ) => (
    <FilterSelect
      label={t(`filter.${name}` as 'filter.owner')}
      all={t(`filter.all.${name}` as 'filter.all.owner')}
      options={options}
      value={params.get(name) ?? undefined}
      onChange={value => change({ [name]: value })}
      isDisabled={name === 'owner' && mine}
      isSearchable={isSearchable}
    />
  );
  const named = (counts: FindingsResponse['facets']['owners'] = []) =>
    counts.map(({ count, title, value }) => ({
      value,
      count,
      label: title && title !== value ? `${value}: ${title}` : shortName(value),
    }));
  const facets = response?.facets;

  return (
    <ListPage
      title={t('page.title')}
      parts={parts}
      partsLabel={t('page.parts')}
      summary={
        response ? (
          <Summary
            kind={kind}
            summary={response.summary}
            total={response.totalItems}
            trend={head.value!.trend}
          >
            <LiveSources freshness={response.freshness} />
          </Summary>
        ) : (
          !head.error && t('list.loading')
        )
      }
    >
      {head.error && (
        <Problem
          title={t('list.failed')}
          error={head.error}
          onRetry={head.refresh}
        />
      )}
      {response && <FreshnessNote freshness={response.freshness} />}
      {(response || filtered) && (
        <FilterBar label={t('filter.label')}>
          <FilterSearch
            label={t('filter.search')}
            value={params.get('q') ?? ''}
            onChange={q => change({ q })}
          />
          {select(
            'severity',
            SEVERITIES.map(severity => ({
              value: severity,
              label: t(`severity.${severity}`),
            })),
          )}
          {select('key', named(facets?.keys), true)}
          {select('owner', named(facets?.owners), true)}
          {select('environment', named(facets?.environments))}
          {params.has('entity') &&
            select('entity', [
              {
                value: params.get('entity')!,
                label: shortName(params.get('entity')!),
              },
            ])}
          <FilterSelect
            label={t('filter.group')}
            all={t('filter.all.group')}
            options={GROUPS[kind].map(by => ({
              value: by,
              label: t(`group.${by === 'key' ? kind : by}`),
            }))}
            value={group}
            onChange={value => change({ group: value })}
          />
          <div className={styles.toggles}>
            <ToggleButton
              size="small"
              isSelected={mine}
              onChange={value => change({ mine: value ? 'true' : undefined })}
            >
              {t('filter.mine')}
            </ToggleButton>
            <ToggleButton
              size="small"
              isSelected={params.get('overdue') === 'true'}
              onChange={value =>
                change({ overdue: value ? 'true' : undefined })
              }
            >
              {t('filter.overdue')}
            </ToggleButton>
          </div>
        </FilterBar>
      )}
      {!response && !head.error && <LoadingRows rows={12} />}
      {response?.totalItems === 0 && (
        <EmptyState
          title={t(filtered ? 'list.noMatch' : `empty.${kind}`)}
          help={filtered ? undefined : t(`emptyHelp.${kind}`)}
        >
          {filtered && (
            <Button variant="secondary" size="small" onPress={clear}>
              {t('list.clear')}
            </Button>
          )}
        </EmptyState>
      )}
      {response && response.totalItems > 0 && filter && (
        <>
          {group ? (
            <GroupsList
              kind={kind}
              by={group}
              filter={filter}
              version={head.version}
            />
          ) : (
            <FindingsList
              kind={kind}
              filter={filter}
              version={head.version}
              sort={{
                by: params.get('sort') ?? 'severity',
                order: params.get('order') === 'desc' ? 'desc' : 'asc',
                onChange: (sort, order) => change({ sort, order }),
              }}
            />
          )}
        </>
      )}
    </ListPage>
  );
}

function Summary(props: {
  readonly kind: FindingKind;
  readonly summary: FindingsSummary;
  readonly total: number;
  readonly trend: readonly TrendPoint[];
  readonly children: React.ReactNode;
}) {
  const { children, kind, summary, total, trend } = props;
  const { t } = useTranslationRef(governanceTranslationRef);
  const parts = [
    summary.severities.critical > 0 &&
      t('counts.critical', {
        number: summary.severities.critical.toLocaleString('en'),
      }),
    summary.severities.high > 0 &&
      t('counts.high', {
        number: summary.severities.high.toLocaleString('en'),
      }),
    summary.overdue > 0 &&
      t('counts.overdue', { number: summary.overdue.toLocaleString('en') }),
  ].filter(part => part !== false);
  return (
    <>
      {t(`summary.${kind}`, { count: total })}
      {total > 0 && <> {t('summary.services', { count: summary.services })}</>}
      {parts.length > 0 && <>: {parts.join(', ')}</>}. {children}{' '}
      <Trend points={trend} />
    </>
  );
}

/** What is above the list, and how often it was read anew because something changed. */
function useHead(kind: FindingKind, filter: FindingsFilter | undefined) {
  const api = useApi(governanceApiRef);
  const key = filter ? JSON.stringify(filter) : '';
  const read = useCallback(
    async (signal: AbortSignal) => {
      if (key === '') {
        return undefined;
      }
      const query: FindingsFilter = JSON.parse(key);
      const [response, trend] = await Promise.all([
        api.listFindings(kind, { ...query, limit: 1 }, signal),
        // The list is worth more than its history.
        api
          .getTrend({ type: TYPES[kind] }, signal)
          .catch((): readonly TrendPoint[] => []),
      ]);
      return { response, trend };
    },
    [api, key, kind],
  );
  const polled = usePolling(read, 30_000);
  const { lastSignal } = useSignal(GOVERNANCE_CHANNEL);
  const { refresh } = polled;
  const [version, setVersion] = useState(0);
  useEffect(() => {
    if (lastSignal) {
      refresh();
      setVersion(before => before + 1);
    }
  }, [lastSignal, refresh]);
  return { ...polled, version };
}

/** The groups that the signed-in person belongs to, and herself; undefined until it is known. */
function useMyOwners(enabled: boolean): readonly string[] | undefined {
  const identity = useApi(identityApiRef);
  const [owners, setOwners] = useState<readonly string[]>();
  useEffect(() => {
    let current = true;
    if (enabled) {
      identity.getBackstageIdentity().then(
        ({ ownershipEntityRefs }) => current && setOwners(ownershipEntityRefs),
        // Without an identity nothing is hers.
        () => current && setOwners([]),
      );
    }
    return () => {
      current = false;
    };
  }, [enabled, identity]);
  return owners;
}

function toFilter(
  params: URLSearchParams,
  myOwners: readonly string[] | undefined,
): FindingsFilter {
  const value = (name: string) => params.get(name) || undefined;
  return {
    q: value('q'),
    severity: value('severity'),
    key: value('key'),
    // An empty list would mean everybody's.
    owner: myOwners ? ['user:none/none', ...myOwners] : value('owner'),
    environment: value('environment'),
    entity: value('entity'),
    overdue: params.get('overdue') === 'true' ? true : undefined,
    sort: (
      ['severity', 'key', 'service', 'owner', 'since', 'due'] as const
    ).find(each => each === value('sort')),
    order: (['asc', 'desc'] as const).find(each => each === value('order')),
  };
}
