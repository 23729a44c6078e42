import { join } from 'node:path';
import { createAlertmanager } from './alertmanager/createAlertmanager';
import { createArgoCd } from './argocd/createArgoCd';
import { createFaultTable } from './core/FaultTable';
import { createSandboxContext } from './core/createSandboxContext';
import type { PostgresServer } from './core/SandboxContext';
import { createCrossplane } from './crossplane/createCrossplane';
import { createForge } from './forge';
import type { Forge } from './forge';
import type { Person } from './identity/people';
import type { KubernetesObject } from './kubernetes/KubernetesCluster';
import type { Platform } from './Platform';
import { createPolicy } from './policy/createPolicy';
import { createPrometheus } from './prometheus/createPrometheus';
import { installPlatformRules } from './prometheus/installPlatformRules';
import type { SandboxPart } from './SandboxPart';
import { createControllers } from './kubernetes/controllers/createControllers';
import { defaultPodUsage } from './kubernetes/controllers/PodUsage';
import { createKubernetes } from './kubernetes/createKubernetes';
import { ARGOCD_CLUSTER, CLUSTERS } from './seed/environments';
import { createFleetWorkloads, seedFleet } from './seed/fleet';
import { readServices } from './seed/readServices';
import { SeedProgress } from './seed/SeedProgress';
import { seedPlatform } from './seed/seedPlatform';
import { STORIES } from './stories';
import { StoryRunner } from './stories/StoryRunner';
import { createVault } from './vault/createVault';

/** What {@link createPlatform} needs. @internal */
export interface PlatformOptions {
  readonly url: string;
  /** Told of pushes to the forge. */
  readonly portalUrl: string;
  readonly stateFolder: string;
  readonly token: string;
  readonly organisationFile: string;
  readonly people: readonly Person[];
  readonly postgres?: PostgresServer;
  readonly kubectlPort?: number;
  readonly speed?: number;
  readonly fleet?: number;
}

/** The platform with everything that runs in it. @internal */
export interface RunningPlatform extends Platform {
  readonly parts: readonly SandboxPart[];
  readonly stories: StoryRunner;
  /** The path of a file for kubectl; undefined if it was not asked for. */
  readonly kubeconfig?: string;
  /** Seeds what is not there yet, and lets all parts work. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Puts the systems together: who sees what of whom is decided here and nowhere else.
 *
 * @internal
 */
export async function createPlatform(
  options: PlatformOptions,
): Promise<RunningPlatform> {
  const context = createSandboxContext({
    url: options.url,
    stateFolder: options.stateFolder,
    token: options.token,
    postgres: options.postgres,
    faults: createFaultTable({
      file: join(options.stateFolder, 'faults.json'),
    }),
    speed: options.speed ?? 1,
    log: (system, message) => {
      process.stdout.write(`${system}: ${message}\n`);
    },
  });
  const progress = new SeedProgress(options.stateFolder);
  const components = readServices(options.organisationFile);
  const services = components.filter(component => component.runs);
  const forgeSeeded = Promise.withResolvers<void>();
  const forge = createForge(context, {
    people: options.people,
    systemHook: {
      url: `${options.portalUrl}/api/events/http/gitea`,
      secret: options.token,
    },
  });
  const kubernetes = await createKubernetes(context, {
    clusters: CLUSTERS,
    kubectlPort: options.kubectlPort,
  });
  const { clusters } = kubernetes;
  const argoCd = createArgoCd(context, {
    home: clusters.get(ARGOCD_CLUSTER)!,
    destinations: clusters,
    repositories: {
      resolve: url => findRepository(forge, url),
    },
    podLogs: ({ name }, pod, wanted) =>
      clusters.get(name)!.server.podLogSource(pod, wanted),
    onPush: listener =>
      forge.onPush(({ owner, name }) => {
        const repository = forge
          .listRepositories()
          .find(each => each.owner === owner && each.name === name);
        if (repository) {
          listener(repository.cloneUrl);
        }
      }),
  });
  const crossplane = createCrossplane(context, {
    clusters: clusters.values(),
  });
  const policy = createPolicy(context, { clusters: [...clusters.values()] });
  const alertmanager = createAlertmanager(context, {
    teams: services.map(service => service.owner),
  });
  const { fleet = 0 } = options;
  const fleetWorkloads = createFleetWorkloads(fleet);
  const prometheus = createPrometheus(context, {
    clusters: clusters.values(),
    workloads: () => fleetWorkloads,
    notify: alerts => alertmanager.receive(alerts),
  });
  // More requests cost more, which the autoscalers see.
  const usageOf = (pod: KubernetesObject) => {
    const usage = defaultPodUsage(pod);
    const { labels = {}, namespace = '' } = pod.metadata;
    const factor = prometheus.traffic.rateFactor({
      service: labels['app.kubernetes.io/name'] ?? '',
      environment: namespace.slice(namespace.lastIndexOf('-') + 1),
    });
    return usage && { ...usage, cpu: usage.cpu * factor };
  };
  const controllers = new Map(
    [...clusters].map(([name, cluster]) => [
      name,
      createControllers(context, cluster, {
        usage: usageOf,
      }),
    ]),
  );
  const vault = createVault(context, {
    reviewToken: kubernetes.reviewToken,
  });
  const parts: SandboxPart[] = [
    kubernetes,
    answerWhen(forgeSeeded.promise, forge.part),
    argoCd,
    vault,
    prometheus,
    alertmanager,
  ];
  const platform: Platform = {
    context,
    clusters,
    controllers,
    crossplane,
    forge,
    policy,
    prometheus,
    vault,
  };

  return {
    ...platform,
    parts,
    stories: StoryRunner.create(platform, STORIES),
    get kubeconfig() {
      return options.kubectlPort === undefined
        ? undefined
        : kubernetes.kubeconfigFile;
    },
    async start() {
      controllers.forEach(each => each.start());
      policy.start();
      await crossplane.start();
      await seedPlatform({
        platform,
        components,
        people: options.people,
        progress,
        onForgeEnd: forgeSeeded.resolve,
      });
      if (services.length > 0) {
        const home = clusters.get(ARGOCD_CLUSTER)!;
        installPlatformRules(home);
        seedFleet(home, fleet);
      }
      await Promise.all(parts.map(part => part.start?.()));
    },
    async stop() {
      forgeSeeded.resolve();
      controllers.forEach(each => each.stop());
      policy.stop();
      await crossplane.stop();
      await Promise.all(parts.map(part => part.stop?.()));
    },
  };
}

/** A portal that starts at the same time would take a repository that is still to come for one that is gone. */
function answerWhen(ready: Promise<void>, part: SandboxPart): SandboxPart {
  return {
    ...part,
    handler: async (req, res, next) => {
      await ready;
      return part.handler(req, res, next);
    },
  };
}

/** Argo CD clones what the forge has from its disk, and nothing from elsewhere. */
function findRepository(forge: Forge, url: string): string | undefined {
  const withoutSuffix = (text: string) => text.replace(/\.git$/, '');
  const repository = forge
    .listRepositories()
    .find(each => withoutSuffix(each.cloneUrl) === withoutSuffix(url));
  return repository && forge.repositoryPath(repository.owner, repository.name);
}
