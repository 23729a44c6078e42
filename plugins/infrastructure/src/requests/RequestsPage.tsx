import {
  configApiRef,
  identityApiRef,
  useApi,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import {
  Button,
  SearchField,
  Select,
  Skeleton,
  Text,
  ToggleButton,
  ToggleButtonGroup,
} from '@backstage/ui';
import { readEnvironments } from '@waystone/environments';
import { requestStatusSchema } from '@waystone/plugin-infrastructure-common';
import { usePolling } from '@waystone/ui';
import { useCallback, useMemo, useState } from 'react';
import { Link, useSearchParams } from 'react-router-dom';
import { infrastructureApiRef } from '../api/InfrastructureClient';
import { EmptyState } from '../components/EmptyState';
import { PageFrame } from '../components/PageFrame';
import { Problem } from '../components/Problem';
import { infrastructureTranslationRef } from '../translation';
import styles from './RequestsPage.module.css';
import { RequestTable } from './RequestTable';

const INTERVAL_MS = 3000;
const PAGE = 50;
const MOST = 200;
const scopes = ['team', 'mine', 'all'] as const;

/** Requests: mine, my teams', or all; the filters are in the address. */
export function RequestsPage(props: { base: string }) {
  const { base } = props;
  const api = useApi(infrastructureApiRef);
  const identity = useApi(identityApiRef);
  const config = useApi(configApiRef);
  const { t } = useTranslationRef(infrastructureTranslationRef);
  const environments = useMemo(() => readEnvironments(config), [config]);
  const [params, setParams] = useSearchParams();
  const [limit, setLimit] = useState(PAGE);
  const scope = scopes.find(each => each === params.get('scope')) ?? 'team';
  const status = params.get('status') ?? '';
  const environment = params.get('environment') ?? '';
  const q = params.get('q') ?? '';

  const read = useCallback(
    async (signal: AbortSignal) => {
      const query = new URLSearchParams({ limit: String(limit) });
      if (scope !== 'all') {
        const { userEntityRef, ownershipEntityRefs } =
          await identity.getBackstageIdentity();
        if (scope === 'mine') {
          query.set('requester', userEntityRef);
        } else {
          ownershipEntityRefs.forEach(ref => query.append('owner', ref));
        }
      }
      const filters = { status, environment, q };
      Object.entries(filters).forEach(([name, value]) => {
        if (value) {
          query.set(name, value);
        }
      });
      return api.listRequests(query, signal);
    },
    [api, environment, identity, limit, q, scope, status],
  );
  const { value, error, refresh } = usePolling(read, INTERVAL_MS);
  const change = (name: string, next: string) =>
    setParams(
      before => {
        const changed = new URLSearchParams(before);
        if (next) {
          changed.set(name, next);
        } else {
          changed.delete(name);
        }
        return changed;
      },
      { replace: true },
    );
  const isFiltered = Boolean(status || environment || q);

  return (
    <PageFrame
      base={base}
      summary={
        value ? t('list.summary', { count: value.totalItems }) : undefined
      }
    >
      <div className={styles.filters}>
        <ToggleButtonGroup
          aria-label={t('list.scope')}
          selectionMode="single"
          disallowEmptySelection
          selectedKeys={[scope]}
          onSelectionChange={keys => {
            const [next] = [...keys];
            change('scope', next === 'team' ? '' : String(next));
          }}
        >
          {scopes.map(each => (
            <ToggleButton key={each} id={each}>
              {t(`list.${each}`)}
            </ToggleButton>
          ))}
        </ToggleButtonGroup>
        <SearchField
          aria-label={t('list.search')}
          placeholder={t('list.search')}
          size="small"
          defaultValue={q}
          onChange={next => change('q', next.trim())}
        />
        <Select
          aria-label={t('list.status')}
          size="small"
          options={[
            { value: 'all', label: t('list.allStatuses') },
            ...requestStatusSchema.options
              .filter(each => each !== 'draft')
              .map(each => ({ value: each, label: t(`status.${each}`) })),
          ]}
          value={status || 'all'}
          onChange={next =>
            change('status', next === 'all' ? '' : String(next))
          }
        />
        <Select
          aria-label={t('list.environment')}
          size="small"
          options={[
            { value: 'all', label: t('list.allEnvironments') },
            ...environments.all.map(each => ({
              value: each.name,
              label: each.title,
            })),
          ]}
          value={environment || 'all'}
          onChange={next =>
            change('environment', next === 'all' ? '' : String(next))
          }
        />
      </div>
      {error && (
        <Problem title={t('page.failed')} error={error} onRetry={refresh} />
      )}
      {!value && !error && (
        <div className={styles.skeleton} aria-hidden>
          {Array.from({ length: 6 }, (_, row) => (
            <Skeleton key={row} width="100%" height={40} />
          ))}
        </div>
      )}
      {value && value.items.length === 0 && (
        <EmptyState
          title={t('list.empty')}
          help={t(isFiltered ? 'list.emptyFiltered' : 'list.emptyMine')}
        >
          <Link className={styles.link} to={base}>
            {t('list.toCatalogue')}
          </Link>
        </EmptyState>
      )}
      {value && value.items.length > 0 && (
        <>
          <RequestTable
            base={base}
            label={t('list.label')}
            items={value.items}
          />
          <div className={styles.foot}>
            <Text color="secondary">
              {t('list.summary', { count: value.totalItems })}
            </Text>
            {value.pageInfo.nextCursor && limit < MOST && (
              <Button
                variant="secondary"
                size="small"
                onPress={() => setLimit(Math.min(MOST, limit + PAGE))}
              >
                {t('list.more')}
              </Button>
            )}
          </div>
        </>
      )}
    </PageFrame>
  );
}
