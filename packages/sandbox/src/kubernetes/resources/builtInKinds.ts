import type { Subresource } from './ResourceType';

/**
 * One line of the table of built-in kinds.
 *
 * @internal
 */
export interface BuiltInKind {
  readonly groupVersion: readonly [group: string, version: string];
  readonly kind: string;
  readonly plural: string;
  readonly namespaced?: boolean;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly subresources?: readonly ('status' | 'scale' | Subresource)[];
  readonly hasGeneration?: boolean;
  /** All of them, if not given. */
  readonly verbs?: readonly string[];
  /** Where the objects are stored, if another version of the kind has them. */
  readonly storage?: readonly [group: string, version: string];
}

const CORE = ['', 'v1'] as const;
const APPS = ['apps', 'v1'] as const;
const BATCH = ['batch', 'v1'] as const;
const NETWORKING = ['networking.k8s.io', 'v1'] as const;
const RBAC = ['rbac.authorization.k8s.io', 'v1'] as const;
const AUTHORIZATION = ['authorization.k8s.io', 'v1'] as const;
const AUTHENTICATION = ['authentication.k8s.io', 'v1'] as const;
const ADMISSION = ['admissionregistration.k8s.io', 'v1'] as const;
const STORAGE = ['storage.k8s.io', 'v1'] as const;

const CREATE_ONLY = ['create'];
const ALL = ['all'];

/** The kinds that every cluster serves, in the order of discovery. */
export const BUILT_IN_KINDS: readonly BuiltInKind[] = [
  // prettier-ignore
  { groupVersion: CORE, kind: 'Binding', plural: 'bindings', namespaced: true, verbs: CREATE_ONLY },
  {
    groupVersion: CORE,
    kind: 'ConfigMap',
    plural: 'configmaps',
    namespaced: true,
    shortNames: ['cm'],
  },
  {
    groupVersion: CORE,
    kind: 'Endpoints',
    plural: 'endpoints',
    namespaced: true,
    shortNames: ['ep'],
  },
  {
    groupVersion: CORE,
    kind: 'Event',
    plural: 'events',
    namespaced: true,
    shortNames: ['ev'],
  },
  {
    groupVersion: CORE,
    kind: 'LimitRange',
    plural: 'limitranges',
    namespaced: true,
    shortNames: ['limits'],
  },
  {
    groupVersion: CORE,
    kind: 'Namespace',
    plural: 'namespaces',
    shortNames: ['ns'],
    verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
    subresources: [{ name: 'finalize', verbs: ['update'] }, 'status'],
  },
  {
    groupVersion: CORE,
    kind: 'Node',
    plural: 'nodes',
    shortNames: ['no'],
    subresources: ['status'],
  },
  {
    groupVersion: CORE,
    kind: 'PersistentVolumeClaim',
    plural: 'persistentvolumeclaims',
    namespaced: true,
    shortNames: ['pvc'],
    subresources: ['status'],
  },
  {
    groupVersion: CORE,
    kind: 'PersistentVolume',
    plural: 'persistentvolumes',
    shortNames: ['pv'],
    subresources: ['status'],
  },
  {
    groupVersion: CORE,
    kind: 'Pod',
    plural: 'pods',
    namespaced: true,
    shortNames: ['po'],
    categories: ALL,
    hasGeneration: true,
    subresources: [
      { name: 'binding', verbs: CREATE_ONLY, kind: 'Binding' },
      {
        name: 'ephemeralcontainers',
        verbs: ['get', 'patch', 'update'],
      },
      {
        name: 'eviction',
        verbs: CREATE_ONLY,
        group: 'policy',
        version: 'v1',
        kind: 'Eviction',
      },
      { name: 'log', verbs: ['get'] },
      { name: 'resize', verbs: ['get', 'patch', 'update'] },
      'status',
    ],
  },
  {
    groupVersion: CORE,
    kind: 'PodTemplate',
    plural: 'podtemplates',
    namespaced: true,
    hasGeneration: true,
  },
  {
    groupVersion: CORE,
    kind: 'ReplicationController',
    plural: 'replicationcontrollers',
    namespaced: true,
    shortNames: ['rc'],
    categories: ALL,
    subresources: ['scale', 'status'],
    hasGeneration: true,
  },
  {
    groupVersion: CORE,
    kind: 'ResourceQuota',
    plural: 'resourcequotas',
    namespaced: true,
    shortNames: ['quota'],
    subresources: ['status'],
  },
  {
    groupVersion: CORE,
    kind: 'Secret',
    plural: 'secrets',
    namespaced: true,
  },
  {
    groupVersion: CORE,
    kind: 'ServiceAccount',
    plural: 'serviceaccounts',
    namespaced: true,
    shortNames: ['sa'],
    subresources: [
      {
        name: 'token',
        verbs: CREATE_ONLY,
        group: 'authentication.k8s.io',
        version: 'v1',
        kind: 'TokenRequest',
      },
    ],
  },
  {
    groupVersion: CORE,
    kind: 'Service',
    plural: 'services',
    namespaced: true,
    shortNames: ['svc'],
    categories: ALL,
    subresources: ['status'],
  },
  {
    groupVersion: ['events.k8s.io', 'v1'],
    kind: 'Event',
    plural: 'events',
    namespaced: true,
    shortNames: ['ev'],
    storage: CORE,
  },
  // prettier-ignore
  { groupVersion: AUTHENTICATION, kind: 'SelfSubjectReview', plural: 'selfsubjectreviews', verbs: CREATE_ONLY },
  // prettier-ignore
  { groupVersion: AUTHENTICATION, kind: 'TokenReview', plural: 'tokenreviews', verbs: CREATE_ONLY },
  // prettier-ignore
  { groupVersion: AUTHORIZATION, kind: 'LocalSubjectAccessReview', plural: 'localsubjectaccessreviews', namespaced: true, verbs: CREATE_ONLY },
  // prettier-ignore
  { groupVersion: AUTHORIZATION, kind: 'SelfSubjectAccessReview', plural: 'selfsubjectaccessreviews', verbs: CREATE_ONLY },
  // prettier-ignore
  { groupVersion: AUTHORIZATION, kind: 'SelfSubjectRulesReview', plural: 'selfsubjectrulesreviews', verbs: CREATE_ONLY },
  // prettier-ignore
  { groupVersion: AUTHORIZATION, kind: 'SubjectAccessReview', plural: 'subjectaccessreviews', verbs: CREATE_ONLY },
  {
    groupVersion: APPS,
    kind: 'ControllerRevision',
    plural: 'controllerrevisions',
    namespaced: true,
  },
  {
    groupVersion: APPS,
    kind: 'DaemonSet',
    plural: 'daemonsets',
    namespaced: true,
    shortNames: ['ds'],
    categories: ALL,
    subresources: ['status'],
    hasGeneration: true,
  },
  {
    groupVersion: APPS,
    kind: 'Deployment',
    plural: 'deployments',
    namespaced: true,
    shortNames: ['deploy'],
    categories: ALL,
    subresources: ['scale', 'status'],
    hasGeneration: true,
  },
  {
    groupVersion: APPS,
    kind: 'ReplicaSet',
    plural: 'replicasets',
    namespaced: true,
    shortNames: ['rs'],
    categories: ALL,
    subresources: ['scale', 'status'],
    hasGeneration: true,
  },
  {
    groupVersion: APPS,
    kind: 'StatefulSet',
    plural: 'statefulsets',
    namespaced: true,
    shortNames: ['sts'],
    categories: ALL,
    subresources: ['scale', 'status'],
    hasGeneration: true,
  },
  {
    groupVersion: ['autoscaling', 'v2'],
    kind: 'HorizontalPodAutoscaler',
    plural: 'horizontalpodautoscalers',
    namespaced: true,
    shortNames: ['hpa'],
    categories: ALL,
    subresources: ['status'],
  },
  {
    groupVersion: BATCH,
    kind: 'CronJob',
    plural: 'cronjobs',
    namespaced: true,
    shortNames: ['cj'],
    categories: ALL,
    subresources: ['status'],
    hasGeneration: true,
  },
  {
    groupVersion: BATCH,
    kind: 'Job',
    plural: 'jobs',
    namespaced: true,
    categories: ALL,
    subresources: ['status'],
    hasGeneration: true,
  },
  {
    groupVersion: NETWORKING,
    kind: 'IngressClass',
    plural: 'ingressclasses',
    hasGeneration: true,
  },
  {
    groupVersion: NETWORKING,
    kind: 'Ingress',
    plural: 'ingresses',
    namespaced: true,
    shortNames: ['ing'],
    subresources: ['status'],
    hasGeneration: true,
  },
  {
    groupVersion: NETWORKING,
    kind: 'NetworkPolicy',
    plural: 'networkpolicies',
    namespaced: true,
    shortNames: ['netpol'],
    hasGeneration: true,
  },
  {
    groupVersion: ['policy', 'v1'],
    kind: 'PodDisruptionBudget',
    plural: 'poddisruptionbudgets',
    namespaced: true,
    shortNames: ['pdb'],
    subresources: ['status'],
    hasGeneration: true,
  },
  // prettier-ignore
  { groupVersion: RBAC, kind: 'ClusterRoleBinding', plural: 'clusterrolebindings' },
  { groupVersion: RBAC, kind: 'ClusterRole', plural: 'clusterroles' },
  // prettier-ignore
  { groupVersion: RBAC, kind: 'RoleBinding', plural: 'rolebindings', namespaced: true },
  { groupVersion: RBAC, kind: 'Role', plural: 'roles', namespaced: true },
  {
    groupVersion: STORAGE,
    kind: 'StorageClass',
    plural: 'storageclasses',
    shortNames: ['sc'],
  },
  {
    groupVersion: ADMISSION,
    kind: 'ValidatingAdmissionPolicy',
    plural: 'validatingadmissionpolicies',
    categories: ['api-extensions'],
    subresources: ['status'],
    hasGeneration: true,
  },
  {
    groupVersion: ADMISSION,
    kind: 'ValidatingAdmissionPolicyBinding',
    plural: 'validatingadmissionpolicybindings',
    categories: ['api-extensions'],
    hasGeneration: true,
  },
  {
    groupVersion: ['apiextensions.k8s.io', 'v1'],
    kind: 'CustomResourceDefinition',
    plural: 'customresourcedefinitions',
    shortNames: ['crd', 'crds'],
    categories: ['api-extensions'],
    subresources: ['status'],
    hasGeneration: true,
  },
  {
    groupVersion: ['coordination.k8s.io', 'v1'],
    kind: 'Lease',
    plural: 'leases',
    namespaced: true,
  },
  {
    groupVersion: ['discovery.k8s.io', 'v1'],
    kind: 'EndpointSlice',
    plural: 'endpointslices',
    namespaced: true,
    hasGeneration: true,
  },
];
