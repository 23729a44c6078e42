import { useEffect, useRef, type ReactNode } from 'react';
import { Link } from 'react-router-dom';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  Alert,
  Button,
  Container,
  SearchField,
  Select,
  Skeleton,
  Text,
} from '@backstage/ui';
import type { DocsSitesResponse } from '@waystone/plugin-techdocs-native-common';
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
    <Container>
      <div className={styles.page}>
        <header>
          <h1 className={styles.title}>{t('title')}</h1>
          {response && (
            <p className={styles.summary} role="status">
              {t('summary', { count: response.summary.all })}{' '}
              {response.summary.stale > 0 &&
                t('summaryStale', { count: response.summary.stale })}
            </p>
          )}
        </header>
        {error && (
          <Alert
            status="danger"
            icon
            title={t('failed')}
            description={error.message}
            customActions={
              <Button variant="secondary" size="small" onPress={reload}>
                {t('retry')}
              </Button>
            }
          />
        )}
        {!response && !error && (
          <div
            className={styles.skeleton}
            role="status"
            aria-label={t('loading')}
          >
            {Array.from({ length: 8 }, (_, row) => (
              <Skeleton key={row} width="100%" height={40} />
            ))}
          </div>
        )}
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
            <Paging state={state} response={response} change={change} />
          </>
        )}
      </div>
    </Container>
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
  const select = (key: 'owner' | 'system', value: unknown) =>
    change({ [key]: value === 'all' ? undefined : String(value) });
  const options = (list: typeof owners, all: string) => [
    { value: 'all', label: all },
    ...list.map(({ count, entityRef, title }) => ({
      value: entityRef,
      label: `${title} (${count})`,
    })),
  ];
  return (
    <div className={styles.filters}>
      <div ref={field}>
        <SearchField
          aria-label={t('filters.search')}
          placeholder={t('filters.search')}
          size="small"
          value={state.q}
          onChange={value => change({ q: value || undefined })}
        />
      </div>
      <Select
        aria-label={t('filters.system')}
        size="small"
        options={options(systems, t('filters.allSystems'))}
        value={state.system ?? 'all'}
        onChange={value => select('system', value)}
      />
      <Select
        aria-label={t('filters.owner')}
        size="small"
        options={options(owners, t('filters.allOwners'))}
        value={state.owner ?? 'all'}
        onChange={value => select('owner', value)}
      />
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
    return <Box title={t('empty.none')} help={t('empty.noneHelp')} />;
  }
  if (!filtered && state.view === 'mine') {
    return <Box title={t('empty.noMine')} help={t('empty.noMineHelp')} />;
  }
  if (!filtered && state.view === 'stale') {
    return <Box title={t('empty.noStale')} />;
  }
  return (
    <Box title={t('empty.noMatch')}>
      <Button variant="secondary" size="small" onPress={clear}>
        {t('empty.clear')}
      </Button>
    </Box>
  );
}

function Box(props: { title: string; help?: string; children?: ReactNode }) {
  return (
    <div className={styles.empty}>
      <Text weight="bold">{props.title}</Text>
      {props.help && <Text color="secondary">{props.help}</Text>}
      {props.children}
    </div>
  );
}

function Paging(props: {
  state: DocsHomeState;
  response: DocsSitesResponse;
  change: Change;
}) {
  const { change, response, state } = props;
  const { t } = useTranslationRef(docsHomeTranslationRef);
  const total = response.totalItems;
  const heading = useRef(state.page);
  useEffect(() => {
    if (heading.current !== state.page) window.scrollTo({ top: 0 });
    heading.current = state.page;
  }, [state.page]);
  if (total <= PAGE_SIZE) return null;
  const first = (state.page - 1) * PAGE_SIZE;
  return (
    <nav className={styles.foot} aria-label={t('paging.label')}>
      <Text color="secondary">
        {t('paging.shown', {
          from: String(Math.min(first + 1, total)),
          to: String(Math.min(first + PAGE_SIZE, total)),
          total: total.toLocaleString('en'),
        })}
      </Text>
      <Button
        variant="secondary"
        size="small"
        isDisabled={state.page === 1}
        onPress={() => change({ page: String(state.page - 1) })}
      >
        {t('paging.previous')}
      </Button>
      <Button
        variant="secondary"
        size="small"
        isDisabled={first + PAGE_SIZE >= total}
        onPress={() => change({ page: String(state.page + 1) })}
      >
        {t('paging.next')}
      </Button>
    </nav>
  );
}
