import type { FieldSpec } from './FieldSpec';

const WORKLOADS = [
  { kind: 'ReplicationController', version: 'v1' },
  { kind: 'Deployment' },
  { kind: 'ReplicaSet' },
  { kind: 'DaemonSet' },
  { kind: 'StatefulSet', group: 'apps' },
  { kind: 'Job', group: 'batch' },
];

const templates = (field: 'labels' | 'annotations'): FieldSpec[] => [
  ...WORKLOADS.map(type => ({
    ...type,
    path: `spec/template/metadata/${field}`,
    create: true,
  })),
  ...['spec/jobTemplate', 'spec/jobTemplate/spec/template'].map(path => ({
    kind: 'CronJob',
    group: 'batch',
    path: `${path}/metadata/${field}`,
    create: true,
  })),
];

/** `metadata/labels` of everything. @internal */
export const METADATA_LABELS: readonly FieldSpec[] = [
  { path: 'metadata/labels', create: true },
];

/** The labels of pod templates, with `includeTemplates`. @internal */
export const TEMPLATE_LABELS: readonly FieldSpec[] = [
  ...templates('labels'),
  {
    kind: 'StatefulSet',
    group: 'apps',
    path: 'spec/volumeClaimTemplates/metadata/labels',
    create: true,
  },
];

/** Annotations of everything and of pod templates. @internal */
export const ANNOTATIONS: readonly FieldSpec[] = [
  { path: 'metadata/annotations', create: true },
  ...templates('annotations'),
];

const AFFINITIES = [
  'affinity/podAffinity/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector',
  'affinity/podAffinity/requiredDuringSchedulingIgnoredDuringExecution/labelSelector',
  'affinity/podAntiAffinity/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector',
  'affinity/podAntiAffinity/requiredDuringSchedulingIgnoredDuringExecution/labelSelector',
  'topologySpreadConstraints/labelSelector',
];

/** Selectors, with `includeSelectors` and for `commonLabels`. @internal */
export const SELECTOR_LABELS: readonly FieldSpec[] = [
  { kind: 'Service', version: 'v1', path: 'spec/selector', create: true },
  {
    kind: 'ReplicationController',
    version: 'v1',
    path: 'spec/selector',
    create: true,
  },
  ...[
    { kind: 'Deployment' },
    { kind: 'ReplicaSet' },
    { kind: 'DaemonSet' },
    { kind: 'StatefulSet', group: 'apps' },
  ].map(type => ({ ...type, path: 'spec/selector/matchLabels', create: true })),
  ...['Deployment', 'StatefulSet'].flatMap(kind =>
    AFFINITIES.map(path => ({
      kind,
      group: 'apps',
      path: `spec/template/spec/${path}/matchLabels`,
    })),
  ),
  { kind: 'Job', group: 'batch', path: 'spec/selector/matchLabels' },
  {
    kind: 'CronJob',
    group: 'batch',
    path: 'spec/jobTemplate/spec/selector/matchLabels',
  },
  {
    kind: 'PodDisruptionBudget',
    group: 'policy',
    path: 'spec/selector/matchLabels',
  },
  ...['spec', 'spec/ingress/from', 'spec/egress/to'].map(path => ({
    kind: 'NetworkPolicy',
    group: 'networking.k8s.io',
    path: `${path}/podSelector/matchLabels`,
  })),
];
