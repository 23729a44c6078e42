import type { FieldSpec } from './FieldSpec';

/** Fields that hold the name of an object of a kind. @internal */
export interface ReferenceFields {
  readonly kind: string;
  readonly group?: string;
  readonly fields: readonly FieldSpec[];
}

/** Where each workload has its pod. */
const PODS: readonly { kind: string; path: string }[] = [
  { kind: 'Pod', path: 'spec' },
  { kind: 'PodTemplate', path: 'template/spec' },
  ...[
    'Deployment',
    'ReplicaSet',
    'DaemonSet',
    'StatefulSet',
    'Job',
    'ReplicationController',
  ].map(kind => ({ kind, path: 'spec/template/spec' })),
  { kind: 'CronJob', path: 'spec/jobTemplate/spec/template/spec' },
];

const inPods = (...paths: string[]): FieldSpec[] =>
  PODS.flatMap(({ kind, path: pod }) =>
    paths.map(path => ({ kind, path: `${pod}/${path}` })),
  );

const inContainers = (path: string): FieldSpec[] =>
  inPods(`containers/${path}`, `initContainers/${path}`);

const RBAC = 'rbac.authorization.k8s.io';

const RESOURCE_NAMES: readonly FieldSpec[] = [
  { kind: 'Role', path: 'rules/resourceNames' },
  { kind: 'ClusterRole', path: 'rules/resourceNames' },
];

const scaleTarget = (kind: string): ReferenceFields => ({
  kind,
  fields: [
    { kind: 'HorizontalPodAutoscaler', path: 'spec/scaleTargetRef/name' },
  ],
});

/**
 * Kustomize's table of what refers to what.
 *
 * @see https://github.com/kubernetes-sigs/kustomize/blob/master/api/internal/konfig/builtinpluginconsts/namereference.go
 * @internal
 */
export const REFERENCES: readonly ReferenceFields[] = [
  ...['Deployment', 'ReplicationController', 'ReplicaSet', 'StatefulSet'].map(
    scaleTarget,
  ),
  {
    kind: 'ConfigMap',
    fields: [
      ...inPods(
        'volumes/configMap/name',
        'volumes/projected/sources/configMap/name',
      ),
      ...inContainers('env/valueFrom/configMapKeyRef/name'),
      ...inContainers('envFrom/configMapRef/name'),
      ...RESOURCE_NAMES,
      { kind: 'Node', path: 'spec/configSource/configMap' },
    ],
  },
  {
    kind: 'Secret',
    fields: [
      ...inPods(
        'volumes/secret/secretName',
        'volumes/projected/sources/secret/name',
        'imagePullSecrets/name',
      ),
      ...inContainers('env/valueFrom/secretKeyRef/name'),
      ...inContainers('envFrom/secretRef/name'),
      { kind: 'Ingress', path: 'spec/tls/secretName' },
      ...[
        'ingress.kubernetes.io\\/auth-secret',
        'nginx.ingress.kubernetes.io\\/auth-secret',
        'nginx.ingress.kubernetes.io\\/auth-tls-secret',
      ].map(name => ({
        kind: 'Ingress',
        path: `metadata/annotations/${name}`,
      })),
      { kind: 'ServiceAccount', path: 'imagePullSecrets/name' },
      ...['secretName', 'adminSecretName', 'userSecretName', 'secretRef'].map(
        name => ({ kind: 'StorageClass', path: `parameters/${name}` }),
      ),
      { kind: 'PersistentVolume', path: 'spec/azureFile/secretName' },
      ...RESOURCE_NAMES,
    ],
  },
  {
    kind: 'Service',
    fields: [
      { kind: 'StatefulSet', group: 'apps', path: 'spec/serviceName' },
      ...[
        'spec/rules/http/paths/backend/serviceName',
        'spec/backend/serviceName',
        'spec/rules/http/paths/backend/service/name',
        'spec/defaultBackend/service/name',
      ].map(path => ({ kind: 'Ingress', path })),
      {
        kind: 'APIService',
        group: 'apiregistration.k8s.io',
        path: 'spec/service/name',
      },
      ...['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'].map(
        kind => ({ kind, path: 'webhooks/clientConfig/service' }),
      ),
    ],
  },
  {
    kind: 'Role',
    group: RBAC,
    fields: [{ kind: 'RoleBinding', group: RBAC, path: 'roleRef/name' }],
  },
  {
    kind: 'ClusterRole',
    group: RBAC,
    fields: ['RoleBinding', 'ClusterRoleBinding'].map(kind => ({
      kind,
      group: RBAC,
      path: 'roleRef/name',
    })),
  },
  {
    kind: 'ServiceAccount',
    fields: [
      ...['RoleBinding', 'ClusterRoleBinding'].map(kind => ({
        kind,
        group: RBAC,
        path: 'subjects',
      })),
      ...inPods('serviceAccountName'),
    ],
  },
  {
    kind: 'PersistentVolumeClaim',
    fields: inPods('volumes/persistentVolumeClaim/claimName'),
  },
  {
    kind: 'PersistentVolume',
    fields: [
      { kind: 'PersistentVolumeClaim', path: 'spec/volumeName' },
      { kind: 'ClusterRole', path: 'rules/resourceNames' },
    ],
  },
  {
    kind: 'StorageClass',
    fields: [
      { kind: 'PersistentVolume', path: 'spec/storageClassName' },
      { kind: 'PersistentVolumeClaim', path: 'spec/storageClassName' },
      {
        kind: 'StatefulSet',
        path: 'spec/volumeClaimTemplates/spec/storageClassName',
      },
    ],
  },
  { kind: 'PriorityClass', fields: inPods('priorityClassName') },
];
