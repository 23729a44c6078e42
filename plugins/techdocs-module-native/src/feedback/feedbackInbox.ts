import { parseEntityRef } from '@backstage/catalog-model';
import { InboxSourceBlueprint, readWords } from '@waystone/plugin-inbox-react';
import { docsBuildApiRef } from '../api/DocsBuildClient';
import { feedbackPath } from './feedbackPath';
import { feedbackTranslationRef } from './feedbackTranslation';

/** What readers say of docs that a person or a team owns, until somebody has dealt with it. */
export const feedbackInbox = InboxSourceBlueprint.make({
  name: 'feedback',
  params: {
    id: 'docs-feedback',
    title: 'Docs',
    read: async ({ apis, audience, limit, signal }) => {
      const t = await readWords(apis, feedbackTranslationRef);
      const { items } = await apis.get(docsBuildApiRef)!.getWaitingFeedback(
        {
          owner: audience.type === 'team' ? audience.entityRef : undefined,
          limit,
        },
        signal,
      );
      return items.map(({ entityRef, latestAt, open, title }) => ({
        id: entityRef,
        state: 'attention' as const,
        title: t('inbox', { name: title, count: open }),
        since: latestAt,
        link: feedbackPath(parseEntityRef(entityRef)),
        entityRef,
      }));
    },
  },
});
