import type { KubernetesObject } from '../../kubernetes/KubernetesCluster';
import type { HealthCode, HealthStatus } from '../ApplicationTypes';
import {
  analysisRunHealth,
  applicationSetHealth,
  crossplaneHealth,
  postgresClusterHealth,
  providerHealth,
  readyConditionHealth,
  rolloutHealth,
} from './customResourceHealth';
import type { HealthRule } from './readStatus';
import { conditionOf } from './readStatus';
import {
  daemonSetHealth,
  deploymentHealth,
  horizontalPodAutoscalerHealth,
  ingressHealth,
  jobHealth,
  persistentVolumeClaimHealth,
  podHealth,
  replicaSetHealth,
  serviceHealth,
  statefulSetHealth,
} from './workloadHealth';

/** Holds a hook until its result was seen. @internal */
export const HOOK_FINALIZER = 'argocd.argoproj.io/hook-finalizer';

const RULES: Record<string, HealthRule> = {
  'apps/Deployment': deploymentHealth,
  'apps/StatefulSet': statefulSetHealth,
  'apps/ReplicaSet': replicaSetHealth,
  'apps/DaemonSet': daemonSetHealth,
  '/Pod': podHealth,
  '/Service': serviceHealth,
  '/PersistentVolumeClaim': persistentVolumeClaimHealth,
  'batch/Job': jobHealth,
  'autoscaling/HorizontalPodAutoscaler': horizontalPodAutoscalerHealth,
  'networking.k8s.io/Ingress': ingressHealth,
  'extensions/Ingress': ingressHealth,
  'argoproj.io/Rollout': rolloutHealth,
  'argoproj.io/AnalysisRun': analysisRunHealth,
  'argoproj.io/ApplicationSet': applicationSetHealth,
  'pkg.crossplane.io/Provider': providerHealth,
  'postgresql.cnpg.io/Cluster': postgresClusterHealth,
  'external-secrets.io/ExternalSecret': readyConditionHealth(
    'Waiting for ExternalSecret',
  ),
  'cert-manager.io/Certificate': readyConditionHealth(
    'Waiting for certificate',
  ),
  'apiregistration.k8s.io/APIService': ({ status }) => {
    const available = conditionOf(status, 'Available');
    if (!available) {
      return { status: 'Progressing', message: 'Waiting to be processed' };
    }
    return {
      status: available.status === 'True' ? 'Healthy' : 'Progressing',
      message: `${available.reason}: ${available.message}`,
    };
  },
};

const CROSSPLANE_GROUPS = /(^|\.)(crossplane\.io|upbound\.io|waystone\.dev)$/;

/** From best to worst. */
const ORDER: readonly HealthCode[] = [
  'Healthy',
  'Suspended',
  'Progressing',
  'Missing',
  'Degraded',
  'Unknown',
];

/**
 * The health of one object by Argo CD's rules; undefined if its kind has none.
 *
 * @remarks
 * As a platform would set it in `argocd-cm`, the rule of Crossplane's kinds goes for `*.waystone.dev` too.
 *
 * @see https://github.com/argoproj/argo-cd/tree/master/gitops-engine/pkg/health and resource_customizations
 * @internal
 */
export function resourceHealth(
  object: KubernetesObject,
): HealthStatus | undefined {
  const { deletionTimestamp, finalizers } = object.metadata;
  if (deletionTimestamp && !finalizers?.includes(HOOK_FINALIZER)) {
    return { status: 'Progressing', message: 'Pending deletion' };
  }
  const slash = object.apiVersion.indexOf('/');
  const group = slash < 0 ? '' : object.apiVersion.slice(0, slash);
  const rule =
    RULES[`${group}/${object.kind}`] ??
    (CROSSPLANE_GROUPS.test(group) ? crossplaneHealth : undefined);
  const health = rule?.(object);
  return health?.message === undefined && health
    ? { status: health.status }
    : health;
}

/** The worse of two. @internal */
export function worseHealth(a: HealthCode, b: HealthCode): HealthCode {
  return ORDER.indexOf(b) > ORDER.indexOf(a) ? b : a;
}
