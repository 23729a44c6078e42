import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button, ToggleButton } from '@backstage/ui';
import { HEALTH_STATES } from '@waystone/plugin-observability-common';
import type {
  ServicesFilter,
  ServicesResponse,
} from '@waystone/plugin-observability-common';
import {
  EmptyState,
  FilterBar,
  FilterSearch,
  FilterSelect,
  FreshnessNote,
  ListFoot,
  ListPage,
  LiveSources,
  LoadingRows,
  Problem,
  useFilters,
} from '@waystone/ui';
import { useCallback } from 'react';
import { shortName } from '../shared/shortName';
import { useMyOwners } from '../shared/useMyOwners';
import { observabilityTranslationRef } from '../translation';
import { FleetTable } from './FleetTable';
import { usePageParts } from '../shared/usePageParts';
import { useFleet } from './useFleet';

const FILTERS = ['q', 'owner', 'system', 'state', 'mine'];

const SORTS = [
  'state',
  'name',
  'owner',
  'requests',
  'errors',
  'latency',
  'budget',
] as const;

/** Every service that runs somewhere, by how it keeps its promises, the worst first. */
export function FleetPage() {
  const { t } = useTranslationRef(observabilityTranslationRef);
  const { change, clear, params } = useFilters();
  const mine = params.get('mine') === 'true';
  const owners = useMyOwners(mine);
  const { error, more, refresh, response } = useFleet(
    // Until it is known who she is, nothing is read: everybody's would flash up.
    mine && !owners ? undefined : toFilter(params, mine ? owners : undefined),
  );
  const filtered = FILTERS.some(name => params.has(name));
  const onSearch = useCallback(
    (q: string | undefined) => change({ q }),
    [change],
  );
  const value = (name: string) => params.get(name) ?? undefined;

  return (
    <ListPage
      title={t('page.title')}
      summary={response ? <Summary response={response} /> : t('fleet.loading')}
      {...usePageParts()}
    >
      {error && (
        <Problem title={t('fleet.failed')} error={error} onRetry={refresh} />
      )}
      {response && <FreshnessNote freshness={response.freshness} />}
      {(response || filtered) && (
        <FilterBar label={t('fleet.filters')}>
          <FilterSearch
            label={t('filter.search')}
            value={value('q') ?? ''}
            onChange={onSearch}
          />
          <FilterSelect
            label={t('filter.owner')}
            all={t('filter.allOwners')}
            options={toOptions(response?.facets.owners)}
            value={value('owner')}
            onChange={owner => change({ owner })}
            isDisabled={mine}
          />
          <FilterSelect
            label={t('filter.system')}
            all={t('filter.allSystems')}
            options={toOptions(response?.facets.systems)}
            value={value('system')}
            onChange={system => change({ system })}
          />
          <FilterSelect
            label={t('filter.environment')}
            all={
              response?.environments.at(-1)?.title ?? t('filter.environment')
            }
            options={(response?.environments ?? [])
              .slice(0, -1)
              .map(({ name, title }) => ({ value: name, label: title }))}
            value={value('environment')}
            onChange={environment => change({ environment })}
          />
          <FilterSelect
            label={t('filter.state')}
            all={t('filter.allStates')}
            options={HEALTH_STATES.map(state => ({
              value: state,
              label: t(`state.${state}`),
            }))}
            value={value('state')}
            onChange={state => change({ state })}
          />
          <ToggleButton
            size="small"
            isSelected={mine}
            onChange={selected =>
              change({ mine: selected ? 'true' : undefined })
            }
          >
            {t('filter.mine')}
          </ToggleButton>
        </FilterBar>
      )}
      {!response && !error && <LoadingRows rows={12} />}
      {response?.totalItems === 0 && (
        <EmptyState
          title={filtered ? t('fleet.noMatch') : t('fleet.empty')}
          help={filtered ? undefined : t('fleet.emptyHelp')}
        >
          {filtered && (
            <Button variant="secondary" size="small" onPress={clear}>
              {t('fleet.clear')}
            </Button>
          )}
        </EmptyState>
      )}
      {response && response.totalItems > 0 && (
        <>
          <FleetTable
            response={response}
            sort={params.get('sort') ?? 'state'}
            order={params.get('order') === 'desc' ? 'desc' : 'asc'}
            onSort={(sort, order) =>
              change({
                sort: sort === 'state' ? undefined : sort,
                order: order === 'asc' ? undefined : order,
              })
            }
          />
          <ListFoot
            shown={response.items.length}
            total={response.totalItems}
            onMore={response.pageInfo.nextCursor ? more : undefined}
          />
        </>
      )}
    </ListPage>
  );
}

function Summary(props: { response: ServicesResponse }) {
  const { freshness, summary, totalItems } = props.response;
  const { t } = useTranslationRef(observabilityTranslationRef);
  const parts = (['critical', 'attention', 'unknown'] as const).flatMap(state =>
    summary.states[state] > 0
      ? [t(`fleet.${state}`, { count: summary.states[state] })]
      : [],
  );
  return (
    <>
      {t('fleet.summary', { count: totalItems })}
      {totalItems > 0 && (
        <>: {parts.length > 0 ? parts.join(', ') : t('fleet.allWell')}</>
      )}
      . <LiveSources freshness={freshness} />
    </>
  );
}

function toFilter(
  params: URLSearchParams,
  myOwners: readonly string[] | undefined,
): ServicesFilter {
  const value = (name: string) => params.get(name) || undefined;
  return {
    q: value('q'),
    // An empty list would mean everybody's.
    owner: myOwners ? ['user:none/none', ...myOwners] : value('owner'),
    system: value('system'),
    environment: value('environment'),
    state: value('state'),
    sort: SORTS.find(each => each === params.get('sort')),
    order: params.get('order') === 'desc' ? 'desc' : undefined,
  };
}

function toOptions(counts: ServicesResponse['facets']['owners'] = []) {
  return counts.map(({ count, value }) => ({
    value,
    label: shortName(value),
    count,
  }));
}
