import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  Button,
  Checkbox,
  CheckboxGroup,
  DialogTrigger,
  Popover,
  SearchField,
  Skeleton,
} from '@backstage/ui';
import { RiArrowDownSLine } from '@remixicon/react';
import {
  LISTING_MINE,
  LISTING_NONE,
} from '@waystone/plugin-catalog-overview-common';
import type {
  ListingField,
  ListingQuery,
  ListingValuesResponse,
} from '@waystone/plugin-catalog-overview-common';
import { useEffect, useState } from 'react';
import { catalogListingApiRef } from './CatalogListingClient';
import styles from './FacetPicker.module.css';
import { catalogListingTranslationRef } from './translation';
import { useFocusInput } from './useFocusInput';

/** So that not every letter asks the server. */
const TYPING_MS = 150;

interface FacetPickerProps {
  readonly field: ListingField;
  readonly chosen: readonly string[];
  /** The filters of all fields; this one's does not narrow what it offers. */
  readonly query: Partial<ListingQuery>;
  onChange(values: readonly string[]): void;
}

/** Chooses values of a field. What it offers is searched and counted on the server, however many there are. */
export function FacetPicker(props: FacetPickerProps) {
  const { chosen, field } = props;
  const { t } = useTranslationRef(catalogListingTranslationRef);
  const label = t(`filter.${field}`);
  const [open, setOpen] = useState(false);
  const name = useValueName();
  const [first] = chosen;
  const value = first === undefined ? '' : name(first);
  const words =
    (chosen.length === 0 && label) ||
    (chosen.length === 1 && t('filter.chosen', { field: label, value })) ||
    t('filter.chosenMore', {
      field: label,
      value,
      number: String(chosen.length - 1),
    });

  return (
    <DialogTrigger isOpen={open} onOpenChange={setOpen}>
      <Button
        variant="secondary"
        size="small"
        aria-label={t('filter.by', { words })}
        className={`${styles.button} ${chosen.length ? styles.chosen : ''}`}
        iconEnd={<RiArrowDownSLine aria-hidden />}
      >
        {words}
      </Button>
      <Popover placement="bottom start" hideArrow>
        {open && <Choice {...props} label={label} />}
      </Popover>
    </DialogTrigger>
  );
}

/** What a value is called as long as the server has not said its title. */
function useValueName() {
  const { t } = useTranslationRef(catalogListingTranslationRef);
  return (value: string, title?: string) => {
    if (value === LISTING_MINE) {
      return t('filter.mine');
    }
    if (value === LISTING_NONE) {
      return t('filter.none');
    }
    return title || value.slice(value.lastIndexOf('/') + 1);
  };
}

function Choice(props: FacetPickerProps & { readonly label: string }) {
  const { chosen, field, label, onChange, query } = props;
  const { t } = useTranslationRef(catalogListingTranslationRef);
  const focused = useFocusInput<HTMLDivElement>();
  const [search, setSearch] = useState('');
  const { error, response } = useValues(field, query, search);
  const name = useValueName();

  const offered = response?.items ?? [];
  // What is chosen can always be taken back, whatever is searched for.
  const kept = chosen
    .filter(value => offered.every(item => item.value !== value))
    .map(value => ({ value, title: '', count: undefined }));
  const mine =
    field === 'owner' && !search && !chosen.includes(LISTING_MINE)
      ? [{ value: LISTING_MINE, title: '', count: undefined }]
      : [];
  const rest = (response?.totalItems ?? 0) - offered.length;

  return (
    <div ref={focused} className={styles.popover}>
      <SearchField
        aria-label={t('filter.searchIn', { field: label })}
        placeholder={t('filter.searchIn', { field: label })}
        size="small"
        value={search}
        onChange={setSearch}
      />
      {error && (
        <p className={styles.note} role="alert">
          {t('filter.failed', { reason: error.message })}
        </p>
      )}
      {!response && !error && (
        <div role="status" aria-label={t('filter.loading')}>
          <Skeleton width="100%" height={120} />
        </div>
      )}
      {response && (
        <CheckboxGroup
          aria-label={label}
          className={styles.list}
          value={[...chosen]}
          onChange={values => onChange(values)}
        >
          {[...kept, ...mine, ...offered].map(({ count, title, value }) => (
            <Checkbox key={value} value={value}>
              <span className={styles.option}>
                <span className={styles.value}>{name(value, title)}</span>
                {count !== undefined && (
                  <span className={styles.count}>
                    {count.toLocaleString('en')}
                  </span>
                )}
              </span>
            </Checkbox>
          ))}
        </CheckboxGroup>
      )}
      {response?.totalItems === 0 && (
        <p className={styles.note}>{t('filter.nothing')}</p>
      )}
      {rest > 0 && (
        <p className={styles.note}>
          {t('filter.more', { number: rest.toLocaleString('en') })}
        </p>
      )}
      {chosen.length > 0 && (
        <Button variant="tertiary" size="small" onPress={() => onChange([])}>
          {t('filter.remove', { field: label.toLocaleLowerCase('en') })}
        </Button>
      )}
    </div>
  );
}

function useValues(
  field: ListingField,
  query: Partial<ListingQuery>,
  search: string,
): { response?: ListingValuesResponse; error?: Error } {
  const api = useApi(catalogListingApiRef);
  const [state, setState] = useState<{
    response?: ListingValuesResponse;
    error?: Error;
  }>({});
  const key = JSON.stringify({ ...query, search: search || undefined });

  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    const {
      limit: _limit,
      offset: _offset,
      order: _order,
      sort: _sort,
      ...filter
    } = JSON.parse(key);
    const timer = setTimeout(
      () => {
        api.values(field, filter, signal).then(
          response => {
            if (!signal.aborted) {
              setState({ response });
            }
          },
          error => {
            if (!signal.aborted) {
              setState(before => ({ ...before, error }));
            }
          },
        );
      },
      filter.search ? TYPING_MS : 0,
    );
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [api, field, key]);

  return state;
}
