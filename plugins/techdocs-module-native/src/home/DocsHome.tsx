import { useRef } from 'react';
import { Link } from 'react-router-dom';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button } from '@backstage/ui';
import type { DocsSitesResponse } from '@waystone/plugin-techdocs-native-common';
import {
  EmptyState,
  FilterBar,
  FilterSearch,
  FilterSelect,
  ListPage,
  ListPager,
  LoadingRows,
  Problem,
} from '@waystone/ui';
import { useFocusKey } from '../keyboard/useFocusKey';
import { useDocumentTitle } from '../reader/useDocumentTitle';
import styles from './DocsHome.module.css';
import { DocsTable } from './DocsTable';
import { docsHomeTranslationRef } from './homeTranslation';
import { SectionResults } from './SectionResults';
import {
  DOCS_VIEWS,
  PAGE_SIZE,
  useDocsHomeState,
  type DocsHomeState,
} from './useDocsHomeState';
import { useDocsSites } from './useDocsSites';

type Change = ReturnType<typeof useDocsHomeState>['change'];

/** All docs that the signed-in person may read: by system, by age, by how often they are read. */
export function DocsHome() {
  const { t } = useTranslationRef(docsHomeTranslationRef);
  useDocumentTitle(t('title'));
  const { change, clear, params, state } = useDocsHomeState();
  const { error, loading, reload, response } = useDocsSites(state);
  const searching = state.q.trim() !== '';
  const narrowed = Boolean(state.system || state.owner);
  return (
    <ListPage
      title={t('title')}
      summary={
        response &&
        [
          t('summary', { count: response.summary.all }),
          response.summary.stale > 0 &&
            t('summaryStale', { count: response.summary.stale }),
        ]
          .filter(Boolean)
          .join(' ')
      }
    >
      {error && <Problem title={t('failed')} error={error} onRetry={reload} />}
      {!response && !error && <LoadingRows label={t('loading')} />}
      {response && (
        <>
          <Views state={state} response={response} params={params} />
          <Filters state={state} response={response} change={change} />
          {searching && <SectionResults term={state.q} />}
          {searching && response.totalItems > 0 && (
            <h2 className={styles.subtitle}>{t('sections.sites')}</h2>
          )}
          {response.totalItems > 0 && (
            <DocsTable
              items={response.items}
              sort={state.sort}
              busy={loading}
              onSort={sort => change({ sort })}
            />
          )}
          {response.totalItems === 0 && (!searching || narrowed) && (
            <Empty state={state} response={response} clear={clear} />
          )}
          <ListPager
            from={(state.page - 1) * PAGE_SIZE}
            pageSize={PAGE_SIZE}
            total={response.totalItems}
            onGo={from => change({ page: String(from / PAGE_SIZE + 1) })}
          />
        </>
      )}
    </ListPage>
  );
}

function Views(props: {
  state: DocsHomeState;
  response: DocsSitesResponse;
  params: URLSearchParams;
}) {
  const { t } = useTranslationRef(docsHomeTranslationRef);
  const { mine, stale } = props.response.summary;
  const counts: Record<string, number | undefined> = { mine, stale };
  return (
    <nav className={styles.views} aria-label={t('views.label')}>
      {DOCS_VIEWS.map(view => {
        const address = new URLSearchParams(props.params);
        address.delete('page');
        address.delete('sort');
        if (view === 'system') address.delete('view');
        else address.set('view', view);
        const name = t(`views.${view}`);
        return (
          <Link
            key={view}
            to={`?${address}`}
            className={styles.view}
            aria-current={props.state.view === view ? 'page' : undefined}
          >
            {counts[view] === undefined
              ? name
              : t('views.counted', { name, number: String(counts[view]) })}
          </Link>
        );
      })}
    </nav>
  );
}

function Filters(props: {
  state: DocsHomeState;
  response: DocsSitesResponse;
  change: Change;
}) {
  const { change, response, state } = props;
  const { t } = useTranslationRef(docsHomeTranslationRef);
  const { owners, systems } = response.summary;
  const field = useRef<HTMLDivElement>(null);
  useFocusKey('/', field);
  const options = (list: typeof owners) =>
    list.map(({ count, entityRef, title }) => ({
      value: entityRef,
      label: title,
      count,
    }));
  return (
    <div ref={field}>
      <FilterBar label={t('filters.label')}>
        <FilterSearch
          label={t('filters.search')}
          value={state.q}
          onChange={q => change({ q })}
        />
        <FilterSelect
          label={t('filters.system')}
          all={t('filters.allSystems')}
          options={options(systems)}
          value={state.system}
          onChange={system => change({ system })}
        />
        <FilterSelect
          label={t('filters.owner')}
          all={t('filters.allOwners')}
          options={options(owners)}
          value={state.owner}
          onChange={owner => change({ owner })}
        />
      </FilterBar>
    </div>
  );
}

function Empty(props: {
  state: DocsHomeState;
  response: DocsSitesResponse;
  clear(): void;
}) {
  const { clear, response, state } = props;
  const { t } = useTranslationRef(docsHomeTranslationRef);
  const filtered = Boolean(state.q.trim() || state.system || state.owner);
  if (!filtered && response.summary.all === 0) {
    return <EmptyState title={t('empty.none')} help={t('empty.noneHelp')} />;
  }
  if (!filtered && state.view === 'mine') {
    return (
      <EmptyState title={t('empty.noMine')} help={t('empty.noMineHelp')} />
    );
  }
  if (!filtered && state.view === 'stale') {
    return <EmptyState title={t('empty.noStale')} />;
  }
  return (
    <EmptyState title={t('empty.noMatch')}>
      <Button variant="secondary" size="small" onPress={clear}>
        {t('empty.clear')}
      </Button>
    </EmptyState>
  );
}
