import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { visitsApiRef } from '@backstage/plugin-home';
import useAsyncRetry from 'react-use/esm/useAsyncRetry';
import { RelativeTime } from '../../components/RelativeTime';
import { shellTranslationRef } from '../words/shellTranslationRef';
import { CardError, EmptyText, HomeCard, LoadingRows } from './HomeCard';
import { LinkList, LinkRow } from './LinkList';

const LIMIT = 6;
/** Pages that everybody passes through are no news. */
const passedThrough = ['/', '/catalog', '/create', '/search', '/settings'];

/** The pages that the signed-in person opened last. */
export function RecentlyVisited() {
  const { t } = useTranslationRef(shellTranslationRef);
  const visitsApi = useApi(visitsApiRef);
  const { value, error, loading, retry } = useAsyncRetry(async () => {
    const visits = await visitsApi.list({
      limit: LIMIT + passedThrough.length,
      orderBy: [{ field: 'timestamp', direction: 'desc' }],
    });
    return visits
      .filter(visit => !passedThrough.includes(visit.pathname))
      .slice(0, LIMIT);
  }, [visitsApi]);

  return (
    <HomeCard title={t('visited.title')}>
      {error && <CardError error={error} retry={retry} />}
      {!value && loading && <LoadingRows rows={3} />}
      {value && value.length === 0 && (
        <EmptyText title={t('visited.empty')} help={t('visited.emptyHelp')} />
      )}
      {value && value.length > 0 && (
        <LinkList>
          {value.map(visit => (
            <LinkRow
              key={visit.id}
              href={visit.pathname}
              title={visit.name}
              end={
                <RelativeTime value={new Date(visit.timestamp).toISOString()} />
              }
            />
          ))}
        </LinkList>
      )}
    </HomeCard>
  );
}
