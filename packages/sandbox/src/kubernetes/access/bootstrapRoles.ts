import type { KubernetesObject } from '../KubernetesCluster';
import { PORTAL_ACCOUNT } from './Authenticator';
import type { PolicyRule } from './Authorizer';

const READ = ['get', 'list', 'watch'];
const WRITE = ['create', 'delete', 'deletecollection', 'patch', 'update'];
const CORE_READABLE = [
  'bindings',
  'configmaps',
  'endpoints',
  'events',
  'limitranges',
  'namespaces',
  'namespaces/status',
  'persistentvolumeclaims',
  'persistentvolumeclaims/status',
  'pods',
  'pods/log',
  'pods/status',
  'replicationcontrollers',
  'replicationcontrollers/scale',
  'replicationcontrollers/status',
  'resourcequotas',
  'resourcequotas/status',
  'serviceaccounts',
  'services',
  'services/status',
];
const CORE_WRITABLE = [
  'configmaps',
  'endpoints',
  'events',
  'persistentvolumeclaims',
  'pods',
  'pods/eviction',
  'replicationcontrollers',
  'replicationcontrollers/scale',
  'secrets',
  'serviceaccounts',
  'services',
];
const WORKLOAD_GROUPS = [
  'apps',
  'autoscaling',
  'batch',
  'discovery.k8s.io',
  'events.k8s.io',
  'networking.k8s.io',
  'policy',
];

/** The role that lets the portal read and write custom resources; its groups follow what is installed. */
export const PORTAL_CUSTOM_RESOURCES_ROLE = 'waystone-portal-custom-resources';

/** The roles and bindings that a cluster has from the start. */
export function createBootstrapRoles(): readonly KubernetesObject[] {
  return [
    role('cluster-admin', [
      { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
      { verbs: ['*'], nonResourceURLs: ['*'] },
    ]),
    aggregatedRole('admin', ['admin']),
    aggregatedRole('edit', ['edit']),
    aggregatedRole('view', ['view']),
    role(
      'system:aggregate-to-view',
      [
        { apiGroups: [''], resources: CORE_READABLE, verbs: READ },
        { apiGroups: WORKLOAD_GROUPS, resources: ['*'], verbs: READ },
      ],
      ['view', 'edit', 'admin'],
    ),
    role(
      'system:aggregate-to-edit',
      [
        { apiGroups: [''], resources: ['secrets'], verbs: READ },
        {
          apiGroups: [''],
          resources: ['serviceaccounts'],
          verbs: ['impersonate'],
        },
        {
          apiGroups: [''],
          resources: [...CORE_WRITABLE, 'serviceaccounts/token'],
          verbs: WRITE,
        },
        { apiGroups: WORKLOAD_GROUPS, resources: ['*'], verbs: WRITE },
        {
          apiGroups: ['coordination.k8s.io'],
          resources: ['leases'],
          verbs: [...READ, ...WRITE],
        },
      ],
      ['edit', 'admin'],
    ),
    role(
      'system:aggregate-to-admin',
      [
        {
          apiGroups: ['authorization.k8s.io'],
          resources: ['localsubjectaccessreviews'],
          verbs: ['create'],
        },
        {
          apiGroups: ['rbac.authorization.k8s.io'],
          resources: ['rolebindings', 'roles'],
          verbs: [...READ, ...WRITE],
        },
      ],
      ['admin'],
    ),
    role('system:basic-user', [
      {
        apiGroups: ['authorization.k8s.io'],
        resources: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'],
        verbs: ['create'],
      },
      {
        apiGroups: ['authentication.k8s.io'],
        resources: ['selfsubjectreviews'],
        verbs: ['create'],
      },
    ]),
    role('system:discovery', [
      {
        nonResourceURLs: [
          '/api',
          '/api/*',
          '/apis',
          '/apis/*',
          '/healthz',
          '/livez',
          '/openapi',
          '/openapi/*',
          '/readyz',
          '/version',
          '/version/',
        ],
        verbs: ['get'],
      },
    ]),
    role('system:public-info-viewer', [
      {
        nonResourceURLs: [
          '/healthz',
          '/livez',
          '/readyz',
          '/version',
          '/version/',
        ],
        verbs: ['get'],
      },
    ]),
    role('system:auth-delegator', [
      {
        apiGroups: ['authentication.k8s.io'],
        resources: ['tokenreviews'],
        verbs: ['create'],
      },
      {
        apiGroups: ['authorization.k8s.io'],
        resources: ['subjectaccessreviews'],
        verbs: ['create'],
      },
    ]),
    bindingToGroup('cluster-admin', 'system:masters'),
    bindingToGroup('system:basic-user', 'system:authenticated'),
    bindingToGroup('system:discovery', 'system:authenticated'),
    bindingToGroup('system:public-info-viewer', 'system:authenticated'),
    ...portalRoles(),
  ];
}

/** What the portal is allowed to do with the resources of some groups. */
export function portalGroupRules(
  groups: readonly string[],
): readonly PolicyRule[] {
  return [{ apiGroups: groups, resources: ['*'], verbs: [...READ, ...WRITE] }];
}

/** The portal sees everything but the values of secrets, and acts on pods, namespaces and custom resources. */
function portalRoles(): readonly KubernetesObject[] {
  return [
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: PORTAL_ACCOUNT.namespace },
    },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: PORTAL_ACCOUNT },
    role('waystone-portal', [
      {
        apiGroups: [''],
        resources: [...CORE_READABLE, 'nodes', 'persistentvolumes'],
        verbs: READ,
      },
      {
        apiGroups: [
          ...WORKLOAD_GROUPS,
          'apiextensions.k8s.io',
          'coordination.k8s.io',
          'rbac.authorization.k8s.io',
          'storage.k8s.io',
        ],
        resources: ['*'],
        verbs: READ,
      },
      {
        apiGroups: [''],
        resources: ['namespaces', 'pods'],
        verbs: WRITE,
      },
      { apiGroups: [''], resources: ['pods/eviction'], verbs: ['create'] },
      {
        apiGroups: ['authorization.k8s.io'],
        resources: ['subjectaccessreviews', 'localsubjectaccessreviews'],
        verbs: ['create'],
      },
    ]),
    role(PORTAL_CUSTOM_RESOURCES_ROLE, []),
    ...['waystone-portal', PORTAL_CUSTOM_RESOURCES_ROLE].map(name =>
      binding(name, { kind: 'ServiceAccount', ...PORTAL_ACCOUNT }),
    ),
  ];
}

function role(
  name: string,
  rules: readonly PolicyRule[],
  aggregateTo: readonly string[] = [],
): KubernetesObject {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name, labels: bootstrapLabels(aggregateTo) },
    rules,
  };
}

function aggregatedRole(
  name: string,
  from: readonly string[],
): KubernetesObject {
  return {
    ...role(name, []),
    aggregationRule: {
      clusterRoleSelectors: from.map(label => ({
        matchLabels: {
          [`rbac.authorization.k8s.io/aggregate-to-${label}`]: 'true',
        },
      })),
    },
  };
}

function bindingToGroup(name: string, group: string): KubernetesObject {
  return binding(name, {
    kind: 'Group',
    name: group,
    apiGroup: 'rbac.authorization.k8s.io',
  });
}

function binding(
  name: string,
  subject: Record<string, string>,
): KubernetesObject {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name, labels: bootstrapLabels() },
    roleRef: {
      apiGroup: 'rbac.authorization.k8s.io',
      kind: 'ClusterRole',
      name,
    },
    subjects: [subject],
  };
}

function bootstrapLabels(
  aggregateTo: readonly string[] = [],
): Record<string, string> {
  return {
    'kubernetes.io/bootstrapping': 'rbac-defaults',
    ...Object.fromEntries(
      aggregateTo.map(name => [
        `rbac.authorization.k8s.io/aggregate-to-${name}`,
        'true',
      ]),
    ),
  };
}
