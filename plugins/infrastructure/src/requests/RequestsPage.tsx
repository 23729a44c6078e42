import {
  configApiRef,
  identityApiRef,
  useApi,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { ToggleButton, ToggleButtonGroup } from '@backstage/ui';
import { readEnvironments } from '@waystone/environments';
import {
  INFRASTRUCTURE_CHANNEL,
  requestStatusSchema,
} from '@waystone/plugin-infrastructure-common';
import {
  EmptyState,
  FilterBar,
  FilterSearch,
  FilterSelect,
  ListFoot,
  LoadingRows,
  Problem,
  useFilters,
  useLive,
} from '@waystone/ui';
import { useCallback, useMemo, useState } from 'react';
import { Link } from 'react-router-dom';
import { infrastructureApiRef } from '../api/InfrastructureClient';
import { PageFrame } from '../components/PageFrame';
import { infrastructureTranslationRef } from '../translation';
import { readRequests } from './readRequests';
import { RequestTable } from './RequestTable';

const PAGE = 50;
const scopes = ['team', 'mine', 'all'] as const;

/** Requests: mine, my teams', or all; the filters are in the address. */
export function RequestsPage(props: { base: string }) {
  const { base } = props;
  const api = useApi(infrastructureApiRef);
  const identity = useApi(identityApiRef);
  const { t } = useTranslationRef(infrastructureTranslationRef);
  const { params } = useFilters();
  const [wanted, setWanted] = useState(PAGE);
  const scope = scopes.find(each => each === params.get('scope')) ?? 'team';
  const status = params.get('status') ?? '';
  const environment = params.get('environment') ?? '';
  const q = params.get('q') ?? '';

  const read = useCallback(
    async (signal: AbortSignal) => {
      const query = new URLSearchParams();
      if (scope !== 'all') {
        const { userEntityRef, ownershipEntityRefs } =
          await identity.getBackstageIdentity();
        if (scope === 'mine') {
          query.set('requester', userEntityRef);
        } else {
          ownershipEntityRefs.forEach(ref => query.append('owner', ref));
        }
      }
      const filters = { status, environment, q };
      Object.entries(filters).forEach(([name, value]) => {
        if (value) {
          query.set(name, value);
        }
      });
      return readRequests(api, query, wanted, signal);
    },
    [api, environment, identity, q, scope, status, wanted],
  );
  const { value, error, refresh } = useLive(INFRASTRUCTURE_CHANNEL, read);
  const isFiltered = Boolean(status || environment || q);

  return (
    <PageFrame
      base={base}
      summary={
        value ? t('list.summary', { count: value.totalItems }) : undefined
      }
    >
      <Filters />
      {error && (
        <Problem title={t('page.failed')} error={error} onRetry={refresh} />
      )}
      {!value && !error && <LoadingRows rows={6} />}
      {value && value.items.length === 0 && (
        <EmptyState
          title={t('list.empty')}
          help={t(isFiltered ? 'list.emptyFiltered' : 'list.emptyMine')}
        >
          <Link to={base}>{t('list.toCatalogue')}</Link>
        </EmptyState>
      )}
      {value && value.items.length > 0 && (
        <>
          <RequestTable
            base={base}
            label={t('list.label')}
            items={value.items}
            totalItems={value.totalItems}
          />
          <ListFoot
            shown={value.items.length}
            total={value.totalItems}
            onMore={
              value.pageInfo.nextCursor
                ? () => setWanted(value.items.length + PAGE)
                : undefined
            }
          />
        </>
      )}
    </PageFrame>
  );
}

function Filters() {
  const config = useApi(configApiRef);
  const { t } = useTranslationRef(infrastructureTranslationRef);
  const { params, change } = useFilters();
  const environments = useMemo(() => readEnvironments(config), [config]);
  const scope = scopes.find(each => each === params.get('scope')) ?? 'team';
  const search = useCallback(
    (q: string | undefined) => change({ q }),
    [change],
  );
  return (
    <FilterBar label={t('list.filters')}>
      <ToggleButtonGroup
        aria-label={t('list.scope')}
        selectionMode="single"
        disallowEmptySelection
        selectedKeys={[scope]}
        onSelectionChange={keys => {
          const [next] = [...keys];
          change({ scope: next === 'team' ? undefined : String(next) });
        }}
      >
        {scopes.map(each => (
          <ToggleButton key={each} id={each}>
            {t(`list.${each}`)}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
      <FilterSearch
        label={t('list.search')}
        value={params.get('q') ?? ''}
        onChange={search}
      />
      <FilterSelect
        label={t('list.status')}
        all={t('list.allStatuses')}
        options={requestStatusSchema.options.map(each => ({
          value: each,
          label: t(`status.${each}`),
        }))}
        value={params.get('status') ?? undefined}
        onChange={status => change({ status })}
      />
      <FilterSelect
        label={t('list.environment')}
        all={t('list.allEnvironments')}
        options={environments.all.map(({ name, title }) => ({
          value: name,
          label: title,
        }))}
        value={params.get('environment') ?? undefined}
        onChange={environment => change({ environment })}
      />
    </FilterBar>
  );
}
