import {
  getCompoundEntityRef,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  useEntity,
  useEntityPresentation,
} from '@backstage/plugin-catalog-react';
import { Button, ToggleButton, ToggleButtonGroup } from '@backstage/ui';
import { RiDownloadLine } from '@remixicon/react';
import type {
  ImpactDirection,
  ImpactItem,
  ImpactResponse,
} from '@waystone/plugin-catalog-overview-common';
import {
  EmptyState,
  FilterBar,
  FilterSearch,
  FilterSelect,
  ListFoot,
  LoadingRows,
  Problem,
  useFilters,
  usePages,
} from '@waystone/ui';
import { useState } from 'react';
import { catalogOverviewApiRef } from '../api/CatalogOverviewClient';
import { catalogOverviewTranslationRef } from '../translation';
import { ImpactGraph } from './ImpactGraph';
import { saveAs } from '../saveAs';
import { shortName } from '../overview/shortName';
import styles from './ImpactTab.module.css';
import { ImpactTable } from './ImpactTable';

/** Who breaks if this entity is down, and what it needs: a list first, a graph of the nearest second. */
export function ImpactTab() {
  const { entity } = useEntity();
  const entityRef = stringifyEntityRef(getCompoundEntityRef(entity));
  const name = useEntityPresentation(entity).primaryTitle;
  const api = useApi(catalogOverviewApiRef);
  const { t } = useTranslationRef(catalogOverviewTranslationRef);
  const [exportError, setExportError] = useState<Error>();
  const { change, params } = useFilters();
  const direction: ImpactDirection =
    params.get('direction') === 'dependencies' ? 'dependencies' : 'dependents';
  const filters = {
    direction,
    owner: params.get('owner') ?? undefined,
    kind: params.get('kind') ?? undefined,
    q: params.get('q') ?? undefined,
  };
  const { error, items, loading, more, response, retry } = usePages<
    ImpactItem,
    ImpactResponse
  >(JSON.stringify([entityRef, filters]), (cursor, signal) =>
    api.getImpact(
      entityRef,
      { ...filters, cursor: cursor === undefined ? undefined : Number(cursor) },
      signal,
    ),
  );

  const download = async () => {
    setExportError(undefined);
    try {
      const blob = await api.exportImpact(entityRef, filters);
      saveAs(blob, `${direction}-of-${entity.metadata.name}.csv`);
    } catch (problem) {
      setExportError(problem as Error);
    }
  };

  return (
    <div className={styles.tab}>
      <div className={styles.head}>
        <ToggleButtonGroup
          aria-label={t('impact.direction')}
          selectionMode="single"
          disallowEmptySelection
          selectedKeys={[direction]}
          onSelectionChange={keys => {
            const [key] = [...keys];
            change({
              direction: key === 'dependencies' ? 'dependencies' : undefined,
              owner: undefined,
              kind: undefined,
            });
          }}
        >
          <ToggleButton id="dependents">{t('impact.dependents')}</ToggleButton>
          <ToggleButton id="dependencies">
            {t('impact.dependencies')}
          </ToggleButton>
        </ToggleButtonGroup>
        <Button
          variant="secondary"
          iconStart={<RiDownloadLine aria-hidden />}
          isDisabled={!response || response.totalItems === 0}
          onPress={download}
        >
          {t('impact.export')}
        </Button>
      </div>
      {exportError && (
        <Problem title={t('impact.exportFailed')} error={exportError} />
      )}
      {error && (
        <Problem title={t('impact.failed')} error={error} onRetry={retry} />
      )}
      {!response && !error && <LoadingRows label={t('impact.loading')} />}
      {response && response.summary.total === 0 && (
        <Empty direction={direction} name={name} />
      )}
      {response && response.summary.total > 0 && (
        <>
          <Summary
            direction={direction}
            name={name}
            summary={response.summary}
          />
          <FilterBar label={t('impact.filters')}>
            <FilterSearch
              label={t('impact.search')}
              value={filters.q ?? ''}
              onChange={q => change({ q })}
            />
            <FilterSelect
              label={t('impact.ownerFilter')}
              all={t('impact.allOwners')}
              options={response.summary.owners.flatMap(owner =>
                owner.entityRef
                  ? [
                      {
                        value: owner.entityRef,
                        label: shortName(owner.entityRef),
                        count: owner.count,
                      },
                    ]
                  : [],
              )}
              value={filters.owner}
              onChange={owner => change({ owner })}
            />
            <FilterSelect
              label={t('impact.kindFilter')}
              all={t('impact.allKinds')}
              options={response.summary.kinds.map(({ kind, count }) => ({
                value: kind,
                label: kind,
                count,
              }))}
              value={filters.kind}
              onChange={kind => change({ kind })}
            />
          </FilterBar>
          {response.totalItems === 0 ? (
            <EmptyState title={t('impact.noMatch')}>
              <Button
                variant="secondary"
                size="small"
                onPress={() =>
                  change({ q: undefined, owner: undefined, kind: undefined })
                }
              >
                {t('impact.clear')}
              </Button>
            </EmptyState>
          ) : (
            <>
              <ImpactTable
                items={items}
                start={entityRef}
                busy={loading}
                total={response.totalItems}
              />
              <ListFoot
                shown={items.length}
                total={response.totalItems}
                loading={loading}
                onMore={more}
              />
              <ImpactGraph
                start={entityRef}
                items={items}
                direction={direction}
              />
            </>
          )}
        </>
      )}
    </div>
  );
}

function Summary(props: {
  direction: ImpactDirection;
  name: string;
  summary: {
    total: number;
    owners: readonly unknown[];
    cyclic: boolean;
    truncated: boolean;
  };
}) {
  const { direction, name, summary } = props;
  const { t } = useTranslationRef(catalogOverviewTranslationRef);
  const total = t('impact.entities', { count: summary.total });
  const owners = t('impact.owners', { count: summary.owners.length });
  return (
    <p className={styles.summary} role="status">
      {direction === 'dependents'
        ? t('impact.summaryDependents', { name, total, owners })
        : t('impact.summaryDependencies', { name, total, owners })}
      {summary.cyclic && ` ${t('impact.cyclic', { name })}`}
      {summary.truncated && ` ${t('impact.truncated')}`}
    </p>
  );
}

function Empty(props: { direction: ImpactDirection; name: string }) {
  const { direction, name } = props;
  const { t } = useTranslationRef(catalogOverviewTranslationRef);
  return (
    <EmptyState
      title={
        direction === 'dependents'
          ? t('impact.noDependents', { name })
          : t('impact.noDependencies', { name })
      }
      help={
        direction === 'dependents'
          ? t('impact.noDependents_help')
          : t('impact.noDependencies_help')
      }
    />
  );
}
