import { parseEntityRef } from '@backstage/catalog-model';
import { InboxSourceBlueprint, readWords } from '@waystone/plugin-inbox-react';
import { catalogProblemsApiRef } from './CatalogProblemsClient';
import { catalogProblemsTranslationRef } from './translation';

/** Errors in entries of the catalog that a person or a team owns. */
export const problemsInbox = InboxSourceBlueprint.make({
  name: 'problems',
  params: {
    id: 'catalog-problems',
    title: 'Catalog',
    topics: ['catalog-problem'],
    read: async ({ apis, audience, limit, signal }) => {
      const t = await readWords(apis, catalogProblemsTranslationRef);
      const { items } = await apis.get(catalogProblemsApiRef)!.list(
        {
          ...(audience.type === 'me'
            ? { mine: true }
            : { owner: audience.entityRef }),
          severity: 'error',
          limit,
        },
        signal,
      );
      return items.map(problem => {
        // People know the service, not the location that brings it
        const {
          entityRef,
          id,
          message,
          since,
          subjectRef = entityRef,
        } = problem;
        const { kind, name, namespace } = parseEntityRef(subjectRef);
        return {
          id: `${entityRef} ${id}`,
          state: 'critical' as const,
          title: t('inbox.error', { name }),
          detail: message,
          since,
          link: `/catalog/${[namespace, kind, name]
            .map(encodeURIComponent)
            .join('/')}`,
          entityRef: subjectRef,
        };
      });
    },
  },
});
