import type { JsonObject } from '../patch/jsonValues';
import {
  defaultPodSpec,
  defaultPodTemplate,
  withDefaults,
} from './podDefaults';

const RBAC = 'rbac.authorization.k8s.io';

/** What the API server fills in besides metadata, by storage kind. */
export const kindDefaults: Readonly<
  Record<string, (object: JsonObject) => JsonObject>
> = {
  '/Namespace': object => ({
    ...object,
    metadata: {
      ...object.metadata,
      labels: {
        ...object.metadata.labels,
        // Without a name it is refused in a moment.
        ...(object.metadata.name && {
          'kubernetes.io/metadata.name': object.metadata.name,
        }),
      },
    },
  }),
  '/Pod': object => ({
    ...object,
    spec: {
      ...defaultPodSpec(object.spec ?? {}),
      enableServiceLinks: object.spec?.enableServiceLinks ?? true,
    },
  }),
  'apps/Deployment': object =>
    withSpec(
      object,
      {
        replicas: 1,
        strategy: {},
        revisionHistoryLimit: 10,
        progressDeadlineSeconds: 600,
      },
      spec => ({
        ...spec,
        strategy: defaultStrategy(spec.strategy),
        template: defaultPodTemplate(spec.template),
      }),
    ),
  'apps/ReplicaSet': object => withSpec(object, { replicas: 1 }, withTemplate),
  'apps/StatefulSet': object =>
    withSpec(
      object,
      {
        replicas: 1,
        podManagementPolicy: 'OrderedReady',
        revisionHistoryLimit: 10,
        persistentVolumeClaimRetentionPolicy: {
          whenDeleted: 'Retain',
          whenScaled: 'Retain',
        },
      },
      spec => {
        const strategy = withDefaults(
          { type: 'RollingUpdate' },
          spec.updateStrategy,
        );
        return withTemplate({
          ...spec,
          updateStrategy:
            strategy.type === 'RollingUpdate'
              ? {
                  ...strategy,
                  rollingUpdate: withDefaults(
                    { partition: 0 },
                    strategy.rollingUpdate,
                  ),
                }
              : strategy,
          ...(spec.volumeClaimTemplates && {
            volumeClaimTemplates: spec.volumeClaimTemplates.map(
              (claim: JsonObject) => ({
                apiVersion: 'v1',
                kind: 'PersistentVolumeClaim',
                ...claim,
                spec: withDefaults({ volumeMode: 'Filesystem' }, claim.spec),
                status: { phase: 'Pending', ...claim.status },
              }),
            ),
          }),
        });
      },
    ),
  'apps/DaemonSet': object =>
    withSpec(object, { revisionHistoryLimit: 10 }, spec => {
      const strategy = withDefaults(
        { type: 'RollingUpdate' },
        spec.updateStrategy,
      );
      return withTemplate({
        ...spec,
        updateStrategy:
          strategy.type === 'RollingUpdate'
            ? {
                ...strategy,
                rollingUpdate: withDefaults(
                  { maxUnavailable: 1, maxSurge: 0 },
                  strategy.rollingUpdate,
                ),
              }
            : strategy,
      });
    }),
  '/ReplicationController': object =>
    withSpec(object, { replicas: 1 }, withTemplate),
  'batch/Job': object => ({
    ...object,
    spec: defaultJobSpec(object.spec ?? {}),
  }),
  'batch/CronJob': object =>
    withSpec(
      object,
      {
        concurrencyPolicy: 'Allow',
        suspend: false,
        successfulJobsHistoryLimit: 3,
        failedJobsHistoryLimit: 1,
      },
      spec => ({
        ...spec,
        jobTemplate: {
          metadata: {},
          ...spec.jobTemplate,
          // A template is a Job only later: the defaults of jobs are not filled in here.
          spec: withTemplate(spec.jobTemplate?.spec ?? {}),
        },
      }),
    ),
  '/Service': object => ({
    ...object,
    spec: defaultServiceSpec(object.spec ?? {}),
  }),
  '/Secret': ({ stringData, ...object }) => ({
    ...object,
    ...(stringData && {
      data: {
        ...object.data,
        ...Object.fromEntries(
          Object.entries(stringData).map(([key, value]) => [
            key,
            Buffer.from(String(value)).toString('base64'),
          ]),
        ),
      },
    }),
    type: object.type ?? 'Opaque',
  }),
  '/PersistentVolumeClaim': object => ({
    ...withSpec(object, { volumeMode: 'Filesystem' }),
    status: { phase: 'Pending', ...object.status },
  }),
  '/PersistentVolume': object => ({
    ...withSpec(object, {
      persistentVolumeReclaimPolicy: 'Retain',
      volumeMode: 'Filesystem',
    }),
    status: { phase: 'Pending', ...object.status },
  }),
  'autoscaling/HorizontalPodAutoscaler': object =>
    withSpec(object, {
      minReplicas: 1,
      metrics: [
        {
          type: 'Resource',
          resource: {
            name: 'cpu',
            target: { type: 'Utilization', averageUtilization: 80 },
          },
        },
      ],
    }),
  'networking.k8s.io/NetworkPolicy': object =>
    withSpec(object, {
      policyTypes: object.spec?.egress?.length
        ? ['Ingress', 'Egress']
        : ['Ingress'],
    }),
  'networking.k8s.io/Ingress': object => object,
  [`${RBAC}/RoleBinding`]: defaultBinding,
  [`${RBAC}/ClusterRoleBinding`]: defaultBinding,
  'storage.k8s.io/StorageClass': object =>
    withDefaults(
      { reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' },
      object,
    ),
  'apiextensions.k8s.io/CustomResourceDefinition': object =>
    withSpec(object, { conversion: { strategy: 'None' } }, spec => ({
      ...spec,
      names: {
        ...spec.names,
        listKind: spec.names?.listKind ?? `${spec.names?.kind}List`,
        singular: spec.names?.singular ?? spec.names?.kind?.toLowerCase(),
      },
    })),
};

function withSpec(
  object: JsonObject,
  defaults: JsonObject,
  finish: (spec: JsonObject) => JsonObject = spec => spec,
): JsonObject {
  return { ...object, spec: finish(withDefaults(defaults, object.spec)) };
}

function withTemplate(spec: JsonObject): JsonObject {
  return { ...spec, template: defaultPodTemplate(spec.template) };
}

function defaultStrategy(strategy: JsonObject | undefined): JsonObject {
  const result = withDefaults({ type: 'RollingUpdate' }, strategy);
  if (result.type !== 'RollingUpdate') {
    return result;
  }
  return {
    ...result,
    rollingUpdate: withDefaults(
      { maxUnavailable: '25%', maxSurge: '25%' },
      result.rollingUpdate,
    ),
  };
}

function defaultJobSpec(spec: JsonObject): JsonObject {
  const result = withTemplate(
    withDefaults(
      {
        backoffLimit: 6,
        completionMode: 'NonIndexed',
        manualSelector: false,
        suspend: false,
        podReplacementPolicy: spec.podFailurePolicy
          ? 'Failed'
          : 'TerminatingOrFailed',
      },
      spec,
    ),
  );
  if (result.completions === undefined && result.parallelism === undefined) {
    result.completions = 1;
  }
  result.parallelism ??= 1;
  return result;
}

function defaultServiceSpec(spec: JsonObject): JsonObject {
  const result = withDefaults(
    { sessionAffinity: 'None', type: 'ClusterIP' },
    spec,
  );
  const exposed = ['NodePort', 'LoadBalancer'].includes(result.type);
  if (Array.isArray(result.ports)) {
    result.ports = result.ports.map((port: JsonObject) => {
      const { name, protocol = 'TCP', ...rest } = port;
      return {
        ...(name !== undefined && { name }),
        protocol,
        ...rest,
        targetPort: rest.targetPort || rest.port,
      };
    });
  }
  if (result.type !== 'ExternalName') {
    result.internalTrafficPolicy ??= 'Cluster';
  }
  if (exposed) {
    result.externalTrafficPolicy ??= 'Cluster';
  }
  if (result.type === 'LoadBalancer') {
    result.allocateLoadBalancerNodePorts ??= true;
  }
  return result;
}

function defaultBinding(object: JsonObject): JsonObject {
  return {
    ...object,
    ...(object.roleRef && {
      roleRef: { apiGroup: RBAC, ...object.roleRef },
    }),
    ...(object.subjects && {
      subjects: object.subjects.map((subject: JsonObject) =>
        subject.kind === 'ServiceAccount' || subject.apiGroup
          ? subject
          : { ...subject, apiGroup: RBAC },
      ),
    }),
  };
}
