import { parseEntityRef } from '@backstage/catalog-model';
import { InboxSourceBlueprint, readWords } from '@waystone/plugin-inbox-react';
import type { InboxItem } from '@waystone/plugin-inbox-react';
import { governanceApiRef } from '../api/GovernanceClient';
import type { FindingKind } from '../api/GovernanceClient';
import { governanceTranslationRef } from '../translation';

/** What is past due at the services of a person or a team: violations, vulnerabilities, secrets. */
export const governanceInbox = InboxSourceBlueprint.make({
  params: {
    id: 'governance',
    title: 'Governance',
    read: async ({ apis, limit, owners, signal }) => {
      const t = await readWords(apis, governanceTranslationRef);
      const api = apis.get(governanceApiRef)!;
      const overdue = (kind: FindingKind) =>
        api.listGroups(
          kind,
          { by: 'service', owner: [...owners], overdue: true, limit },
          signal,
        );
      const [violations, vulnerabilities, secrets] = await Promise.all([
        overdue('violations'),
        overdue('vulnerabilities'),
        api.findSecrets({ due: true }, signal),
      ]);
      const items: InboxItem[] = [];
      for (const [kind, { items: groups }] of [
        ['violations', violations],
        ['vulnerabilities', vulnerabilities],
      ] as const) {
        for (const { count, since, title, value } of groups) {
          if (value) {
            items.push({
              id: `${kind} ${value}`,
              state: 'attention',
              title: t(`inbox.${kind}`, { count, service: title }),
              since,
              link: pathOf(value),
              entityRef: value,
            });
          }
        }
      }
      for (const secret of secrets?.items ?? []) {
        if (owners.includes(secret.owner ?? '')) {
          items.push({
            id: `secret ${secret.entityRef} ${secret.id}`,
            state: 'attention',
            title: t('inbox.secret', { service: secret.title }),
            detail: secret.path,
            since: secret.rotationDue,
            link: pathOf(secret.entityRef),
            entityRef: secret.entityRef,
          });
        }
      }
      return items.slice(0, limit);
    },
  },
});

function pathOf(entityRef: string): string {
  const { kind, name, namespace } = parseEntityRef(entityRef);
  return `/catalog/${[namespace, kind, name]
    .map(encodeURIComponent)
    .join('/')}/governance`;
}
