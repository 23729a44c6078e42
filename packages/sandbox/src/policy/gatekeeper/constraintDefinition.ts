import type { KubernetesObject } from '../../kubernetes/KubernetesCluster';

const NAME_GLOB = '^(\\*|\\*-)?[a-z0-9]([-:a-z0-9]*[a-z0-9])?(\\*|-\\*)?$';

const strings = { type: 'array', items: { type: 'string' } };

const selector = {
  type: 'object',
  properties: {
    matchExpressions: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          key: { type: 'string' },
          operator: {
            type: 'string',
            enum: ['In', 'NotIn', 'Exists', 'DoesNotExist'],
          },
          values: strings,
        },
      },
    },
    matchLabels: {
      type: 'object',
      additionalProperties: { type: 'string' },
    },
  },
};

const match = {
  type: 'object',
  properties: {
    excludedNamespaces: {
      type: 'array',
      items: { type: 'string', pattern: NAME_GLOB },
    },
    kinds: {
      type: 'array',
      items: {
        type: 'object',
        properties: { apiGroups: strings, kinds: strings },
      },
    },
    labelSelector: selector,
    name: { type: 'string', pattern: NAME_GLOB },
    namespaceSelector: selector,
    namespaces: {
      type: 'array',
      items: { type: 'string', pattern: NAME_GLOB },
    },
    scope: { type: 'string', enum: ['*', 'Cluster', 'Namespaced'] },
    source: { type: 'string', enum: ['All', 'Generated', 'Original'] },
  },
};

/** The kind of constraints that Gatekeeper makes of a template. @internal */
export function constraintDefinition(
  template: KubernetesObject,
): KubernetesObject {
  const { kind } = template.spec.crd.spec.names;
  const plural = String(kind).toLowerCase();
  const schema = {
    openAPIV3Schema: {
      type: 'object',
      properties: {
        apiVersion: { type: 'string' },
        kind: { type: 'string' },
        metadata: {
          type: 'object',
          properties: { name: { type: 'string', maxLength: 63 } },
        },
        spec: {
          type: 'object',
          properties: {
            enforcementAction: { type: 'string' },
            match,
            parameters: template.spec.crd.spec.validation?.openAPIV3Schema ?? {
              type: 'object',
              'x-kubernetes-preserve-unknown-fields': true,
            },
            scopedEnforcementActions: {
              type: 'array',
              items: {
                type: 'object',
                'x-kubernetes-preserve-unknown-fields': true,
              },
            },
          },
        },
        status: {
          type: 'object',
          'x-kubernetes-preserve-unknown-fields': true,
        },
      },
    },
  };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {
      name: `${plural}.constraints.gatekeeper.sh`,
      labels: { 'gatekeeper.sh/constraint': 'yes' },
    },
    spec: {
      conversion: { strategy: 'None' },
      group: 'constraints.gatekeeper.sh',
      names: {
        categories: ['constraint', 'constraints'],
        kind,
        listKind: `${kind}List`,
        plural,
        singular: plural,
      },
      scope: 'Cluster',
      versions: ['v1beta1', 'v1alpha1'].map(name => ({
        name,
        served: true,
        storage: name === 'v1beta1',
        additionalPrinterColumns: [
          {
            name: 'enforcement-action',
            type: 'string',
            jsonPath: '.spec.enforcementAction',
          },
          {
            name: 'total-violations',
            type: 'integer',
            jsonPath: '.status.totalViolations',
          },
        ],
        schema,
        subresources: { status: {} },
      })),
    },
  };
}
