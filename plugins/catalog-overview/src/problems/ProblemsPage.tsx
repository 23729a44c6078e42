import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert, Button } from '@backstage/ui';
import { problemSeveritySchema } from '@waystone/plugin-catalog-checks-common';
import type {
  ProblemItem,
  ProblemsResponse,
} from '@waystone/plugin-catalog-overview-common';
import {
  EmptyState,
  FilterBar,
  FilterSearch,
  FilterSelect,
  ListFoot,
  ListPage,
  LoadingRows,
  Problem,
  useFilters,
  usePages,
} from '@waystone/ui';
import { useState } from 'react';
import { shortName } from '../overview/shortName';
import { catalogProblemsApiRef } from './CatalogProblemsClient';
import type { ProblemFilters } from './CatalogProblemsClient';
import { ProblemsTable } from './ProblemsTable';
import type { Outcome } from './ProblemsTable';
import { catalogProblemsTranslationRef } from './translation';
import { UnregisteredSection } from './UnregisteredSection';

/** All problems that the signed-in person may see: everybody's for platform engineers, otherwise her teams'. */
export function ProblemsPage() {
  const api = useApi(catalogProblemsApiRef);
  const { t } = useTranslationRef(catalogProblemsTranslationRef);
  const { change, clear, params } = useFilters();
  const filters: ProblemFilters = {
    severity: problemSeveritySchema.safeParse(params.get('severity')).data,
    owner: params.get('owner') ?? undefined,
    kind: params.get('kind') ?? undefined,
    q: params.get('q') ?? undefined,
  };
  const { error, items, loading, more, reload, response, retry } = usePages<
    ProblemItem,
    ProblemsResponse
  >(JSON.stringify(filters), (cursor, signal) =>
    api.list(
      { ...filters, cursor: cursor === undefined ? undefined : Number(cursor) },
      signal,
    ),
  );
  const [outcome, setOutcome] = useState<Outcome>();
  const summary = response?.summary;
  const nothing = summary && summary.errors + summary.warnings === 0;

  return (
    <ListPage
      title={t('page.title')}
      summary={
        summary &&
        !nothing &&
        t(summary.everybody ? 'page.everybody' : 'page.mine', {
          errors: t('page.errorCount', { count: summary.errors }),
          warnings: t('page.warningCount', { count: summary.warnings }),
        })
      }
    >
      {outcome && (
        <Alert
          status={outcome.error ? 'danger' : 'success'}
          icon
          title={outcome.title}
          description={outcome.error?.message}
        />
      )}
      {error && (
        <Problem title={t('page.failed')} error={error} onRetry={retry} />
      )}
      {!response && !error && <LoadingRows label={t('page.loading')} />}
      <UnregisteredSection />
      {nothing && (
        <EmptyState title={t('page.none')} help={t('page.noneHelp')} />
      )}
      {response && !nothing && (
        <>
          <Filters filters={filters} response={response} change={change} />
          {response.totalItems === 0 ? (
            <EmptyState title={t('page.noMatch')}>
              <Button variant="secondary" size="small" onPress={clear}>
                {t('page.clear')}
              </Button>
            </EmptyState>
          ) : (
            <>
              <ProblemsTable
                items={items}
                busy={loading}
                total={response.totalItems}
                onOutcome={result => {
                  setOutcome(result);
                  reload();
                }}
              />
              <ListFoot
                shown={items.length}
                total={response.totalItems}
                loading={loading}
                onMore={more}
              />
            </>
          )}
        </>
      )}
    </ListPage>
  );
}

function Filters(props: {
  filters: ProblemFilters;
  response: ProblemsResponse;
  change: (changes: Record<string, string | undefined>) => void;
}) {
  const { change, filters, response } = props;
  const { errors, kinds, owners, warnings } = response.summary;
  const { t } = useTranslationRef(catalogProblemsTranslationRef);
  return (
    <FilterBar label={t('page.filters')}>
      <FilterSearch
        label={t('page.search')}
        value={filters.q ?? ''}
        onChange={q => change({ q })}
      />
      <FilterSelect
        label={t('page.severity')}
        all={t('page.allSeverities')}
        options={[
          { value: 'error', label: t('page.errors'), count: errors },
          { value: 'warning', label: t('page.warnings'), count: warnings },
        ]}
        value={filters.severity}
        onChange={severity => change({ severity })}
      />
      <FilterSelect
        label={t('page.owner')}
        all={t('page.allOwners')}
        options={owners.map(({ count, entityRef }) => ({
          value: entityRef,
          label: shortName(entityRef),
          count,
        }))}
        value={filters.owner}
        onChange={owner => change({ owner })}
      />
      <FilterSelect
        label={t('page.kind')}
        all={t('page.allKinds')}
        options={kinds.map(({ count, kind }) => ({
          value: kind,
          label: kind,
          count,
        }))}
        value={filters.kind}
        onChange={kind => change({ kind })}
      />
    </FilterBar>
  );
}
