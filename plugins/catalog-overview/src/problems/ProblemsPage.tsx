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
import { problemSeveritySchema } from '@waystone/plugin-catalog-checks-common';
import type { ProblemsResponse } from '@waystone/plugin-catalog-overview-common';
import { useFilters } from '@waystone/ui';
import { useState } from 'react';
import type { ProblemFilters } from './CatalogProblemsClient';
import styles from './ProblemsPage.module.css';
import { ProblemsTable } from './ProblemsTable';
import type { Outcome } from './ProblemsTable';
import { catalogProblemsTranslationRef } from './translation';
import { UnregisteredSection } from './UnregisteredSection';
import { useProblems } from './useProblems';

type Change = (changes: Record<string, string | undefined>) => void;

/** All problems that the signed-in person may see: everybody's for platform engineers, otherwise her teams'. */
export function ProblemsPage() {
  const { t } = useTranslationRef(catalogProblemsTranslationRef);
  const { change, clear, params } = useFilters();
  const filters: ProblemFilters = {
    severity: problemSeveritySchema.safeParse(params.get('severity')).data,
    owner: params.get('owner') ?? undefined,
    kind: params.get('kind') ?? undefined,
    q: params.get('q') ?? undefined,
  };
  const { error, items, loading, more, reload, response } =
    useProblems(filters);
  const [outcome, setOutcome] = useState<Outcome>();

  const nothing =
    response && response.summary.errors + response.summary.warnings === 0;

  return (
    <Container>
      <div className={styles.page}>
        <header>
          <h1 className={styles.title}>{t('page.title')}</h1>
          {response && !nothing && (
            <p className={styles.summary} role="status">
              {t(response.summary.everybody ? 'page.everybody' : 'page.mine', {
                errors: t('page.errorCount', {
                  count: response.summary.errors,
                }),
                warnings: t('page.warningCount', {
                  count: response.summary.warnings,
                }),
              })}
            </p>
          )}
        </header>
        {outcome && (
          <Alert
            status={outcome.error ? 'danger' : 'success'}
            icon
            title={outcome.title}
            description={outcome.error?.message}
          />
        )}
        {error && (
          <Alert
            status="danger"
            icon
            title={t('page.failed')}
            description={error.message}
            customActions={
              <Button variant="secondary" size="small" onPress={reload}>
                {t('page.retry')}
              </Button>
            }
          />
        )}
        {!response && !error && (
          <div
            className={styles.skeleton}
            role="status"
            aria-label={t('page.loading')}
          >
            {Array.from({ length: 8 }, (_, row) => (
              <Skeleton key={row} width="100%" height={40} />
            ))}
          </div>
        )}
        <UnregisteredSection />
        {nothing && (
          <div className={styles.empty}>
            <Text weight="bold">{t('page.none')}</Text>
            <Text color="secondary">{t('page.noneHelp')}</Text>
          </div>
        )}
        {response && !nothing && (
          <>
            <Filters filters={filters} response={response} change={change} />
            {response.totalItems === 0 ? (
              <div className={styles.empty}>
                <Text>{t('page.noMatch')}</Text>
                <Button variant="secondary" size="small" onPress={clear}>
                  {t('page.clear')}
                </Button>
              </div>
            ) : (
              <>
                <ProblemsTable
                  items={items}
                  busy={loading}
                  onOutcome={result => {
                    setOutcome(result);
                    reload();
                  }}
                />
                <div className={styles.foot}>
                  <Text color="secondary">
                    {t('page.shown', {
                      shown: items.length.toLocaleString('en'),
                      total: response.totalItems.toLocaleString('en'),
                    })}
                  </Text>
                  {response.pageInfo.nextCursor && (
                    <Button
                      variant="secondary"
                      isDisabled={loading}
                      onPress={more}
                    >
                      {t('page.more')}
                    </Button>
                  )}
                </div>
              </>
            )}
          </>
        )}
      </div>
    </Container>
  );
}

function Filters(props: {
  filters: ProblemFilters;
  response: ProblemsResponse;
  change: Change;
}) {
  const { change, filters, response } = props;
  const { t } = useTranslationRef(catalogProblemsTranslationRef);
  const select = (key: string, value: unknown) =>
    change({ [key]: value === 'all' ? undefined : String(value) });
  return (
    <div className={styles.filters}>
      <SearchField
        aria-label={t('page.search')}
        placeholder={t('page.search')}
        size="small"
        defaultValue={filters.q ?? ''}
        onChange={value => change({ q: value || undefined })}
      />
      <Select
        aria-label={t('page.severity')}
        size="small"
        options={[
          { value: 'all', label: t('page.allSeverities') },
          {
            value: 'error',
            label: `${t('page.errors')} (${response.summary.errors})`,
          },
          {
            value: 'warning',
            label: `${t('page.warnings')} (${response.summary.warnings})`,
          },
        ]}
        value={filters.severity ?? 'all'}
        onChange={value => select('severity', value)}
      />
      <Select
        aria-label={t('page.owner')}
        size="small"
        options={[
          { value: 'all', label: t('page.allOwners') },
          ...response.summary.owners.map(({ entityRef, count }) => ({
            value: entityRef,
            label: `${entityRef.slice(
              entityRef.lastIndexOf('/') + 1,
            )} (${count})`,
          })),
        ]}
        value={filters.owner ?? 'all'}
        onChange={value => select('owner', value)}
      />
      <Select
        aria-label={t('page.kind')}
        size="small"
        options={[
          { value: 'all', label: t('page.allKinds') },
          ...response.summary.kinds.map(({ kind, count }) => ({
            value: kind,
            label: `${kind} (${count})`,
          })),
        ]}
        value={filters.kind ?? 'all'}
        onChange={value => select('kind', value)}
      />
    </div>
  );
}
