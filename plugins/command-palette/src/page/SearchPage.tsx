import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button, SearchField, Select } from '@backstage/ui';
import {
  SEARCH_MOST_RESULTS,
  SEARCH_PAGE_SIZE,
  searchGroups,
} from '@waystone/plugin-search-common';
import type { SearchResult } from '@waystone/plugin-search-common';
import {
  EmptyState,
  ListPage,
  ListPager,
  LoadingRows,
  Problem,
} from '@waystone/ui';
import { Link } from 'react-router-dom';
import { kindIcon } from '../results/kindIcon';
import { Marked } from '../results/Marked';
import { searchKinds, useKindLabel } from '../results/useKindLabel';
import { commandPaletteTranslationRef } from '../translation';
import styles from './SearchPage.module.css';
import { firstOf, useSearchFilters } from './useSearchFilters';
import type { SearchFilters } from './useSearchFilters';
import { useSearchResults } from './useSearchResults';

const ANY = 'any';

/** All that search finds, with filters and pages in the address. @internal */
export function SearchPage() {
  const { t } = useTranslationRef(commandPaletteTranslationRef);
  const filters = useSearchFilters();
  const { error, loading, response, retry } = useSearchResults(filters);
  const { change, group, kind, owner, page, query } = filters;
  const asked = Boolean(query.trim() || group || kind || owner);
  const filtered = Boolean(group || kind || owner);
  const found = asked && response;

  return (
    <ListPage
      isNarrow
      title={t('page.title')}
      summary={
        found &&
        !error &&
        (response.more
          ? t('page.more', { most: String(SEARCH_MOST_RESULTS) })
          : t('page.found', { count: response.totalItems }))
      }
    >
      <SearchField
        aria-label={t('page.input')}
        onChange={value => change({ query: value })}
        value={query}
      />
      <FilterBar filters={filters} />
      {error && (
        <Problem title={t('page.failed')} error={error} onRetry={retry} />
      )}
      {asked && !response && loading && <LoadingRows rows={6} />}
      {!asked && (
        <EmptyState help={t('page.emptyHelp')} title={t('page.empty')} />
      )}
      {found && !error && response.totalItems === 0 && !loading && (
        <EmptyState help={t('page.nothingHelp')} title={t('page.nothing')}>
          {filtered && (
            <Button
              onPress={() => change({ group: '', kind: '', owner: '' })}
              size="small"
              variant="secondary"
            >
              {t('page.clear')}
            </Button>
          )}
        </EmptyState>
      )}
      {found && response.items.length > 0 && (
        <>
          <ul
            aria-busy={loading}
            aria-label={t('page.results')}
            className={styles.results}
          >
            {response.items.map(item => (
              <ResultRow item={item} key={item.id} question={query} />
            ))}
          </ul>
          <ListPager
            from={firstOf(page)}
            pageSize={SEARCH_PAGE_SIZE}
            total={response.totalItems}
            onGo={from => change({ page: String(from / SEARCH_PAGE_SIZE + 1) })}
          />
        </>
      )}
    </ListPage>
  );
}

function FilterBar(props: { filters: SearchFilters }) {
  const { change, group, kind, owner } = props.filters;
  const { t } = useTranslationRef(commandPaletteTranslationRef);
  const kindLabel = useKindLabel();
  const ownerName = owner?.split('/').at(-1);
  return (
    <div className={styles.filters}>
      <div aria-label={t('page.groups')} className={styles.groups} role="group">
        {[undefined, ...searchGroups].map(value => (
          <button
            aria-pressed={group === value}
            className={styles.group}
            key={value ?? ANY}
            onClick={() => change({ group: value ?? '' })}
            type="button"
          >
            {value ? t(`group.${value}`) : t('page.all')}
          </button>
        ))}
      </div>
      <div className={styles.kind}>
        <Select
          aria-label={t('page.kind')}
          onChange={value =>
            change({ kind: value === ANY ? '' : String(value ?? '') })
          }
          options={[
            { value: ANY, label: t('page.anyKind') },
            ...searchKinds.map(value => ({ value, label: kindLabel(value) })),
          ]}
          size="small"
          value={kind ?? ANY}
        />
      </div>
      {ownerName && (
        <Button
          onPress={() => change({ owner: '' })}
          size="small"
          variant="secondary"
        >
          {t('page.ofOwner', { owner: ownerName })} ×
        </Button>
      )}
    </div>
  );
}

function ResultRow(props: { item: SearchResult; question: string }) {
  const { item, question } = props;
  const kindLabel = useKindLabel();
  const text = item.excerpt ?? item.detail;
  return (
    <li className={styles.result}>
      <span aria-hidden className={styles.icon}>
        {kindIcon(item.kind)}
      </span>
      <div className={styles.words}>
        <div className={styles.head}>
          <Link className={styles.link} to={item.location}>
            <Marked question={question} text={item.title} />
          </Link>
          <span className={styles.facts}>
            <span>{kindLabel(item.kind)}</span>
            {item.specType &&
              item.type === 'entity' &&
              item.group !== 'people' && <span>{item.specType}</span>}
            {item.type === 'docs' && item.detail && <span>{item.detail}</span>}
            {item.lifecycle && item.type === 'entity' && (
              <span>{item.lifecycle}</span>
            )}
            {item.owner && <OwnerLink entityRef={item.owner} />}
          </span>
        </div>
        {text && (
          <p className={styles.text}>
            <Marked question={question} text={text} />
          </p>
        )}
      </div>
    </li>
  );
}

/** By its name alone: titles would be a request more for each. */
function OwnerLink(props: { entityRef: string }) {
  const [kind, rest] = props.entityRef.split(':');
  const [namespace, name] = rest?.split('/') ?? [];
  return name ? (
    <Link
      className={styles.owner}
      to={`/catalog/${[namespace, kind, name]
        .map(encodeURIComponent)
        .join('/')}`}
    >
      {name}
    </Link>
  ) : null;
}
