import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { SearchField, Select, ToggleButton } from '@backstage/ui';
import {
  DELIVERY_STATES,
  type ServicesResponse,
} from '@waystone/plugin-delivery-common';
import { useEffect, useState } from 'react';
import { deliveryTranslationRef } from '../translation';
import styles from './FleetFilters.module.css';

/** How long typing must pause before the list is read. */
const PAUSE_MS = 200;

/** The filters in one line; each is in the address. */
export function FleetFilters(props: {
  params: URLSearchParams;
  change: (changes: Record<string, string | undefined>) => void;
  response: ServicesResponse | undefined;
}) {
  const { change, params, response } = props;
  const { t } = useTranslationRef(deliveryTranslationRef);
  const mine = params.get('mine') === 'true';
  const select = (
    name: string,
    label: string,
    all: string,
    options: { value: string; label: string }[],
    disabled = false,
  ) => (
    <Select
      aria-label={label}
      size="small"
      isDisabled={disabled}
      options={[{ value: 'all', label: all }, ...options]}
      value={params.get(name) ?? 'all'}
      onChange={value =>
        change({ [name]: value === 'all' ? undefined : String(value) })
      }
    />
  );
  const toggle = (name: string, label: string) => (
    <ToggleButton
      size="small"
      isSelected={params.get(name) === 'true'}
      onChange={selected => change({ [name]: selected ? 'true' : undefined })}
    >
      {label}
    </ToggleButton>
  );
  return (
    <div
      className={styles.filters}
      role="search"
      aria-label={t('filter.label')}
    >
      <Search value={params.get('q') ?? ''} change={change} />
      {select(
        'owner',
        t('filter.owner'),
        t('filter.allOwners'),
        toOptions(response?.facets.owners, params.get('owner')),
        mine,
      )}
      {select(
        'system',
        t('filter.system'),
        t('filter.allSystems'),
        toOptions(response?.facets.systems, params.get('system')),
      )}
      {select(
        'environment',
        t('filter.environment'),
        t('filter.allEnvironments'),
        (response?.environments ?? []).map(({ name, title }) => ({
          value: name,
          label: title,
        })),
      )}
      {select(
        'state',
        t('filter.state'),
        t('filter.allStates'),
        DELIVERY_STATES.map(state => ({
          value: state,
          label: t(`state.${state}`),
        })),
      )}
      <div className={styles.toggles}>
        {toggle('mine', t('filter.mine'))}
        {toggle('drifted', t('filter.drifted'))}
        {toggle('behind', t('filter.behind'))}
      </div>
    </div>
  );
}

function Search(props: {
  value: string;
  change: (changes: Record<string, string | undefined>) => void;
}) {
  const { change, value } = props;
  const { t } = useTranslationRef(deliveryTranslationRef);
  const [text, setText] = useState(value);
  // Such as when the filters are cleared
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (text.trim() === value) {
      return undefined;
    }
    const timer = setTimeout(
      () => change({ q: text.trim() || undefined }),
      PAUSE_MS,
    );
    return () => clearTimeout(timer);
  }, [change, text, value]);
  return (
    <SearchField
      aria-label={t('filter.search')}
      placeholder={t('filter.search')}
      size="small"
      value={text}
      onChange={setText}
    />
  );
}

/** One that is chosen stays in the list, even if there is nothing of it. */
function toOptions(
  counts: ServicesResponse['facets']['owners'] = [],
  chosen: string | null = null,
) {
  const known = counts.map(({ count, value }) => ({
    value,
    label: `${shortName(value)} (${count})`,
  }));
  return !chosen || counts.some(({ value }) => value === chosen)
    ? known
    : [{ value: chosen, label: shortName(chosen) }, ...known];
}

function shortName(entityRef: string): string {
  return entityRef.slice(entityRef.lastIndexOf('/') + 1);
}
