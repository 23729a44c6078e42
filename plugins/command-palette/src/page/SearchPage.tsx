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
import {
  SEARCH_MOST_RESULTS,
  SEARCH_PAGE_SIZE,
  searchGroups,
} from '@waystone/plugin-search-common';
import type { SearchResult } from '@waystone/plugin-search-common';
import type { ReactNode } from 'react';
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
    <Container>
      <div className={styles.page}>
        <header>
          <h1 className={styles.title}>{t('page.title')}</h1>
          <p className={styles.summary} role="status">
            {found &&
              !error &&
              (response.more
                ? t('page.more', { most: String(SEARCH_MOST_RESULTS) })
                : t('page.found', { count: response.totalItems }))}
          </p>
        </header>
        <SearchField
          aria-label={t('page.input')}
          onChange={value => change({ query: value })}
          value={query}
        />
        <FilterBar filters={filters} />
        {error && (
          <Alert
            customActions={
              <Button onPress={retry} size="small" variant="secondary">
                {t('page.retry')}
              </Button>
            }
            description={error.message}
            icon
            status="danger"
            title={t('page.failed')}
          />
        )}
        {asked && !response && loading && (
          <div className={styles.skeleton}>
            {Array.from({ length: 6 }, (_, row) => (
              <Skeleton height={44} key={row} />
            ))}
          </div>
        )}
        {!asked && <Note help={t('page.emptyHelp')} title={t('page.empty')} />}
        {found && !error && response.totalItems === 0 && !loading && (
          <Note help={t('page.nothingHelp')} title={t('page.nothing')}>
            {filtered && (
              <Button
                onPress={() => change({ group: '', kind: '', owner: '' })}
                size="small"
                variant="secondary"
              >
                {t('page.clear')}
              </Button>
            )}
          </Note>
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
            <Pages
              onPage={next => change({ page: String(next + 1) })}
              page={page}
              total={response.totalItems}
            />
          </>
        )}
      </div>
    </Container>
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

function Pages(props: {
  onPage: (page: number) => void;
  page: number;
  total: number;
}) {
  const { onPage, page, total } = props;
  const { t } = useTranslationRef(commandPaletteTranslationRef);
  if (total <= SEARCH_PAGE_SIZE) {
    return null;
  }
  const from = firstOf(page) + 1;
  const to = Math.min(firstOf(page + 1), total);
  return (
    <nav aria-label={t('page.pages')} className={styles.pages}>
      <Text color="secondary">
        {t('page.range', {
          from: String(from),
          to: String(to),
          total: String(total),
        })}
      </Text>
      <Button
        isDisabled={page === 0}
        onPress={() => onPage(page - 1)}
        size="small"
        variant="secondary"
      >
        {t('page.previous')}
      </Button>
      <Button
        isDisabled={to >= total}
        onPress={() => onPage(page + 1)}
        size="small"
        variant="secondary"
      >
        {t('page.next')}
      </Button>
    </nav>
  );
}

function Note(props: { children?: ReactNode; help: string; title: string }) {
  return (
    <div className={styles.note}>
      <strong>{props.title}</strong>
      <span>{props.help}</span>
      {props.children}
    </div>
  );
}
