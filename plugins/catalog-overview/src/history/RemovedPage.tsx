import { Link } from '@backstage/core-components';
import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  Alert,
  Button,
  Container,
  SearchField,
  Skeleton,
  Text,
} from '@backstage/ui';
import type { DeletedEntitiesResponse } from '@waystone/plugin-catalog-overview-common';
import { RelativeTime } from '@waystone/ui';
import { useLocation, useSearchParams } from 'react-router-dom';
import { catalogHistoryApiRef } from './CatalogHistoryClient';
import { HistoryTimeline } from './HistoryTimeline';
import styles from './RemovedPage.module.css';
import { catalogHistoryTranslationRef } from './translation';
import { usePages } from './usePages';

type Removed = DeletedEntitiesResponse['items'][number];

/** Entities that are no more, and the history of each. */
export function RemovedPage() {
  const { t } = useTranslationRef(catalogHistoryTranslationRef);
  const { pathname } = useLocation();
  const [params] = useSearchParams();
  const entityRef = params.get('entity');
  return (
    <Container>
      <div className={styles.page}>
        {entityRef ? (
          <>
            <header>
              <Link to={pathname}>{t('deleted.back')}</Link>
              <h1 className={styles.title}>
                {t('deleted.of', { entity: entityRef })}
              </h1>
            </header>
            <HistoryTimeline entityRef={entityRef} />
          </>
        ) : (
          <>
            <header>
              <h1 className={styles.title}>{t('deleted.title')}</h1>
              <Text color="secondary">{t('deleted.help')}</Text>
            </header>
            <RemovedList />
          </>
        )}
      </div>
    </Container>
  );
}

function RemovedList() {
  const api = useApi(catalogHistoryApiRef);
  const { t } = useTranslationRef(catalogHistoryTranslationRef);
  const { pathname } = useLocation();
  const [params, setParams] = useSearchParams();
  const q = params.get('q') ?? undefined;
  const { error, items, loading, more, response, retry } = usePages<
    Removed,
    DeletedEntitiesResponse
  >(JSON.stringify([q]), (cursor, signal) =>
    api.deleted({ q, cursor }, signal),
  );
  return (
    <>
      <SearchField
        className={styles.search}
        aria-label={t('deleted.search')}
        placeholder={t('deleted.search')}
        size="small"
        defaultValue={q ?? ''}
        onChange={value =>
          setParams(value ? { q: value } : {}, { replace: true })
        }
      />
      {error && (
        <Alert
          status="danger"
          icon
          title={t('deleted.failed')}
          description={error.message}
          customActions={
            <Button variant="secondary" size="small" onPress={retry}>
              {t('deleted.retry')}
            </Button>
          }
        />
      )}
      {!response && !error && (
        <div role="status" aria-label={t('deleted.loading')}>
          <Skeleton width="100%" height={40} />
        </div>
      )}
      {response && items.length === 0 && (
        <Text>{t(q ? 'deleted.noMatch' : 'deleted.none')}</Text>
      )}
      {items.length > 0 && (
        <table
          className={styles.table}
          aria-label={t('deleted.table')}
          aria-busy={loading}
        >
          <thead>
            <tr>
              <th scope="col">{t('deleted.entity')}</th>
              <th scope="col">{t('deleted.when')}</th>
            </tr>
          </thead>
          <tbody>
            {items.map(item => (
              <tr key={item.id}>
                <th scope="row">
                  <Link
                    to={`${pathname}?${new URLSearchParams({
                      entity: item.entityRef,
                    })}`}
                  >
                    {item.entityRef}
                  </Link>
                </th>
                <td>
                  <RelativeTime value={item.deletedAt} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {response?.pageInfo.nextCursor && (
        <div>
          <Button
            variant="secondary"
            size="small"
            isDisabled={loading}
            onPress={more}
          >
            {t('deleted.more')}
          </Button>
        </div>
      )}
    </>
  );
}
