import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button, SearchField, Select, ToggleButton } from '@backstage/ui';
import { RiErrorWarningLine, RiFilter3Line } from '@remixicon/react';
import { listingFieldSchema } from '@waystone/plugin-catalog-overview-common';
import type {
  ListingQuery,
  ListingResponse,
} from '@waystone/plugin-catalog-overview-common';
import { useEffect, useId, useRef, useState } from 'react';
import { FacetPicker } from './FacetPicker';
import { ALL_KINDS, countFilters } from './listingAddress';
import type { ListingView } from './listingAddress';
import styles from './ListingFilters.module.css';
import { catalogListingTranslationRef } from './translation';
import { useKindName } from './useKindName';

/** So that not every letter asks the server. */
const TYPING_MS = 200;

/** Kinds that are offered even when there are none. */
const KINDS = ['component', 'api', 'system', 'resource'];

/** What narrows the index, in one line; on a small screen behind a button. */
export function ListingFilters(props: {
  view: ListingView;
  query: Partial<ListingQuery>;
  kinds: ListingResponse['kinds'];
  onChange(changes: Partial<ListingView>): void;
}) {
  const { kinds, onChange, query, view } = props;
  const { t } = useTranslationRef(catalogListingTranslationRef);
  const kindName = useKindName();
  const [open, setOpen] = useState(false);
  const id = useId();
  const count = countFilters(view) - (view.q ? 1 : 0);
  const offered = [
    ...new Set([...KINDS, ...kinds.map(({ kind }) => kind), view.kind]),
  ].filter(kind => kind !== ALL_KINDS);
  const all = kinds.reduce((sum, { count: of }) => sum + of, 0);

  return (
    <div className={styles.filters} role="search">
      <div className={styles.kind}>
        <Select
          aria-label={t('filter.kind')}
          size="small"
          options={[
            ...offered.map(kind => ({
              value: kind,
              label: `${kindName(kind)} (${(
                kinds.find(of => of.kind === kind)?.count ?? 0
              ).toLocaleString('en')})`,
            })),
            {
              value: ALL_KINDS,
              label: `${t('filter.allKinds')} (${all.toLocaleString('en')})`,
            },
          ]}
          value={view.kind}
          onChange={kind => onChange({ kind: String(kind) })}
        />
      </div>
      <Search q={view.q} onChange={q => onChange({ q })} />
      <Button
        className={styles.toggle}
        variant="secondary"
        size="small"
        iconStart={<RiFilter3Line aria-hidden />}
        aria-expanded={open}
        aria-controls={id}
        onPress={() => setOpen(!open)}
      >
        {count > 0
          ? t('page.filtersCount', { number: String(count) })
          : t('page.filters')}
      </Button>
      <div id={id} className={`${styles.more} ${open ? styles.open : ''}`}>
        {listingFieldSchema.options.map(field => (
          <FacetPicker
            key={field}
            field={field}
            chosen={view.fields[field]}
            query={query}
            onChange={values =>
              onChange({ fields: { ...view.fields, [field]: values } })
            }
          />
        ))}
        <div className={styles.docs}>
          <Select
            aria-label={t('filter.docs')}
            size="small"
            options={[
              { value: 'any', label: t('filter.anyDocs') },
              { value: 'yes', label: t('filter.withDocs') },
              { value: 'no', label: t('filter.withoutDocs') },
            ]}
            value={view.docs ?? 'any'}
            onChange={value =>
              onChange({
                docs: value === 'yes' || value === 'no' ? value : undefined,
              })
            }
          />
        </div>
        <ToggleButton
          size="small"
          iconStart={<RiErrorWarningLine aria-hidden />}
          isSelected={view.problems}
          onChange={problems => onChange({ problems })}
        >
          {t('filter.problems')}
        </ToggleButton>
      </div>
    </div>
  );
}

function Search(props: { q: string; onChange(q: string): void }) {
  const { onChange, q } = props;
  const { t } = useTranslationRef(catalogListingTranslationRef);
  const [typed, setTyped] = useState(q);
  const field = useRef<HTMLDivElement>(null);
  const change = useRef(onChange);
  change.current = onChange;
  const written = useRef(q);

  // Another view is another text; what was typed here comes back and must not take away what was typed since.
  useEffect(() => {
    if (q !== written.current) {
      written.current = q;
      setTyped(q);
    }
  }, [q]);
  useEffect(() => {
    if (typed === written.current) {
      return undefined;
    }
    const timer = setTimeout(() => {
      written.current = typed;
      change.current(typed);
    }, TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const { target } = event;
      const writing =
        target instanceof HTMLElement &&
        (target.isContentEditable ||
          ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName));
      if (
        event.key === '/' &&
        !writing &&
        !event.ctrlKey &&
        !event.metaKey &&
        !event.altKey
      ) {
        event.preventDefault();
        field.current?.querySelector('input')?.focus();
      }
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);

  return (
    <div ref={field} className={styles.search}>
      <SearchField
        aria-label={t('filter.search')}
        placeholder={t('filter.search')}
        size="small"
        maxLength={200}
        value={typed}
        onChange={setTyped}
      />
    </div>
  );
}
