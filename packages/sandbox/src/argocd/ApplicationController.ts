import type { SandboxContext } from '../core/SandboxContext';
import type {
  ClusterEvent,
  KubernetesCluster,
  KubernetesObject,
} from '../kubernetes/KubernetesCluster';
import { ApplicationOperations } from './ApplicationOperations';
import {
  APPLICATION_TYPE,
  REFRESH_ANNOTATION,
  sourcesOf,
} from './ApplicationTypes';
import type { Application, ApplicationCondition } from './ApplicationTypes';
import { planAutomatedSync } from './automatedSync';
import { compareApplication } from './comparing/compareApplication';
import type {
  ComparisonMemory,
  ComparisonResult,
} from './comparing/compareApplication';
import { isSimulated, keyOfApplication } from './applicationKey';
import type { Destination, Destinations } from './Destinations';
import { explainRenderError } from './explainRenderError';
import type { GitRepositories } from './git/GitRepositories';
import { LiveState } from './live/LiveState';
import { refOf } from './live/ResourceKey';
import { ManifestSource } from './ManifestSource';
import { findOrphans } from './findOrphans';
import { deleteResources } from './deleteResources';
import {
  checkAgainstProject,
  forbiddenByProject,
  projectOf,
  sameRepository,
} from './projects';
import { stableStringify } from './rendering/Json';
import { RefreshQueue } from './RefreshQueue';
import type { Refresh } from './RefreshQueue';
import { saveStatus } from './saveStatus';
import { canSync, windowsOf } from './sync/syncWindows';

/** What {@link ApplicationController} works with. @internal */
export interface ControllerOptions {
  readonly context: SandboxContext;
  readonly home: KubernetesCluster;
  readonly namespace: string;
  readonly destinations: Destinations;
  readonly repositories: GitRepositories;
}

/** How often repositories are asked for new commits, in milliseconds, before jitter. */
const POLL_INTERVAL = 60_000;
interface Known {
  readonly memory: ComparisonMemory;
  comparison?: ComparisonResult;
  destination?: Destination;
  revisions?: readonly string[];
}

/**
 * Argo CD's application controller: compares every Application with its cluster, and syncs it where it is asked to.
 *
 * @internal
 */
export class ApplicationController {
  readonly #options: ControllerOptions;
  readonly #abort = new AbortController();
  readonly #known = new Map<string, Known>();
  readonly #queue: RefreshQueue;
  readonly #operations: ApplicationOperations;
  readonly #healing = new Set<string>();
  readonly live: LiveState;
  readonly manifests: ManifestSource;
  #unwatch: () => void = () => {};

  constructor(options: ControllerOptions) {
    this.#options = options;
    this.#queue = new RefreshQueue({
      work: async (key, refresh) => await this.#reconcile(key, refresh),
      onError: (key, error) =>
        options.context.log('argocd', `${key}: ${error.message}`),
      signal: this.#abort.signal,
    });
    this.live = new LiveState(
      options.destinations.all().map(({ cluster }) => cluster),
      instance => this.#queue.add(this.#keyOfInstance(instance), 'live'),
    );
    this.manifests = new ManifestSource({
      repositories: options.repositories,
      live: this.live,
    });
    this.#operations = new ApplicationOperations({
      ...options,
      live: this.live,
      manifests: this.manifests,
      signal: this.#abort.signal,
      instanceOf: application => this.instanceOf(application),
      onDone: application =>
        this.#queue.add(keyOfApplication(application), 'normal'),
    });
  }

  start() {
    this.live.start();
    this.#unwatch = this.#options.home.watch(APPLICATION_TYPE, event =>
      this.#take(event),
    );
    void this.#poll().catch(() => {
      // Only the end of the controller ends the loop.
    });
  }

  stop() {
    this.#abort.abort();
    this.#unwatch();
    this.live.stop();
  }

  /** What is known of an Application from its last comparison. */
  known(
    application: KubernetesObject,
  ): Pick<Known, 'comparison' | 'destination'> | undefined {
    return this.#known.get(keyOfApplication(application));
  }

  /** The name under which an Application marks its objects. */
  instanceOf({ metadata }: KubernetesObject): string {
    return metadata.namespace === this.#options.namespace
      ? metadata.name!
      : `${metadata.namespace}_${metadata.name}`;
  }

  /** Looks at a repository now: something was pushed to it. */
  async refreshRepository(repositoryUrl: string): Promise<void> {
    const applications = this.#reconciled().filter(({ spec }) =>
      sourcesOf(spec).some(({ repoURL }) =>
        sameRepository(repoURL, repositoryUrl),
      ),
    );
    await this.#refreshChanged(applications);
  }

  #keyOfInstance(instance: string): string {
    const at = instance.indexOf('_');
    return at < 0
      ? `${this.#options.namespace}/${instance}`
      : `${instance.slice(0, at)}/${instance.slice(at + 1)}`;
  }

  #take({ type, object, previous }: ClusterEvent) {
    const application = object as Application;
    const key = keyOfApplication(application);
    if (type === 'DELETED') {
      this.#known.delete(key);
      return;
    }
    if (isSimulated(application)) {
      return;
    }
    const refresh = application.metadata.annotations?.[REFRESH_ANNOTATION];
    const deletion =
      application.metadata.deletionTimestamp !==
      previous?.metadata.deletionTimestamp;
    if (refresh !== undefined) {
      this.#queue.add(key, refresh === 'hard' ? 'hard' : 'normal');
    } else if (
      type === 'ADDED' ||
      deletion ||
      stableStringify(previous?.spec) !== stableStringify(application.spec)
    ) {
      this.#queue.add(key, 'normal');
    }
    if (application.operation) {
      this.#operations.start(application);
    }
  }

  async #reconcile(key: string, refresh: Refresh) {
    const application = this.#get(key);
    if (!application || isSimulated(application)) {
      return;
    }
    if (application.metadata.deletionTimestamp) {
      deleteResources({
        application,
        home: this.#options.home,
        destination: this.#options.destinations.find(
          application.spec.destination,
        ),
        live: this.live,
        instance: this.instanceOf(application),
      });
      return;
    }
    const known = this.#knownOf(key);
    const { destinations, home, namespace } = this.#options;
    const project = projectOf(home, application, namespace);
    const destination = destinations.find(application.spec.destination);
    const conditions: ApplicationCondition[] = checkAgainstProject(
      application,
      project,
      destination,
    );
    if (!project || typeof destination === 'string' || conditions.length > 0) {
      known.comparison = undefined;
      saveStatus(this.#options, this.#get(key), {
        conditions,
        sync: 'Unknown',
        health: 'Unknown',
        refreshed: refresh !== 'live',
      });
      return;
    }
    const targets = await this.#load(
      application,
      destination,
      known,
      refresh,
      conditions,
    );
    const fresh = this.#get(key);
    if (!fresh || fresh.metadata.deletionTimestamp) {
      return;
    }
    const comparison = compareApplication({
      application: fresh,
      cluster: destination.cluster,
      instance: this.instanceOf(fresh),
      live: this.live,
      targets: targets?.resources,
      memory: known.memory,
    });
    known.comparison = comparison;
    known.destination = destination;
    for (const repeated of targets?.repeated ?? []) {
      conditions.push({
        type: 'RepeatedResourceWarning',
        message: `Resource ${repeated} appeared 2 times among application resources.`,
      });
    }
    conditions.push(
      ...findOrphans(project, fresh, destination, this.live, comparison),
    );
    const resources = comparison.resources.map(resource =>
      forbiddenByProject(
        project,
        destination,
        {
          group: resource.group ?? '',
          kind: resource.kind,
          namespace: resource.namespace ?? '',
          name: resource.name,
        },
        resource.namespace !== undefined,
      )
        ? { ...resource, status: 'Unknown' as const }
        : resource,
    );
    const plan = canSync(windowsOf(project, fresh), false)
      ? planAutomatedSync(fresh, comparison, targets?.revisions ?? [])
      : {};
    if (plan.condition) {
      conditions.push(plan.condition);
    }
    saveStatus(this.#options, this.#get(key), {
      conditions,
      comparison: { ...comparison, resources },
      sync: comparison.sync,
      health: comparison.health,
      revisions: targets?.revisions,
      sourceType: targets?.sourceType,
      refreshed: refresh !== 'live',
    });
    if (plan.operation) {
      this.#automate(key, plan.operation, plan.delay ?? 0);
    }
  }

  async #load(
    application: Application,
    destination: Destination,
    known: Known,
    refresh: Refresh,
    conditions: ApplicationCondition[],
  ) {
    const sources = sourcesOf(application.spec);
    try {
      if (refresh !== 'live' || !known.revisions) {
        await this.manifests.update(sources);
        known.revisions = await this.manifests.resolve(sources);
      }
      return await this.manifests.load(
        application,
        destination,
        this.instanceOf(application),
        { revisions: known.revisions, hard: refresh === 'hard' },
      );
    } catch (error) {
      known.revisions = undefined;
      conditions.push({
        type: 'ComparisonError',
        message: explainRenderError((error as Error).message),
      });
      return undefined;
    }
  }

  #automate(key: string, operation: object, delay: number) {
    if (this.#healing.has(key)) {
      return;
    }
    const set = () => {
      const application = this.#get(key);
      if (application && !application.operation) {
        this.#options.home.patch(refOf(application), {
          operation,
          status: { operationState: null },
        });
        this.#options.home.recordEvent({
          regarding: application,
          type: 'Normal',
          reason: 'OperationStarted',
          message: `Initiated automated sync to '${
            application.status?.sync?.revision ?? ''
          }'`,
          component: 'argocd-application-controller',
        });
      }
    };
    if (delay === 0) {
      set();
      return;
    }
    this.#healing.add(key);
    void this.#options.context
      .delay(delay, this.#abort.signal)
      .then(() => {
        this.#healing.delete(key);
        // What was out of sync may be in sync by now.
        this.#queue.add(key, 'live');
        if (this.#get(key)?.status?.sync?.status === 'OutOfSync') {
          set();
        }
      })
      .catch(() => {
        // Stopped while it waited.
      });
  }

  async #poll() {
    const { context } = this.#options;
    const random = context.random('argocd-poll');
    for (;;) {
      await context.delay(
        POLL_INTERVAL * (0.9 + random() * 0.2),
        this.#abort.signal,
      );
      await this.#refreshChanged(this.#reconciled());
    }
  }

  /** Reconciles those whose sources stand for other commits than before. */
  async #refreshChanged(applications: readonly Application[]) {
    const urls = new Set(
      applications.flatMap(({ spec }) =>
        sourcesOf(spec).map(({ repoURL }) => repoURL),
      ),
    );
    for (const url of urls) {
      await this.#options.repositories.update(url).catch(() => {
        // The comparison of each Application says why.
      });
    }
    for (const application of applications) {
      const key = keyOfApplication(application);
      const before = this.#knownOf(key).revisions;
      const now = await this.manifests
        .resolve(sourcesOf(application.spec))
        .catch(() => undefined);
      if (!before || !now || before.join() !== now.join()) {
        this.#queue.add(key, 'normal');
      }
    }
  }

  #reconciled(): Application[] {
    return (
      this.#options.home.list(APPLICATION_TYPE) as readonly Application[]
    ).filter(application => !isSimulated(application));
  }

  #get(key: string): Application | undefined {
    const [namespace, name] = key.split('/');
    return this.#options.home.get({ ...APPLICATION_TYPE, namespace, name }) as
      | Application
      | undefined;
  }

  #knownOf(key: string): Known {
    let known = this.#known.get(key);
    if (!known) {
      known = { memory: new Map() };
      this.#known.set(key, known);
    }
    return known;
  }
}
