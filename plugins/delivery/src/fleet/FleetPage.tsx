import {
  identityApiRef,
  useApi,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { Alert, Button, Container, Skeleton, Text } from '@backstage/ui';
import { FreshnessNote, LiveSources, useFilters } from '@waystone/ui';
import type {
  ServicesFilter,
  ServicesResponse,
} from '@waystone/plugin-delivery-common';
import { useEffect, useState } from 'react';
import { deliveryTranslationRef } from '../translation';
import { FleetFilters } from './FleetFilters';
import styles from './FleetPage.module.css';
import { FleetTable } from './FleetTable';
import { useFleet } from './useFleet';

const FILTERS = [
  'q',
  'owner',
  'system',
  'environment',
  'state',
  'mine',
  'drifted',
  'behind',
];

/** The fleet: every service that runs somewhere, and in which version. */
export function FleetPage() {
  const { t } = useTranslationRef(deliveryTranslationRef);
  const { change, params } = useFilters();
  const mine = params.get('mine') === 'true';
  const owners = useMyOwners(mine);
  const { error, more, refresh, response } = useFleet(
    // Until it is known who she is, nothing is read: everybody's would flash up.
    mine && !owners ? undefined : toFilter(params, mine ? owners : undefined),
  );
  const filtered = FILTERS.some(name => params.has(name));
  const denied = isDenied(error);

  return (
    <Container>
      <div className={styles.page}>
        <header>
          <h1 className={styles.title}>{t('fleet.title')}</h1>
          <p className={styles.summary} role="status">
            {response ? (
              <Summary response={response} />
            ) : (
              !error && t('fleet.loading')
            )}
          </p>
        </header>
        {denied && (
          <Alert
            status="warning"
            icon
            title={t('fleet.denied')}
            description={t('fleet.deniedHelp')}
          />
        )}
        {error && !denied && (
          <Alert
            status="danger"
            icon
            title={t('fleet.failed')}
            description={error.message}
            customActions={
              <Button variant="secondary" size="small" onPress={refresh}>
                {t('fleet.retry')}
              </Button>
            }
          />
        )}
        {response && <FreshnessNote freshness={response.freshness} />}
        {response?.environments.length === 0 && (
          <Alert
            status="info"
            icon
            title={t('fleet.noEnvironments')}
            description={t('fleet.noEnvironmentsHelp')}
          />
        )}
        {(response || filtered) && !denied && (
          <FleetFilters params={params} change={change} response={response} />
        )}
        {!response && !error && <LoadingRows />}
        {response && response.totalItems === 0 && (
          <div className={styles.empty}>
            <Text as="h2" variant="title-x-small" weight="bold">
              {filtered ? t('fleet.noMatch') : t('fleet.empty')}
            </Text>
            {filtered ? (
              <Button
                variant="secondary"
                size="small"
                onPress={() =>
                  change(
                    Object.fromEntries(FILTERS.map(name => [name, undefined])),
                  )
                }
              >
                {t('fleet.clear')}
              </Button>
            ) : (
              <Text color="secondary">{t('fleet.emptyHelp')}</Text>
            )}
          </div>
        )}
        {response && response.totalItems > 0 && (
          <>
            <FleetTable
              response={response}
              sort={params.get('sort') ?? 'state'}
              order={params.get('order') ?? 'asc'}
              onSort={(sort, order) =>
                change({
                  sort: sort === 'state' ? undefined : sort,
                  order: order === 'asc' ? undefined : order,
                })
              }
            />
            {response.pageInfo.nextCursor && (
              <div className={styles.foot}>
                <Text color="secondary">
                  {t('fleet.shown', {
                    shown: String(response.items.length),
                    total: String(response.totalItems),
                  })}
                </Text>
                <Button variant="secondary" size="small" onPress={more}>
                  {t('fleet.more')}
                </Button>
              </div>
            )}
          </>
        )}
      </div>
    </Container>
  );
}

function Summary(props: { response: ServicesResponse }) {
  const { freshness, summary, totalItems } = props.response;
  const { t } = useTranslationRef(deliveryTranslationRef);
  const { critical } = summary.states;
  const parts = [
    critical > 0 && t('fleet.critical', { count: critical }),
    summary.drifted > 0 && t('fleet.drifted', { count: summary.drifted }),
    summary.behind > 0 && t('fleet.behind', { count: summary.behind }),
  ].filter(part => part !== false);
  return (
    <>
      {t('fleet.summary', { count: totalItems })}
      {totalItems > 0 && (
        <>: {parts.length > 0 ? parts.join(', ') : t('fleet.allWell')}</>
      )}
      . <LiveSources freshness={freshness} />
    </>
  );
}

/** The groups that the signed-in person belongs to, and herself; undefined until it is known. */
function useMyOwners(enabled: boolean): readonly string[] | undefined {
  const identity = useApi(identityApiRef);
  const [owners, setOwners] = useState<readonly string[]>();
  useEffect(() => {
    let current = true;
    if (enabled) {
      identity.getBackstageIdentity().then(
        ({ ownershipEntityRefs }) => current && setOwners(ownershipEntityRefs),
        // Without an identity nothing is hers.
        () => current && setOwners([]),
      );
    }
    return () => {
      current = false;
    };
  }, [enabled, identity]);
  return owners;
}

function toFilter(
  params: URLSearchParams,
  myOwners: readonly string[] | undefined,
): ServicesFilter {
  const value = (name: string) => params.get(name) || undefined;
  return {
    q: value('q'),
    // An empty list would mean everybody's.
    owner: myOwners ? ['user:none/none', ...myOwners] : value('owner'),
    system: value('system'),
    environment: value('environment'),
    state: value('state'),
    sync: params.get('drifted') === 'true' ? 'out-of-sync' : undefined,
    behind: params.get('behind') === 'true' ? true : undefined,
    sort: oneOf(['state', 'name', 'owner', 'deployed'], value('sort')),
    order: oneOf(['asc', 'desc'], value('order')),
  };
}

function oneOf<T extends string>(
  values: readonly T[],
  value: string | undefined,
): T | undefined {
  return values.find(each => each === value);
}

function isDenied(error: (Error & { statusCode?: number }) | undefined) {
  return error?.statusCode === 403;
}

function LoadingRows() {
  return (
    <div className={styles.skeleton} aria-hidden>
      {Array.from({ length: 12 }, (_, row) => (
        <Skeleton key={row} width="100%" height={40} />
      ))}
    </div>
  );
}
