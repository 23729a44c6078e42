import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { type Visit, visitsApiRef } from '@backstage/plugin-home';
import useAsyncRetry from 'react-use/esm/useAsyncRetry';
import { LinkList, LinkRow, RelativeTime } from '@waystone/ui';
import { shellTranslationRef } from '../words/shellTranslationRef';
import { CardError, EmptyText, HomeCard, LoadingRows } from './HomeCard';

const LIMIT = 6;
const LOOK_BACK = 50;
/** Pages are remembered one by one; a person remembers the thing, whichever of its tabs she was on. */
function latestPerEntity(visits: Visit[]): Visit[] {
  const seen = new Set<string>();
  return visits.filter(({ entityRef }) => {
    if (!entityRef || seen.has(entityRef)) {
      return false;
    }
    seen.add(entityRef);
    return true;
  });
}

/** The services, APIs, teams and so on that the signed-in person opened last. */
export function RecentlyVisited() {
  const { t } = useTranslationRef(shellTranslationRef);
  const visitsApi = useApi(visitsApiRef);
  const { value, error, loading, retry } = useAsyncRetry(async () => {
    const visits = await visitsApi.list({
      limit: LOOK_BACK,
      orderBy: [{ field: 'timestamp', direction: 'desc' }],
    });
    return latestPerEntity(visits).slice(0, LIMIT);
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
              detail={visit.entityRef?.split(':')[0]}
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
