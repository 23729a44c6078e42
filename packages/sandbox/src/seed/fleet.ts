import type {
  KubernetesCluster,
  KubernetesObject,
} from '../kubernetes/KubernetesCluster';
import type { SyntheticWorkload } from '../prometheus/series/Simulation';
import { ARGOCD_NAMESPACE, applicationName } from './argoCdObjects';
import { ENVIRONMENTS, namespaceOf } from './environments';

const APPLICATION = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
} as const;

/** What marks the objects of the fleet. */
const FLEET_LABEL = 'sandbox.waystone.dev/fleet';

/** How many services a synthetic system has. */
const SYSTEM_SIZE = 20;

/** A service that has nothing but its Applications and its metrics. */
interface FleetService {
  readonly name: string;
  readonly system: string;
  readonly owner: string;
}

/** Synthetic services for benchmarks: the same for the same number. */
function createFleet(count: number): FleetService[] {
  return Array.from({ length: count }, (_, index) => {
    const system = Math.floor(index / SYSTEM_SIZE);
    return {
      name: `fleet-service-${String(index + 1).padStart(5, '0')}`,
      system: `fleet-system-${String(system + 1).padStart(4, '0')}`,
      owner: `fleet-team-${String((system % 50) + 1).padStart(2, '0')}`,
    };
  });
}

/** The metrics of the fleet in production. */
export function createFleetWorkloads(
  count: number,
): readonly SyntheticWorkload[] {
  return createFleet(count).map(({ name, system }) => ({
    cluster: 'prod',
    namespace: namespaceOf(system, 'production'),
    name,
    replicas: 2,
  }));
}

/**
 * Makes the Applications of the fleet in all environments, which Argo CD leaves as they are, and removes those that are
 * too many.
 */
export function seedFleet(home: KubernetesCluster, count: number): void {
  const wanted = new Map(
    createFleet(count)
      .flatMap(service =>
        ENVIRONMENTS.map(environment =>
          createApplication(service, environment.name, environment.cluster),
        ),
      )
      .map(application => [application.metadata.name!, application]),
  );
  const there = home.list(APPLICATION, {
    namespace: ARGOCD_NAMESPACE,
    labelSelector: FLEET_LABEL,
  });
  for (const { metadata } of there) {
    if (!wanted.delete(metadata.name!)) {
      home.delete({
        ...APPLICATION,
        namespace: ARGOCD_NAMESPACE,
        name: metadata.name!,
      });
    }
  }
  for (const application of wanted.values()) {
    home.create(application, { fieldManager: 'sandbox-seed' });
  }
}

function createApplication(
  { name, owner, system }: FleetService,
  environment: string,
  cluster: string,
): KubernetesObject {
  // A digit of the name decides, so that some are always ill in the same way.
  const digit = Number(name.at(-1));
  const health = { 7: 'Degraded', 3: 'Progressing' }[digit] ?? 'Healthy';
  const sync = digit === 9 ? 'OutOfSync' : 'Synced';
  const version = `1.${digit}.${environment === 'production' ? 0 : 1}`;
  const revision = (digit + 1).toString(16).repeat(40);
  const source = {
    repoURL: `https://git.fernway.example/${system}/${name}.git`,
    targetRevision: 'main',
    path: `deploy/${environment}`,
  };
  const namespace = namespaceOf(system, environment);
  return {
    ...APPLICATION,
    metadata: {
      name: applicationName(name, environment),
      namespace: ARGOCD_NAMESPACE,
      labels: {
        [FLEET_LABEL]: 'true',
        'app.kubernetes.io/name': name,
        'app.kubernetes.io/part-of': system,
        'backstage.io/kubernetes-id': name,
        owner,
        environment,
      },
      annotations: { 'sandbox.waystone.dev/simulated': 'true' },
    },
    spec: {
      project: 'default',
      source,
      destination: { name: cluster, namespace },
      syncPolicy: { automated: {} },
    },
    status: {
      sync: { status: sync, revision },
      health: { status: health },
      summary: {
        images: [`registry.fernway.example/${system}/${name}:${version}`],
      },
      reconciledAt: '2026-01-01T00:00:00Z',
      history: [
        {
          id: 0,
          revision,
          source,
          deployStartedAt: '2026-01-01T00:00:00Z',
          deployedAt: '2026-01-01T00:01:00Z',
          initiatedBy: { automated: true },
        },
      ],
      resources: ['Deployment', 'Service', 'ConfigMap'].map(kind => ({
        ...(kind === 'Deployment' && { group: 'apps' }),
        version: 'v1',
        kind,
        namespace,
        name,
        status: kind === 'ConfigMap' ? sync : 'Synced',
      })),
    },
  };
}
