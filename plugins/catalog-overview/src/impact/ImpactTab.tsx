import {
  getCompoundEntityRef,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  useEntity,
  useEntityPresentation,
} from '@backstage/plugin-catalog-react';
import {
  Alert,
  Button,
  SearchField,
  Select,
  Skeleton,
  Text,
  ToggleButton,
  ToggleButtonGroup,
} from '@backstage/ui';
import { RiDownloadLine } from '@remixicon/react';
import type { ImpactDirection } from '@waystone/plugin-catalog-overview-common';
import { useFilters } from '@waystone/ui';
import { useState } from 'react';
import { catalogOverviewApiRef } from '../api/CatalogOverviewClient';
import { catalogOverviewTranslationRef } from '../translation';
import { ImpactGraph } from './ImpactGraph';
import { saveAs } from '../saveAs';
import { shortName } from '../overview/shortName';
import styles from './ImpactTab.module.css';
import { ImpactTable } from './ImpactTable';
import { useImpact } from './useImpact';

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
  const impact = useImpact(entityRef, filters);
  const { error, items, loading, response } = impact;

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
        <Alert
          status="danger"
          icon
          title={t('impact.exportFailed')}
          description={exportError.message}
        />
      )}
      {error && (
        <Alert
          status="danger"
          icon
          title={t('impact.failed')}
          description={error.message}
          customActions={
            <Button variant="secondary" size="small" onPress={impact.retry}>
              {t('impact.retry')}
            </Button>
          }
        />
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
          <div className={styles.filters}>
            <SearchField
              aria-label={t('impact.search')}
              placeholder={t('impact.search')}
              size="small"
              defaultValue={filters.q ?? ''}
              onChange={value => change({ q: value || undefined })}
            />
            <Select
              aria-label={t('impact.ownerFilter')}
              size="small"
              options={[
                { value: 'all', label: t('impact.allOwners') },
                ...response.summary.owners.flatMap(owner =>
                  owner.entityRef
                    ? [
                        {
                          value: owner.entityRef,
                          label: `${shortName(owner.entityRef)} (${
                            owner.count
                          })`,
                        },
                      ]
                    : [],
                ),
              ]}
              value={filters.owner ?? 'all'}
              onChange={value =>
                change({ owner: value === 'all' ? undefined : String(value) })
              }
            />
            <Select
              aria-label={t('impact.kindFilter')}
              size="small"
              options={[
                { value: 'all', label: t('impact.allKinds') },
                ...response.summary.kinds.map(({ kind, count }) => ({
                  value: kind,
                  label: `${kind} (${count})`,
                })),
              ]}
              value={filters.kind ?? 'all'}
              onChange={value =>
                change({ kind: value === 'all' ? undefined : String(value) })
              }
            />
          </div>
          {response.totalItems === 0 ? (
            <div className={styles.empty}>
              <Text>{t('impact.noMatch')}</Text>
              <Button
                variant="secondary"
                size="small"
                onPress={() =>
                  change({ q: undefined, owner: undefined, kind: undefined })
                }
              >
                {t('impact.clear')}
              </Button>
            </div>
          ) : (
            <>
              <ImpactTable items={items} start={entityRef} busy={loading} />
              <div className={styles.foot}>
                <Text color="secondary">
                  {t('impact.shown', {
                    shown: items.length.toLocaleString('en'),
                    total: response.totalItems.toLocaleString('en'),
                  })}
                </Text>
                {response.pageInfo.nextCursor && (
                  <Button
                    variant="secondary"
                    size="small"
                    loading={loading}
                    onPress={impact.more}
                  >
                    {t('impact.more')}
                  </Button>
                )}
              </div>
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
    <div className={styles.empty}>
      <Text weight="bold">
        {direction === 'dependents'
          ? t('impact.noDependents', { name })
          : t('impact.noDependencies', { name })}
      </Text>
      <Text color="secondary">
        {direction === 'dependents'
          ? t('impact.noDependents_help')
          : t('impact.noDependencies_help')}
      </Text>
    </div>
  );
}

function LoadingRows(props: { label: string }) {
  return (
    <div className={styles.skeleton} role="status" aria-label={props.label}>
      {Array.from({ length: 6 }, (_, row) => (
        <Skeleton key={row} width="100%" height={40} />
      ))}
    </div>
  );
}
