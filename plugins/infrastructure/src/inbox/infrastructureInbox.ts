import type { InfrastructureRequest } from '@waystone/plugin-infrastructure-common';
import { InboxSourceBlueprint, readWords } from '@waystone/plugin-inbox-react';
import { infrastructureApiRef } from '../api/InfrastructureClient';
import { infrastructureTranslationRef } from '../translation';

/** Requests that wait for the decision of a person, or of anybody in a team, and those of theirs that failed. */
export const infrastructureInbox = InboxSourceBlueprint.make({
  params: {
    id: 'infrastructure',
    title: 'Infrastructure',
    read: async ({ apis, audience, limit, owners, signal }) => {
      const api = apis.get(infrastructureApiRef)!;
      const t = await readWords(apis, infrastructureTranslationRef);
      const list = async (query: [string, string][]) =>
        (
          await api.listRequests(
            new URLSearchParams([...query, ['limit', String(limit)]]),
            signal,
          )
        ).items;
      const ofOwners = owners.map((owner): [string, string] => [
        'owner',
        owner,
      ]);
      const [waiting, failed] = await Promise.all([
        audience.type === 'me'
          ? list([['decidable', 'true']])
          : list([...ofOwners, ['status', 'awaiting-approval']]),
        list([...ofOwners, ['status', 'failed']]),
      ]);
      const toItem = (request: InfrastructureRequest, isFailed: boolean) => ({
        id: request.id,
        state: isFailed ? ('critical' as const) : ('attention' as const),
        title: t(isFailed ? 'inbox.failed' : 'inbox.waiting', {
          offering: request.offeringTitle,
          name: request.name,
          environment: request.environment,
        }),
        detail: request.statusReason,
        since: request.statusSince,
        link: `/infrastructure/requests/${request.id}`,
        entityRef: request.component ?? request.entityRef,
      });
      return [
        ...failed.map(request => toItem(request, true)),
        ...waiting.map(request => toItem(request, false)),
      ];
    },
  },
});
