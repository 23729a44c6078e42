import { CATALOG_FILTER_EXISTS } from '@backstage/catalog-client';
import { ANNOTATION_SOURCE_LOCATION } from '@backstage/catalog-model';
import type { Entity } from '@backstage/catalog-model';
import { readIdentity } from '@waystone/read-models';
import type { EntityIdentity } from '@waystone/read-models';
import { readHints } from './hints';
import type { DeploymentHints } from './hints';

/** An entity that says which deployments are its own. */
export interface ServiceEntity extends EntityIdentity {
  readonly lifecycle?: string;
  readonly tier?: string;
  /** Where its source is, as the catalog has it. */
  readonly sourceUrl?: string;
  readonly hints: DeploymentHints;
}

/** The entities of the catalog that run somewhere. */
export const serviceEntities = {
  filter: [
    'metadata.annotations.argocd/app-name',
    'metadata.annotations.argocd/app-selector',
    'metadata.annotations.backstage.io/kubernetes-id',
    'metadata.annotations.backstage.io/kubernetes-label-selector',
  ].map(key => ({ [key]: CATALOG_FILTER_EXISTS })),
  fields: [
    'kind',
    'metadata.name',
    'metadata.namespace',
    'metadata.title',
    'metadata.annotations',
    'relations',
    'spec.lifecycle',
  ],
  read: toServiceEntity,
};

function toServiceEntity(entity: Entity): ServiceEntity {
  const { metadata, spec } = entity;
  return {
    ...readIdentity(entity),
    lifecycle: typeof spec?.lifecycle === 'string' ? spec.lifecycle : undefined,
    tier: metadata.annotations?.['waystone.dev/tier'],
    sourceUrl: /^url:(https?:.+)$/.exec(
      metadata.annotations?.[ANNOTATION_SOURCE_LOCATION] ?? '',
    )?.[1],
    hints: readHints(metadata.annotations ?? {}),
  };
}
