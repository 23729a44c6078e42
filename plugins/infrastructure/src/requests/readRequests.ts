import type { RequestList } from '@waystone/plugin-infrastructure-common';
import type { InfrastructureApi } from '../api/InfrastructureClient';

/** The most that the backend gives at a time. */
const PAGE = 200;

/** Reads as many requests as wanted, page by page, as one list. */
export async function readRequests(
  api: Pick<InfrastructureApi, 'listRequests'>,
  query: URLSearchParams,
  wanted: number,
  signal: AbortSignal,
): Promise<RequestList> {
  const items: RequestList['items'] = [];
  const next = new URLSearchParams(query);
  for (;;) {
    next.set('limit', String(Math.min(PAGE, wanted - items.length)));
    const page = await api.listRequests(next, signal);
    items.push(...page.items);
    const { nextCursor } = page.pageInfo;
    if (!nextCursor || items.length >= wanted) {
      return { ...page, items };
    }
    next.set('cursor', nextCursor);
  }
}
