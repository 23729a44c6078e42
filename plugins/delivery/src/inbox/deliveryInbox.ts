import { parseEntityRef } from '@backstage/catalog-model';
import { InboxSourceBlueprint, readWords } from '@waystone/plugin-inbox-react';
import type { Deployment } from '@waystone/plugin-delivery-common';
import { deliveryApiRef } from '../api/DeliveryClient';
import { deliveryTranslationRef } from '../translation';

/** Deployments that do not work, of services that a person or a team owns. */
export const deliveryInbox = InboxSourceBlueprint.make({
  params: {
    id: 'delivery',
    title: 'Delivery',
    read: async ({ apis, limit, owners, signal }) => {
      const t = await readWords(apis, deliveryTranslationRef);
      const { environments, items } = await apis
        .get(deliveryApiRef)!
        .listServices(
          { owner: [...owners], state: ['critical'], limit },
          signal,
        );
      const titleOf = ({ environment, name }: Deployment) =>
        environments.find(column => column.name === environment)?.title ??
        environment ??
        name;
      return items.flatMap(service =>
        service.deployments
          .filter(({ state }) => state === 'critical')
          .map(deployment => ({
            id: deployment.id,
            state: 'critical' as const,
            title: t('inbox.critical', {
              service: service.title,
              environment: titleOf(deployment),
            }),
            detail: deployment.reason,
            since:
              deployment.healthSince ??
              deployment.operation?.finishedAt ??
              deployment.deployedAt,
            link: pathOf(service.entityRef, deployment.environment),
            entityRef: service.entityRef,
          })),
      );
    },
  },
});

/** Where it says why. */
function pathOf(entityRef: string, environment: string | undefined): string {
  const { kind, name, namespace } = parseEntityRef(entityRef);
  const path = [namespace, kind, name].map(encodeURIComponent).join('/');
  return `/catalog/${path}/delivery${
    environment ? `?why=${encodeURIComponent(environment)}` : ''
  }`;
}
