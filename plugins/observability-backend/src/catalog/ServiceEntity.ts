import { CATALOG_FILTER_EXISTS } from '@backstage/catalog-client';
import type { Entity } from '@backstage/catalog-model';
import { METRICS_SERVICE_ANNOTATION } from '@waystone/plugin-observability-common';
import { readIdentity } from '@waystone/read-models';
import type { EntityIdentity } from '@waystone/read-models';
import { readHints } from './readHints';
import type { MetricsHints } from './readHints';

/** An entity that says that it runs somewhere. */
export interface ServiceEntity extends EntityIdentity {
  readonly tier?: string;
  /** What it is written in, as far as it says: tags and the annotation `waystone.dev/stack`. */
  readonly stack: readonly string[];
  readonly kubernetesId?: string;
  readonly hints: MetricsHints;
}

/** The entities of the catalog that run somewhere. */
export const serviceEntities = {
  filter: [
    'argocd/app-name',
    'argocd/app-selector',
    'backstage.io/kubernetes-id',
    METRICS_SERVICE_ANNOTATION,
  ].map(name => ({
    kind: 'component',
    [`metadata.annotations.${name}`]: CATALOG_FILTER_EXISTS,
  })),
  fields: [
    'kind',
    'metadata.name',
    'metadata.namespace',
    'metadata.title',
    'metadata.annotations',
    'metadata.tags',
    'relations',
  ],
  read: toServiceEntity,
};

/** @internal */
export function toServiceEntity(entity: Entity): ServiceEntity {
  const { metadata } = entity;
  const annotations = metadata.annotations ?? {};
  return {
    ...readIdentity(entity),
    tier: annotations['waystone.dev/tier'],
    stack: [
      ...(annotations['waystone.dev/stack'] ?? '').split(/[\s,]+/),
      ...(metadata.tags ?? []),
    ].filter(each => each !== ''),
    kubernetesId: annotations['backstage.io/kubernetes-id']?.trim(),
    hints: readHints(annotations, metadata.name),
  };
}

/**
 * Refuses annotations that claim the metrics of another owner's service: anybody can write an annotation.
 *
 * @internal
 */
export function refuseForeign(
  services: readonly ServiceEntity[],
): readonly ServiceEntity[] {
  const own = new Map<string, ServiceEntity>();
  for (const service of services) {
    const name = service.kubernetesId ?? service.name;
    if (!service.hints.claimed && !own.has(name)) {
      own.set(name, service);
    }
  }
  return services.map(service => {
    const { hints } = service;
    const [claim] = hints.services;
    const other = hints.claimed ? own.get(claim) : undefined;
    if (
      !other ||
      other.entityRef === service.entityRef ||
      (other.owner !== undefined && other.owner === service.owner)
    ) {
      return service;
    }
    return {
      ...service,
      hints: {
        ...hints,
        services: hints.services.slice(1),
        claimed: false,
        problems: [
          ...hints.problems,
          `The annotation '${METRICS_SERVICE_ANNOTATION}' is not followed: '${claim}' is the service of another owner`,
        ],
      },
    };
  });
}
