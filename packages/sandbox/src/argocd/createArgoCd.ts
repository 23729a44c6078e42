import { join } from 'node:path';
import type { SandboxContext } from '../core/SandboxContext';
import type { KubernetesCluster } from '../kubernetes/KubernetesCluster';
import type { SandboxPart } from '../SandboxPart';
import { createApiRouter } from './api/createApiRouter';
import type { PodLogs } from './api/ApiContext';
import { ApplicationController } from './ApplicationController';
import { ApplicationSetController } from './ApplicationSetController';
import { PROJECT_TYPE } from './ApplicationTypes';
import { Destinations } from './Destinations';
import { GitRepositories } from './git/GitRepositories';

/**
 * What the sandbox's Argo CD is connected with.
 *
 * @public
 */
export interface ArgoCdOptions {
  /** Where Applications, AppProjects and ApplicationSets live. */
  readonly home: KubernetesCluster;
  /** The clusters to deploy to, by the names under which Applications know them. */
  readonly destinations: ReadonlyMap<string, KubernetesCluster>;
  readonly repositories: {
    /** The path of a bare repository, or a URL that can be cloned. */
    resolve(repositoryUrl: string): string | undefined;
  };
  /** Tells of pushes, by the repository's URL. Returns a function that ends it. */
  onPush?(listener: (repositoryUrl: string) => void): (() => void) | void;
  /** Where the logs of pods come from; without it they are empty. */
  readonly podLogs?: PodLogs;
  /** The URL of a cluster's API, as Applications name it in `destination.server`. */
  serverOf?(name: string): string;
  /** @defaultValue `argocd` */
  readonly namespace?: string;
}

/**
 * Argo CD's API and controllers over the Applications of a cluster: clones, renders, compares, syncs and streams.
 *
 * @public
 */
export function createArgoCd(
  context: SandboxContext,
  options: ArgoCdOptions,
): SandboxPart {
  const { home, namespace = 'argocd' } = options;
  const destinations = new Destinations({
    home,
    destinations: options.destinations,
    serverOf: name =>
      options.serverOf?.(name) ?? `${context.url}/kubernetes/${name}`,
  });
  const repositories = new GitRepositories({
    folder: join(context.stateFolder, 'argocd'),
    resolve: url => options.repositories.resolve(url),
  });
  const controller = new ApplicationController({
    context,
    home,
    namespace,
    destinations,
    repositories,
  });
  const sets = new ApplicationSetController({
    home,
    repositories,
    log: message => context.log('argocd', message),
  });
  let endPush: (() => void) | void;

  return {
    name: 'argocd',
    path: '/argocd',
    title: 'Argo CD',
    summary:
      'Stands in for Argo CD: clones, renders, compares and syncs what is in Git.',
    handler: createApiRouter({
      context,
      home,
      namespace,
      destinations,
      repositories,
      controller,
      podLogs: options.podLogs ?? (() => []),
    }),
    renderError: (status, message) => {
      const codes: Record<number, number> = {
        401: 16,
        403: 7,
        429: 8,
        500: 13,
        502: 14,
        503: 14,
        504: 4,
      };
      return {
        contentType: 'application/json',
        body: JSON.stringify({
          error: message,
          code: codes[status] ?? 2,
          message,
        }),
      };
    },
    async start() {
      createDefaultProject(home, namespace);
      controller.start();
      sets.start();
      endPush = options.onPush?.(url => {
        void controller.refreshRepository(url);
        sets.refresh();
      });
    },
    async stop() {
      endPush?.();
      sets.stop();
      controller.stop();
    },
  };
}

/** Argo CD makes these when it starts for the first time. */
function createDefaultProject(home: KubernetesCluster, namespace: string) {
  const space = { apiVersion: 'v1', kind: 'Namespace' };
  if (!home.get({ ...space, name: namespace })) {
    home.create({ ...space, metadata: { name: namespace } });
  }
  if (!home.get({ ...PROJECT_TYPE, namespace, name: 'default' })) {
    home.create({
      ...PROJECT_TYPE,
      metadata: { name: 'default', namespace },
      spec: {
        sourceRepos: ['*'],
        destinations: [{ namespace: '*', server: '*' }],
        clusterResourceWhitelist: [{ group: '*', kind: '*' }],
      },
    });
  }
}
