import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { ToggleButton } from '@backstage/ui';
import {
  AUDIT_OUTCOMES,
  AUDIT_SEVERITIES,
} from '@waystone/plugin-audit-common';
import type { AuditFacetsResponse } from '@waystone/plugin-audit-common';
import { FilterBar, FilterSearch, FilterSelect } from '@waystone/ui';
import { useEffect, useState } from 'react';
import { auditApiRef } from '../api/AuditClient';
import { describeEvent } from '../shared/describeEvent';
import { auditTranslationRef } from '../translation';
import styles from './EventFilters.module.css';
import { SINCE } from './readFilters';

/** The filters in one line; each is in the address. */
export function EventFilters(props: {
  readonly params: URLSearchParams;
  readonly change: (changes: Record<string, string | undefined>) => void;
}) {
  const { change, params } = props;
  const { t } = useTranslationRef(auditTranslationRef);
  const facets = useFacets();
  const plugin = params.get('plugin') ?? undefined;
  const plugins = [...new Set(facets.map(facet => facet.plugin))];
  const events = [
    ...new Set(
      facets
        .filter(facet => !plugin || facet.plugin === plugin)
        .map(({ eventId }) => eventId),
    ),
  ].sort();
  const select = (
    name: 'event' | 'outcome' | 'plugin' | 'severity' | 'since',
    all: string,
    options: { value: string; label: string }[],
  ) => (
    <FilterSelect
      label={t(`filter.${name}`)}
      all={all}
      options={options}
      value={params.get(name) ?? undefined}
      onChange={value =>
        change({
          [name]: value,
          // Another plugin has other events
          ...(name === 'plugin' && { event: undefined }),
        })
      }
    />
  );
  return (
    <FilterBar label={t('filter.label')}>
      <FilterSearch
        label={t('filter.search')}
        value={params.get('q') ?? ''}
        onChange={q => change({ q })}
      />
      <FilterSearch
        label={t('filter.actor')}
        value={params.get('actor') ?? ''}
        onChange={actor => change({ actor })}
      />
      <FilterSearch
        label={t('filter.entity')}
        value={params.get('entity') ?? ''}
        onChange={entity => change({ entity })}
      />
      {select(
        'plugin',
        t('filter.allPlugins'),
        plugins.map(value => ({ value, label: value })),
      )}
      {select(
        'event',
        t('filter.allEvents'),
        events.map(value => ({ value, label: describeEvent(value) })),
      )}
      {select(
        'outcome',
        t('filter.allOutcomes'),
        AUDIT_OUTCOMES.map(value => ({ value, label: t(`outcome.${value}`) })),
      )}
      {select(
        'severity',
        t('filter.allSeverities'),
        AUDIT_SEVERITIES.map(value => ({
          value,
          label: t(`severity.${value}`),
        })),
      )}
      {select(
        'since',
        t('filter.allTimes'),
        SINCE.map(value => ({ value, label: t(`filter.${value}`) })),
      )}
      <div className={styles.toggle}>
        <ToggleButton
          size="small"
          isSelected={params.get('reads') === 'true'}
          onChange={selected =>
            change({ reads: selected ? 'true' : undefined })
          }
        >
          {t('filter.reads')}
        </ToggleButton>
      </div>
    </FilterBar>
  );
}

/** Which events there are; none if they cannot be read, since the list says why. */
function useFacets(): AuditFacetsResponse['items'] {
  const api = useApi(auditApiRef);
  const [items, setItems] = useState<AuditFacetsResponse['items']>([]);
  useEffect(() => {
    const controller = new AbortController();
    api.facets(controller.signal).then(
      facets => !controller.signal.aborted && setItems(facets.items),
      () => {},
    );
    return () => controller.abort();
  }, [api]);
  return items;
}
