import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  catalogApiRef,
  EntityRefLink,
  useStarredEntities,
} from '@backstage/plugin-catalog-react';
import { usePermission } from '@backstage/plugin-permission-react';
import { taskCreatePermission } from '@backstage/plugin-scaffolder-common/alpha';
import { Alert, Button, Skeleton, ToggleButton } from '@backstage/ui';
import {
  EmptyState,
  FilterBar,
  FilterSearch,
  FilterSelect,
  Problem,
  useFilters,
  usePolling,
} from '@waystone/ui';
import { useCallback, useMemo } from 'react';
import { goldenPathsTranslationRef } from '../translation';
import {
  byType,
  GOLDEN_PATH_FIELDS,
  matches,
  toGoldenPath,
  type GoldenPath,
} from './GoldenPath';
import { GoldenPathTile } from './GoldenPathTile';
import styles from './GoldenPathsList.module.css';

const MOST = 500;
const INTERVAL_MS = 60_000;

/** All golden paths, for choosing one. */
export function GoldenPathsList() {
  const catalog = useApi(catalogApiRef);
  const { t } = useTranslationRef(goldenPathsTranslationRef);
  const { change, clear, params } = useFilters();
  const { starredEntities } = useStarredEntities();
  const { allowed, loading } = usePermission({
    permission: taskCreatePermission,
  });
  const read = useCallback(async () => {
    const { items, totalItems } = await catalog.queryEntities({
      filter: { kind: 'template' },
      fields: GOLDEN_PATH_FIELDS,
      limit: MOST,
    });
    return { paths: items.map(toGoldenPath), totalItems };
  }, [catalog]);
  const { value, error, refresh } = usePolling(read, INTERVAL_MS);
  const paths = value?.paths;
  const options = useMemo(() => optionsOf(paths ?? []), [paths]);

  const starred = params.get('starred') === 'yes';
  const filter = {
    search: params.get('q') ?? '',
    type: params.get('type') ?? undefined,
    tag: params.get('tag') ?? undefined,
    owner: params.get('owner') ?? undefined,
    among: starred ? starredEntities : undefined,
  };
  const shown = paths?.filter(path => matches(path, filter));
  return (
    <div className={styles.page}>
      <p className={styles.summary} role="status">
        {shown && t('paths.summary', { count: shown.length })}
      </p>
      {!loading && !allowed && (
        <Alert
          status="info"
          icon
          title={t('paths.denied')}
          description={t('paths.deniedHelp', {
            permission: taskCreatePermission.name,
          })}
        />
      )}
      <FilterBar label={t('paths.filters')}>
        <FilterSearch
          label={t('paths.search')}
          value={filter.search}
          onChange={q => change({ q })}
        />
        <FilterSelect
          label={t('paths.type')}
          all={t('paths.allTypes')}
          options={options.types}
          value={filter.type}
          onChange={type => change({ type })}
        />
        <FilterSelect
          label={t('paths.tag')}
          all={t('paths.allTags')}
          options={options.tags}
          value={filter.tag}
          onChange={tag => change({ tag })}
          isSearchable
        />
        {options.owners.length > 1 && (
          <FilterSelect
            label={t('paths.owner')}
            all={t('paths.allOwners')}
            options={options.owners}
            value={filter.owner}
            onChange={owner => change({ owner })}
            isSearchable
          />
        )}
        <ToggleButton
          size="small"
          isSelected={starred}
          onChange={next => change({ starred: next ? 'yes' : undefined })}
        >
          {t('paths.starred')}
        </ToggleButton>
      </FilterBar>
      {error && (
        <Problem title={t('paths.failed')} error={error} onRetry={refresh} />
      )}
      {!value && !error && (
        <div className={styles.grid} aria-hidden>
          {Array.from({ length: 6 }, (_, index) => (
            <Skeleton key={index} width="100%" height={180} />
          ))}
        </div>
      )}
      {shown?.length === 0 && (
        <EmptyState
          title={t(paths!.length === 0 ? 'paths.empty' : 'paths.nothing')}
          help={t(
            paths!.length === 0 ? 'paths.emptyHelp' : 'paths.nothingHelp',
          )}
        >
          {paths!.length > 0 && (
            <Button variant="secondary" onPress={clear}>
              {t('paths.clear')}
            </Button>
          )}
        </EmptyState>
      )}
      {byType(shown ?? []).map(([type, items]) => (
        <section key={type} className={styles.type}>
          <h2 className={styles.heading}>{titleOf(type)}</h2>
          <ul className={styles.grid}>
            {items.map(path => (
              <GoldenPathTile
                key={path.entityRef}
                path={path}
                isAllowed={allowed}
                owner={
                  path.owner && (
                    <EntityRefLink entityRef={path.owner} hideIcon />
                  )
                }
              />
            ))}
          </ul>
        </section>
      ))}
      {value && value.totalItems > value.paths.length && (
        <p className={styles.summary}>
          {t('paths.more', { count: value.totalItems - value.paths.length })}
        </p>
      )}
    </div>
  );
}

/** What the filters offer, with how many paths have it. */
function optionsOf(paths: readonly GoldenPath[]) {
  const count = (
    valuesOf: (path: GoldenPath) => readonly string[],
    labelOf: (value: string) => string,
  ) => {
    const counts = new Map<string, number>();
    for (const value of paths.flatMap(valuesOf)) {
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    return [...counts]
      .map(([value, number]) => ({
        value,
        label: labelOf(value),
        count: number,
      }))
      .sort((a, b) => a.label.localeCompare(b.label, 'en'));
  };
  return {
    types: count(({ type }) => [type], titleOf),
    tags: count(
      ({ tags }) => tags,
      tag => tag,
    ),
    owners: count(
      ({ owner }) => (owner ? [owner] : []),
      owner => owner.slice(owner.indexOf('/') + 1),
    ),
  };
}

/** A type is a word of the organisation: 'data-job' is shown as 'Data job'. */
function titleOf(type: string): string {
  const words = type.replace(/[-_]/g, ' ');
  return words.charAt(0).toLocaleUpperCase('en-US') + words.slice(1);
}
