import { useApiHolder } from '@backstage/frontend-plugin-api';
import { visitsApiRef } from '@backstage/plugin-home';
import { RiHistoryLine } from '@remixicon/react';
import { useEffect, useState } from 'react';
import { kindIcon } from '../results/kindIcon';
import type { PaletteEntry } from './PaletteEntry';

const MOST = 6;
const LOOK_BACK = 30;

/** The pages that the signed-in person opened last, but for the one she is on. @internal */
export function useRecent(pathname: string): readonly PaletteEntry[] {
  const visitsApi = useApiHolder().get(visitsApiRef);
  const [recent, setRecent] = useState<readonly PaletteEntry[]>([]);
  useEffect(() => {
    let ended = false;
    visitsApi
      ?.list({
        limit: LOOK_BACK,
        orderBy: [{ field: 'timestamp', direction: 'desc' }],
      })
      .then(
        visits => {
          const others = new Map(
            visits
              .filter(visit => visit.pathname !== pathname && visit.name)
              .map(visit => [visit.pathname, visit]),
          );
          if (!ended) {
            setRecent(
              [...others.values()].slice(0, MOST).map(visit => ({
                id: `visit:${visit.id}`,
                title: visit.name,
                detail: visit.pathname,
                href: visit.pathname,
                icon: visit.entityRef ? (
                  kindIcon(visit.entityRef.split(':')[0])
                ) : (
                  <RiHistoryLine />
                ),
              })),
            );
          }
        },
        () => {
          // Without them the palette begins with pages and actions
        },
      );
    return () => {
      ended = true;
    };
  }, [visitsApi, pathname]);
  return recent;
}
