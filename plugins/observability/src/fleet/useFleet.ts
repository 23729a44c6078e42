import { useApi } from '@backstage/frontend-plugin-api';
import { OBSERVABILITY_CHANNEL } from '@waystone/plugin-observability-common';
import type {
  ServicesFilter,
  ServicesResponse,
} from '@waystone/plugin-observability-common';
import { useLive } from '@waystone/ui';
import { useCallback, useState } from 'react';
import { observabilityApiRef } from '../api/ObservabilityClient';

/** How many services one request brings. */
const PAGE = 200;

/**
 * Reads the fleet, as many pages of it as were asked for, and keeps it live.
 *
 * @param filter - undefined as long as it is not known; nothing is read then
 */
export function useFleet(filter: ServicesFilter | undefined) {
  const api = useApi(observabilityApiRef);
  const key = filter ? JSON.stringify(filter) : '';
  const [wanted, setWanted] = useState({ key, pages: 1 });
  // With other filters it starts at the first page again.
  const pages = wanted.key === key ? wanted.pages : 1;
  const read = useCallback(
    async (signal: AbortSignal): Promise<ServicesResponse | undefined> => {
      if (key === '') {
        return undefined;
      }
      const query: ServicesFilter = JSON.parse(key);
      const first = await api.listServices({ ...query, limit: PAGE }, signal);
      const items = [...first.items];
      let cursor = first.pageInfo.nextCursor;
      for (let page = 1; page < pages && cursor; page++) {
        const next = await api.listServices(
          { ...query, limit: PAGE, cursor },
          signal,
        );
        items.push(...next.items);
        cursor = next.pageInfo.nextCursor;
      }
      return { ...first, items, pageInfo: { nextCursor: cursor } };
    },
    [api, key, pages],
  );
  const { error, refresh, value } = useLive(OBSERVABILITY_CHANNEL, read);
  const more = useCallback(
    () => setWanted({ key, pages: pages + 1 }),
    [key, pages],
  );
  return { error, more, refresh, response: value };
}
