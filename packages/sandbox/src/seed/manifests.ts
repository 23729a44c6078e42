import { stringify } from 'yaml';
import type { KubernetesObject } from '../kubernetes/KubernetesCluster';
import { namespaceOf } from './environments';
import type { SeedEnvironment } from './environments';
import { createRuleGroup } from './createRuleGroup';
import type { SeedService } from './readServices';

/** Where the example organisation's images come from. */
export const REGISTRY = 'registry.fernway.example';

/** The catalog's resources that are databases of PostgreSQL. */
export const DATABASES: readonly string[] = [
  'orders-database',
  'inventory-database',
  'customers-database',
];

/**
 * The manifests of a service in one environment, as they are in its repository under `deploy/<environment>/`.
 *
 * @returns Object by file name.
 */
export function createManifests(
  service: SeedService,
  environment: SeedEnvironment,
  version: string,
): Readonly<Record<string, KubernetesObject>> {
  if (service.lifecycle === 'deprecated') {
    return createLegacyManifests(service, environment);
  }
  const context = { service, environment, version };
  if (service.type === 'data-job') {
    return {
      'service-account.yaml': createServiceAccount(context),
      'cron-job.yaml': createCronJob(context),
    };
  }
  return {
    'service-account.yaml': createServiceAccount(context),
    'config-map.yaml': createConfigMap(context),
    'deployment.yaml': createDeployment(context),
    'service.yaml': createService(context),
    'network-policy.yaml': createNetworkPolicy(context),
    'service-monitor.yaml': createServiceMonitor(context),
    'prometheus-rule.yaml': createPrometheusRule(context),
    ...(environment.name === 'production' && {
      'pod-disruption-budget.yaml': createPodDisruptionBudget(context),
    }),
    ...(environment.name === 'production' &&
      service.tier === 1 && {
        'horizontal-pod-autoscaler.yaml': createAutoscaler(context),
      }),
    ...(service.type === 'website' && {
      'ingress.yaml': createIngress(context),
    }),
  };
}

/** Manifests as the text of files. */
export function toFiles(
  folder: string,
  manifests: Readonly<Record<string, KubernetesObject>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(manifests).map(([name, object]) => [
      `${folder}/${name}`,
      stringify(object, { lineWidth: 120 }),
    ]),
  );
}

interface Context {
  readonly service: SeedService;
  readonly environment: SeedEnvironment;
  readonly version: string;
}

function metadata(
  { service, environment, version }: Context,
  name = service.name,
) {
  return {
    name,
    namespace: namespaceOf(service.system, environment.name),
    labels: {
      'app.kubernetes.io/name': service.name,
      'app.kubernetes.io/part-of': service.system,
      'app.kubernetes.io/version': version,
      'app.kubernetes.io/managed-by': 'argocd',
      'backstage.io/kubernetes-id': service.name,
      owner: service.owner,
      'cost-center': `cc-${service.owner}`,
      environment: environment.name,
    },
  };
}

function selector({ service }: Context) {
  return { 'app.kubernetes.io/name': service.name };
}

function replicas({ service, environment }: Context): number {
  return environment.name === 'production'
    ? { 1: 3, 2: 2 }[service.tier] ?? 1
    : 1;
}

function createServiceAccount(context: Context): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: metadata(context),
    automountServiceAccountToken: false,
  };
}

function createConfigMap(context: Context): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: metadata(context),
    data: {
      LOG_LEVEL: context.environment.name === 'production' ? 'info' : 'debug',
      REQUEST_TIMEOUT_MS: '3000',
      FEATURE_EXPRESS_CHECKOUT: String(
        context.environment.name !== 'production',
      ),
    },
  };
}

function createPodSpec(context: Context) {
  const { service, environment, version } = context;
  const database = service.resources.find(name => DATABASES.includes(name));
  return {
    serviceAccountName: service.name,
    automountServiceAccountToken: false,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 10001,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    containers: [
      {
        name: service.name,
        image: `${REGISTRY}/${service.system}/${service.name}:${version}`,
        ports: [{ name: 'http', containerPort: 8080 }],
        env: [
          { name: 'ENVIRONMENT', value: environment.name },
          ...(database
            ? [
                {
                  name: 'DATABASE_URL',
                  valueFrom: {
                    secretKeyRef: { name: `${database}-app`, key: 'uri' },
                  },
                },
              ]
            : []),
        ],
        envFrom: [{ configMapRef: { name: service.name } }],
        resources: {
          requests: { cpu: '100m', memory: '192Mi' },
          limits: { cpu: '500m', memory: '384Mi' },
        },
        readinessProbe: {
          httpGet: { path: '/health/ready', port: 'http' },
          periodSeconds: 5,
        },
        livenessProbe: {
          httpGet: { path: '/health/live', port: 'http' },
          periodSeconds: 10,
        },
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
      },
    ],
  };
}

function createDeployment(context: Context): KubernetesObject {
  const { labels } = metadata(context);
  const autoscaled =
    context.environment.name === 'production' && context.service.tier === 1;
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: metadata(context),
    spec: {
      // The autoscaler's own where there is one; two owners of one field would fight.
      ...(!autoscaled && { replicas: replicas(context) }),
      selector: { matchLabels: selector(context) },
      template: { metadata: { labels }, spec: createPodSpec(context) },
    },
  };
}

function createCronJob(context: Context): KubernetesObject {
  const { labels } = metadata(context);
  const { containers, ...pod } = createPodSpec(context);
  const [{ readinessProbe, livenessProbe, envFrom, ports, ...container }] =
    containers;
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: metadata(context),
    spec: {
      schedule: '*/30 * * * *',
      concurrencyPolicy: 'Forbid',
      successfulJobsHistoryLimit: 2,
      failedJobsHistoryLimit: 1,
      jobTemplate: {
        spec: {
          backoffLimit: 2,
          template: {
            metadata: { labels },
            spec: { ...pod, restartPolicy: 'Never', containers: [container] },
          },
        },
      },
    },
  };
}

function createService(context: Context): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadata(context),
    spec: {
      selector: selector(context),
      ports: [{ name: 'http', port: 80, targetPort: 'http' }],
    },
  };
}

function createIngress(context: Context): KubernetesObject {
  const host = `${context.service.name}.${context.environment.name}.fernway.example`;
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: metadata(context),
    spec: {
      ingressClassName: 'nginx',
      tls: [{ hosts: [host], secretName: `${context.service.name}-tls` }],
      rules: [
        {
          host,
          http: {
            paths: [
              {
                path: '/',
                pathType: 'Prefix',
                backend: {
                  service: {
                    name: context.service.name,
                    port: { name: 'http' },
                  },
                },
              },
            ],
          },
        },
      ],
    },
  };
}

function createNetworkPolicy(context: Context): KubernetesObject {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: metadata(context),
    spec: {
      podSelector: { matchLabels: selector(context) },
      policyTypes: ['Ingress'],
      ingress: [{ ports: [{ port: 'http' }] }],
    },
  };
}

function createPodDisruptionBudget(context: Context): KubernetesObject {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: metadata(context),
    spec: { maxUnavailable: 1, selector: { matchLabels: selector(context) } },
  };
}

function createAutoscaler(context: Context): KubernetesObject {
  const { name } = context.service;
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: metadata(context),
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
      minReplicas: replicas(context),
      maxReplicas: 8,
      metrics: [
        {
          type: 'Resource',
          resource: {
            name: 'cpu',
            target: { type: 'Utilization', averageUtilization: 70 },
          },
        },
      ],
    },
  };
}

function createServiceMonitor(context: Context): KubernetesObject {
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'ServiceMonitor',
    metadata: metadata(context),
    spec: {
      selector: { matchLabels: selector(context) },
      endpoints: [{ port: 'http', path: '/metrics', interval: '30s' }],
    },
  };
}

function createPrometheusRule(context: Context): KubernetesObject {
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: metadata(context),
    spec: { groups: [createRuleGroup(context)] },
  };
}

/** What was there before there were golden paths: a tag that moves, no limits, no owner, no metrics. */
function createLegacyManifests(
  service: SeedService,
  environment: SeedEnvironment,
): Readonly<Record<string, KubernetesObject>> {
  const labels = {
    'app.kubernetes.io/name': service.name,
    'app.kubernetes.io/part-of': service.system,
    'backstage.io/kubernetes-id': service.name,
  };
  return {
    'deployment.yaml': {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: {
        name: service.name,
        namespace: namespaceOf(service.system, environment.name),
        labels,
        annotations: { 'prometheus.io/scrape': 'false' },
      },
      spec: {
        replicas: 1,
        selector: {
          matchLabels: { 'app.kubernetes.io/name': service.name },
        },
        template: {
          metadata: { labels },
          spec: {
            containers: [
              {
                name: 'mailer',
                image: `${REGISTRY}/${service.system}/${service.name}:latest`,
                ports: [{ containerPort: 8080 }],
              },
            ],
          },
        },
      },
    },
  };
}
