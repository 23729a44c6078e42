import { controllerReference } from '../../kubernetes/controllers/ownerReferences';
import type { KubernetesObject } from '../../kubernetes/KubernetesCluster';

/** How the fields of Crossplane itself are laid out in a composite resource. */
export type CompositeLayout = 'modern' | 'legacy';

/** Modern ones have them below `spec.crossplane`, those of the first API directly in `spec`. */
export function layoutOf(definition: KubernetesObject): CompositeLayout {
  return scopeOf(definition) === 'LegacyCluster' ? 'legacy' : 'modern';
}

export function scopeOf(
  definition: KubernetesObject,
): 'Namespaced' | 'Cluster' | 'LegacyCluster' {
  return (
    definition.spec.scope ??
    (definition.spec.claimNames ? 'LegacyCluster' : 'Namespaced')
  );
}

const nameSchema = {
  type: 'object',
  required: ['name'],
  properties: { name: { type: 'string' } },
};
const selectorSchema = {
  type: 'object',
  required: ['matchLabels'],
  properties: {
    matchLabels: {
      type: 'object',
      additionalProperties: { type: 'string' },
    },
  },
};

/** The CustomResourceDefinition of the composite resources that a definition describes. */
export function compositeDefinition(
  definition: KubernetesObject,
): KubernetesObject {
  const { spec } = definition;
  const scope = scopeOf(definition);
  const layout = layoutOf(definition);
  const isNamespaced = scope === 'Namespaced';
  const prefix = layout === 'modern' ? '.spec.crossplane' : '.spec';
  return createDefinition(definition, {
    names: spec.names,
    scope: isNamespaced ? 'Namespaced' : 'Cluster',
    category: 'composite',
    specFields:
      layout === 'modern'
        ? {
            crossplane: {
              type: 'object',
              description:
                'Configures how Crossplane will reconcile this composite resource',
              properties: selectionFields(isNamespaced),
            },
          }
        : {
            ...selectionFields(false),
            claimRef: {
              type: 'object',
              required: ['apiVersion', 'kind', 'namespace', 'name'],
              properties: {
                apiVersion: { type: 'string' },
                kind: { type: 'string' },
                namespace: { type: 'string' },
                name: { type: 'string' },
              },
            },
            writeConnectionSecretToRef: {
              type: 'object',
              required: ['name', 'namespace'],
              properties: {
                name: { type: 'string' },
                namespace: { type: 'string' },
              },
            },
          },
    columns: [
      column('COMPOSITION', `${prefix}.compositionRef.name`),
      column('COMPOSITIONREVISION', `${prefix}.compositionRevisionRef.name`, 1),
    ],
  });
}

/** The CustomResourceDefinition of the claims, if the definition offers any. */
export function claimDefinition(
  definition: KubernetesObject,
): KubernetesObject | undefined {
  const { claimNames } = definition.spec;
  return (
    claimNames &&
    createDefinition(definition, {
      names: claimNames,
      scope: 'Namespaced',
      category: 'claim',
      specFields: {
        ...selectionFields(false),
        resourceRefs: undefined,
        compositeDeletePolicy: {
          type: 'string',
          enum: ['Background', 'Foreground'],
          default: 'Background',
        },
        resourceRef: {
          type: 'object',
          required: ['apiVersion', 'kind', 'name'],
          properties: {
            apiVersion: { type: 'string' },
            kind: { type: 'string' },
            name: { type: 'string' },
          },
        },
        writeConnectionSecretToRef: nameSchema,
      },
      columns: [
        column('CONNECTION-SECRET', '.spec.writeConnectionSecretToRef.name'),
      ],
    })
  );
}

function selectionFields(withoutNamespace: boolean): Record<string, any> {
  return {
    compositionRef: nameSchema,
    compositionSelector: selectorSchema,
    compositionRevisionRef: nameSchema,
    compositionRevisionSelector: selectorSchema,
    compositionUpdatePolicy: { type: 'string', enum: ['Automatic', 'Manual'] },
    resourceRefs: {
      type: 'array',
      'x-kubernetes-list-type': 'atomic',
      items: {
        type: 'object',
        required: ['apiVersion', 'kind'],
        properties: {
          apiVersion: { type: 'string' },
          kind: { type: 'string' },
          name: { type: 'string' },
          ...(!withoutNamespace && { namespace: { type: 'string' } }),
        },
      },
    },
  };
}

function createDefinition(
  definition: KubernetesObject,
  options: {
    readonly names: any;
    readonly scope: 'Namespaced' | 'Cluster';
    readonly category: string;
    readonly specFields: Record<string, any>;
    readonly columns: readonly object[];
  },
): KubernetesObject {
  const { spec, metadata } = definition;
  const { names, scope, category, specFields, columns } = options;
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {
      name: `${names.plural}.${spec.group}`,
      labels: { ...metadata.labels },
      ownerReferences: [controllerReference(definition)],
    },
    spec: {
      group: spec.group,
      scope,
      names: {
        plural: names.plural,
        kind: names.kind,
        singular: names.singular ?? names.kind.toLowerCase(),
        listKind: names.listKind ?? `${names.kind}List`,
        ...(names.shortNames && { shortNames: names.shortNames }),
        categories: [...(names.categories ?? []), category],
      },
      versions: spec.versions.map((version: any) => ({
        name: version.name,
        served: version.served,
        storage: version.referenceable,
        ...(version.deprecated !== undefined && {
          deprecated: version.deprecated,
        }),
        schema: {
          openAPIV3Schema: extendSchema(
            version.schema?.openAPIV3Schema ?? {},
            specFields,
          ),
        },
        subresources: { status: {} },
        additionalPrinterColumns: [
          column('SYNCED', ".status.conditions[?(@.type=='Synced')].status"),
          column('READY', ".status.conditions[?(@.type=='Ready')].status"),
          ...columns,
          ...(version.additionalPrinterColumns ?? []),
          {
            name: 'AGE',
            type: 'date',
            jsonPath: '.metadata.creationTimestamp',
          },
        ],
      })),
    },
  };
}

/** The author's schema with the fields of Crossplane. */
function extendSchema(schema: any, specFields: Record<string, any>): object {
  const { spec = {}, status = {} } = schema.properties ?? {};
  return JSON.parse(
    JSON.stringify({
      ...schema,
      type: 'object',
      properties: {
        ...schema.properties,
        apiVersion: { type: 'string' },
        kind: { type: 'string' },
        metadata: { type: 'object' },
        spec: {
          ...spec,
          type: 'object',
          properties: { ...spec.properties, ...specFields },
        },
        status: {
          ...status,
          type: 'object',
          properties: {
            ...status.properties,
            conditions: {
              description: 'Conditions of the resource.',
              type: 'array',
              'x-kubernetes-list-map-keys': ['type'],
              'x-kubernetes-list-type': 'map',
              items: {
                type: 'object',
                required: ['lastTransitionTime', 'reason', 'status', 'type'],
                properties: {
                  lastTransitionTime: { type: 'string', format: 'date-time' },
                  message: { type: 'string' },
                  observedGeneration: { type: 'integer', format: 'int64' },
                  reason: { type: 'string' },
                  status: { type: 'string' },
                  type: { type: 'string' },
                },
              },
            },
            connectionDetails: {
              type: 'object',
              properties: {
                lastPublishedTime: { type: 'string', format: 'date-time' },
              },
            },
          },
        },
      },
    }),
  );
}

function column(name: string, jsonPath: string, priority?: number) {
  return {
    name,
    type: 'string',
    jsonPath,
    ...(priority !== undefined && { priority }),
  };
}
