import type { KubernetesObject } from '../kubernetes/KubernetesCluster';
import { CLUSTERS, ENVIRONMENTS, namespaceOf } from './environments';
import type { SeedEnvironment } from './environments';
import type { SeedService } from './readServices';
import type { WrittenCommit } from './seedForge';

/** The namespace in which Argo CD keeps its objects. */
export const ARGOCD_NAMESPACE = 'argocd';

/**
 * An AppProject for each system and an Application for each service in each environment.
 *
 * @param repositoryUrl - where the forge has a service's repository
 * @param commits - of each service, for the past of its deployments
 */
export function createArgoCdObjects(
  services: readonly SeedService[],
  repositoryUrl: (service: SeedService) => string,
  commits: ReadonlyMap<string, readonly WrittenCommit[]>,
): KubernetesObject[] {
  const systems = [...new Set(services.map(service => service.system))];
  return [
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: ARGOCD_NAMESPACE },
    },
    ...systems.map(createProject),
    ...services.flatMap(service =>
      ENVIRONMENTS.map(environment =>
        createApplication(
          service,
          environment,
          repositoryUrl(service),
          commits.get(service.name) ?? [],
        ),
      ),
    ),
  ];
}

/** Named as the catalog's annotation `argocd/app-name` has it. */
export function applicationName(service: string, environment: string): string {
  return `${service}-${environment}`;
}

function createProject(system: string): KubernetesObject {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AppProject',
    metadata: { name: system, namespace: ARGOCD_NAMESPACE },
    spec: {
      description: `Everything of ${system}`,
      sourceRepos: ['*'],
      destinations: CLUSTERS.map(name => ({
        name,
        namespace: `${system}-*`,
      })),
      clusterResourceWhitelist: [],
      namespaceResourceWhitelist: [{ group: '*', kind: '*' }],
    },
  };
}

function createApplication(
  service: SeedService,
  environment: SeedEnvironment,
  repoURL: string,
  commits: readonly WrittenCommit[],
): KubernetesObject {
  const source = {
    repoURL,
    targetRevision: 'main',
    path: `deploy/${environment.name}`,
  };
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: {
      name: applicationName(service.name, environment.name),
      namespace: ARGOCD_NAMESPACE,
      labels: {
        'app.kubernetes.io/name': service.name,
        'app.kubernetes.io/part-of': service.system,
        'backstage.io/kubernetes-id': service.name,
        owner: service.owner,
        environment: environment.name,
      },
    },
    // What nobody syncs without being asked was asked for by the team once.
    ...(!environment.automated && {
      operation: {
        initiatedBy: { username: 'fernway-ci' },
        sync: { prune: true },
      },
    }),
    spec: {
      project: service.system,
      source,
      destination: {
        name: environment.cluster,
        namespace: namespaceOf(service.system, environment.name),
      },
      ...(environment.automated && {
        syncPolicy: { automated: { prune: true, selfHeal: true } },
      }),
    },
    ...(commits.length > 1 && {
      status: { history: createDeployments(environment, source, commits) },
    }),
  };
}

/** The deployments of the past: whatever changed the environment's folder, but for the newest, which is to come. */
function createDeployments(
  environment: SeedEnvironment,
  source: { readonly path: string },
  commits: readonly WrittenCommit[],
) {
  const relevant = commits.filter(({ files }) =>
    Object.keys(files).some(path => path.startsWith(`${source.path}/`)),
  );
  return relevant.slice(0, -1).map(({ sha, date }, id) => {
    // People sync production some hours later, when they have time for it.
    const startedAt =
      date.getTime() + (environment.automated ? 1 : 150) * 60_000;
    return {
      id,
      revision: sha,
      source,
      deployStartedAt: toTimestamp(startedAt),
      deployedAt: toTimestamp(startedAt + 45_000),
      initiatedBy: environment.automated
        ? { automated: true }
        : { username: 'fernway-ci' },
    };
  });
}

/** As Kubernetes writes times: in seconds. */
function toTimestamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z');
}
