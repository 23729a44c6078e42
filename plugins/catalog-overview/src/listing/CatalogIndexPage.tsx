import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { useStarredEntities } from '@backstage/plugin-catalog-react';
import {
  Alert,
  Button,
  ButtonLink,
  Container,
  Skeleton,
  Text,
} from '@backstage/ui';
import { useEffect, useState } from 'react';
import { useSearchParams } from 'react-router-dom';
import styles from './CatalogIndexPage.module.css';
import { IndexActions } from './IndexActions';
import {
  ALL_KINDS,
  convertStockAddress,
  countFilters,
  readListingView,
  toListingQuery,
  writeListingView,
} from './listingAddress';
import type { ListingView } from './listingAddress';
import { ListingFilters } from './ListingFilters';
import { ListingPages } from './ListingPages';
import { ListingTable } from './ListingTable';
import { SavedViews } from './SavedViews';
import { SelectionBar } from './SelectionBar';
import { catalogListingTranslationRef } from './translation';
import { useListing } from './useListing';
import { useProblemCounts } from './useProblemCounts';
import { columnsOf, useListingSettings } from './useListingSettings';

/** All entries of the catalog that the signed-in person may see. What is shown is in the address. */
export function CatalogIndexPage() {
  const [params, setParams] = useSearchParams();
  const stock = convertStockAddress(params);
  const address = stock?.toString();
  useEffect(() => {
    if (address !== undefined) {
      setParams(new URLSearchParams(address), { replace: true });
    }
  }, [address, setParams]);
  return (
    <Container>
      <Index
        view={readListingView(stock ?? params)}
        onView={view => setParams(writeListingView(view), { replace: true })}
      />
    </Container>
  );
}

function Index(props: { view: ListingView; onView(view: ListingView): void }) {
  const { onView, view } = props;
  const { t } = useTranslationRef(catalogListingTranslationRef);
  const settings = useListingSettings();
  const { starredEntities } = useStarredEntities();
  const query = toListingQuery(view, [...starredEntities].slice(0, 1000));
  const { error, loading, response, retry } = useListing(query);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [exportError, setExportError] = useState<Error>();
  // Another list, another selection
  const shown = JSON.stringify(query);
  useEffect(() => setSelected(new Set()), [shown]);

  const change = (changes: Partial<ListingView>) =>
    onView({ ...view, page: 1, ...changes });
  const filtered = countFilters(view) > 0;
  const columns =
    view.kind === ALL_KINDS && !settings.columns.includes('kind')
      ? (['kind', ...settings.columns] as const)
      : columnsOf(view.kind, settings.columns);
  const problems = useProblemCounts(
    columns.includes('problems')
      ? response?.items.map(({ entityRef }) => entityRef) ?? []
      : [],
  );

  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <div>
          <h1 className={styles.title}>{t('page.title')}</h1>
          <p className={styles.summary} role="status">
            {response
              ? t(filtered ? 'page.countOf' : 'page.count', {
                  count: response.totalItems,
                })
              : t('page.loading')}
          </p>
        </div>
        <IndexActions
          query={query}
          settings={settings}
          isEmpty={!response?.totalItems}
          onError={setExportError}
        />
      </header>
      <SavedViews view={view} settings={settings} />
      <ListingFilters
        view={view}
        query={query}
        kinds={response?.kinds ?? []}
        onChange={change}
      />
      {exportError && (
        <Alert
          status="danger"
          icon
          title={t('page.exportFailed')}
          description={exportError.message}
        />
      )}
      {error && (
        <Alert
          status="danger"
          icon
          title={t('page.failed')}
          description={error.message}
          customActions={
            <Button variant="secondary" size="small" onPress={retry}>
              {t('page.retry')}
            </Button>
          }
        />
      )}
      {!response && !error && (
        <div
          className={styles.skeleton}
          role="status"
          aria-busy="true"
          aria-label={t('page.loading')}
        >
          {Array.from({ length: 12 }, (_, row) => (
            <Skeleton key={row} width="100%" height={32} />
          ))}
        </div>
      )}
      {response && response.items.length === 0 && (
        <Nothing
          view={view}
          filtered={filtered || view.page > 1}
          onClear={() =>
            onView({
              ...readListingView(new URLSearchParams()),
              kind: view.kind,
            })
          }
        />
      )}
      {response && response.items.length > 0 && (
        <>
          <SelectionBar
            selected={selected}
            onClear={() => setSelected(new Set())}
          />
          <ListingTable
            items={response.items}
            columns={columns}
            problems={problems}
            sort={view.sort}
            order={view.order}
            busy={loading}
            selected={selected}
            onSelect={setSelected}
            onSort={(sort, order) => change({ sort, order })}
          />
          <ListingPages
            page={view.page}
            total={response.totalItems}
            onPage={page => {
              change({ page });
              window.scrollTo({ top: 0 });
            }}
          />
        </>
      )}
    </div>
  );
}

/** Why nothing is there, and what to do. */
function Nothing(props: {
  view: ListingView;
  filtered: boolean;
  onClear(): void;
}) {
  const { filtered, onClear, view } = props;
  const { t } = useTranslationRef(catalogListingTranslationRef);
  const onlyStarred = view.starred && countFilters(view) === 1;
  return (
    <div className={styles.empty}>
      <Text weight="bold">
        {onlyStarred && t('page.noStarred')}
        {!onlyStarred && t(filtered ? 'page.noMatch' : 'page.empty')}
      </Text>
      {onlyStarred && <Text color="secondary">{t('page.noStarredHelp')}</Text>}
      {filtered ? (
        <Button variant="secondary" size="small" onPress={onClear}>
          {t('page.clear')}
        </Button>
      ) : (
        <>
          <Text color="secondary">{t('page.emptyHelp')}</Text>
          <ButtonLink variant="secondary" size="small" href="/catalog-import">
            {t('page.register')}
          </ButtonLink>
        </>
      )}
    </div>
  );
}
