import { z } from 'zod';
import { workloadFields } from './schema/workload';
import * as values from './schema/values';

const resources = z.strictObject({
  requests: z.strictObject({ cpu: values.cpu, memory: values.memory }),
  limits: z.strictObject({ cpu: values.cpu, memory: values.memory }),
});

const workload = z.strictObject(workloadFields);

/**
 * What the platform decides where an application does not.
 *
 * @public
 */
export const platformDefaultsSchema = z.strictObject({
  /** Where images are, without a slash at the end. */
  registry: z.string().min(1).max(300),
  /** Hosts are `<name>.<environment>.<domain>`. */
  domain: values.hostName,
  /** Where Argo CD finds repositories. `{name}` and `{system}` are replaced. */
  repository: z.string().max(500),
  /** Where the docs of an application are, for alerts. `{name}` is replaced. */
  runbook: z.string().max(500),
  ingressClass: values.objectName,
  /** A ClusterIssuer of cert-manager. Without it, the secret with the certificate has to be there. */
  certificateIssuer: values.objectName.optional(),
  /** Names of the namespaces of what the platform runs itself. */
  namespaces: z.strictObject({
    argocd: values.labelName,
    ingress: values.labelName,
    monitoring: values.labelName,
  }),
  /** The user that containers run as. */
  user: z.number().int().min(1),
  /** Where OpenTelemetry's collector takes traces. Without it, none are sent. */
  telemetryEndpoint: z.url({ protocol: /^https?$/ }).optional(),
  sizes: z.strictObject({
    small: resources,
    medium: resources,
    large: resources,
  }),
  /** What an application says nothing of. */
  application: workload,
  /** The same, of what is protected: customers depend on it. */
  protected: workload,
  /** The same, of a tier in protected environments. */
  tiers: z.strictObject({
    1: workload.optional(),
    2: workload.optional(),
    3: workload.optional(),
  }),
});

/** @public */
export type PlatformDefaults = z.infer<typeof platformDefaultsSchema>;

/**
 * What suits most services. A platform replaces what is its own, such as the registry and the domain.
 *
 * @public
 */
export const standardDefaults: PlatformDefaults = {
  registry: 'registry.example.com',
  domain: 'example.com',
  repository: 'https://git.example.com/{system}/{name}.git',
  runbook: 'https://portal.example.com/docs/default/component/{name}/runbook',
  ingressClass: 'nginx',
  namespaces: {
    argocd: 'argocd',
    ingress: 'ingress-nginx',
    monitoring: 'monitoring',
  },
  user: 10001,
  sizes: {
    small: {
      requests: { cpu: '100m', memory: '192Mi' },
      limits: { cpu: '500m', memory: '384Mi' },
    },
    medium: {
      requests: { cpu: '250m', memory: '512Mi' },
      limits: { cpu: '1', memory: '1Gi' },
    },
    large: {
      requests: { cpu: '1', memory: '1Gi' },
      limits: { cpu: '2', memory: '2Gi' },
    },
  },
  application: {
    ports: [{ name: 'http', port: 8080 }],
    replicas: 1,
    scaling: { min: 2, max: 8, metric: 'cpu', target: 70 },
    size: 'small',
    probes: {
      readiness: {
        path: '/health/ready',
        periodSeconds: 5,
        timeoutSeconds: 2,
        failureThreshold: 3,
      },
      liveness: {
        path: '/health/live',
        periodSeconds: 10,
        timeoutSeconds: 2,
        failureThreshold: 3,
      },
      startup: {
        path: '/health/live',
        periodSeconds: 2,
        timeoutSeconds: 2,
        failureThreshold: 60,
      },
    },
    ingress: false,
    slos: {
      window: '30d',
      availability: { objective: 99.5 },
      latency: { objective: 95, threshold: '500ms' },
    },
    monitoring: {
      path: '/metrics',
      interval: '30s',
      metrics: {
        duration: 'http_server_request_duration_seconds',
        status: 'http_response_status_code',
        // What OpenTelemetry advises for durations of requests
        buckets: [
          0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5,
          10,
        ],
      },
    },
    dashboards: ['standard'],
    temporary: ['/tmp'],
    gracePeriodSeconds: 30,
  },
  protected: { replicas: 2 },
  tiers: {
    1: {
      replicas: 'auto',
      scaling: { min: 3 },
      slos: { availability: { objective: 99.9 } },
    },
    3: { replicas: 1 },
  },
};
