import { NotFoundError, toError } from '@backstage/errors';
import { StaleWhileRevalidateCache } from '@waystone/integrations';
import type {
  KubernetesEvent,
  KubernetesService,
} from '@waystone/integrations';
import type { Deployment, Freshness } from '@waystone/plugin-delivery-common';
import type { Inspection } from '@waystone/plugin-delivery-node';
import type { DeliveryModel } from '../model/DeliveryModel';
import type { PodState } from './PodState';
import type { PodWatch } from './PodWatch';
import { failingPods } from './Situation';
import type { LogTail, Situation } from './Situation';

/** How long each question may take. */
const TIMEOUT_MS = 8_000;

/** A reader waits no longer for clusters that were never read. */
const PATIENCE_MS = 2_000;

/** How many lines of a container are shown. */
const LINES = 20;

/** Of how many pods the log is read: those of one deployment mostly say the same. */
const LOGGED_PODS = 2;

/** However many look at a page, each thing is asked for once in this time. */
const FRESH_MS = 4_000;

/** What {@link EvidenceCollector} found out. */
export interface Collected {
  readonly situation: Situation;
  /** What could not be asked, each in a sentence. */
  readonly gaps: readonly string[];
  readonly freshness: readonly Freshness[];
}

/**
 * Gathers all that is known of a deployment: the source's objects, the pods of the watch, events and last log lines.
 *
 * @remarks
 * What cannot be asked is a gap and no failure: the rest often explains enough.
 */
export class EvidenceCollector {
  readonly #model: DeliveryModel;
  readonly #kubernetes: KubernetesService;
  readonly #pods: PodWatch;
  readonly #inspections = createCache<Inspection>('inspections');
  readonly #events = createCache<readonly KubernetesEvent[]>('events');
  readonly #logs = createCache<readonly string[]>('logs');

  static create(options: {
    readonly model: DeliveryModel;
    readonly kubernetes: KubernetesService;
    readonly pods: PodWatch;
  }): EvidenceCollector {
    return new EvidenceCollector(options);
  }

  private constructor(options: Parameters<typeof EvidenceCollector.create>[0]) {
    this.#model = options.model;
    this.#kubernetes = options.kubernetes;
    this.#pods = options.pods;
  }

  /** @param options - `logs`: whether the last lines of what does not run are read too */
  async collect(
    deployment: Deployment,
    options: { readonly logs: boolean; readonly signal: AbortSignal },
  ): Promise<Collected> {
    const gaps: string[] = [];
    const attempt = async <T>(
      what: string,
      read: () => Promise<T>,
      otherwise: T,
    ): Promise<T> => {
      try {
        return await read();
      } catch (error) {
        if (!options.signal.aborted) {
          gaps.push(`${what} could not be read: ${toError(error).message}`);
        }
        return otherwise;
      }
    };
    const { signal } = options;
    const client = this.#kubernetes.clusters.find(
      ({ cluster }) => cluster === deployment.cluster,
    );
    if (!client) {
      gaps.push(
        `The cluster ${
          deployment.cluster ? `'${deployment.cluster}' ` : ''
        }is not connected to the portal: its pods, events and logs are not known.`,
      );
    }
    const [inspection, events] = await Promise.all([
      attempt('The objects', () => this.#inspect(deployment, signal), {
        problems: [],
        objects: [],
      }),
      client && deployment.namespace
        ? attempt(
            'The events',
            () =>
              this.#readEvents(client.cluster, deployment.namespace!, signal),
            [],
          )
        : [],
      client &&
        this.#pods.whenSynced(
          AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]),
        ),
    ]);
    const pods = client ? this.#podsOf(client.cluster, inspection) : [];
    const uids = new Set([
      ...inspection.objects.map(({ id }) => id),
      ...pods.map(({ uid }) => uid),
    ]);
    const claims = new Set(pods.flatMap(each => each.claims));
    const logs =
      client && options.logs
        ? await attempt(
            'The logs',
            () => this.#readLogs(client.cluster, pods, signal),
            [],
          )
        : [];
    return {
      situation: {
        state: deployment.state,
        reason: deployment.reason,
        problems: inspection.problems,
        objects: inspection.objects,
        pods,
        events: events.filter(
          ({ regarding }) =>
            uids.has(regarding.uid ?? '') ||
            (regarding.kind === 'PersistentVolumeClaim' &&
              claims.has(regarding.name ?? '')),
        ),
        logs,
      },
      gaps,
      freshness: [
        ...this.#model.freshness.filter(
          ({ source }) => source === deployment.source,
        ),
        ...this.#pods.freshness
          .filter(({ cluster }) => cluster === client?.cluster)
          .map(({ cluster, observedAt, reason, source, stale }) => ({
            source: source || `kubernetes/${cluster}`,
            observedAt,
            stale,
            reason,
          })),
      ],
    };
  }

  async #inspect(
    { id, source }: Deployment,
    signal: AbortSignal,
  ): Promise<Inspection> {
    const found = this.#model.find(id);
    if (!found?.source.inspect) {
      throw new NotFoundError(`${source} does not say which objects there are`);
    }
    const { value } = await this.#inspections.get(
      { resource: id },
      async () => ({
        value: await found.source.inspect!(found.id, {
          signal: AbortSignal.timeout(TIMEOUT_MS),
        }),
      }),
      { signal },
    );
    return value;
  }

  async #readEvents(
    cluster: string,
    namespace: string,
    signal: AbortSignal,
  ): Promise<readonly KubernetesEvent[]> {
    const { value } = await this.#events.get(
      { resource: `${cluster}/${namespace}` },
      async () => ({
        value: await this.#kubernetes.cluster(cluster).events({
          namespace,
          limit: 1000,
          signal: AbortSignal.timeout(TIMEOUT_MS),
        }),
      }),
      { signal },
    );
    return value;
  }

  /** Those that the source names: which pods belong to whom is not for us to guess. */
  #podsOf(cluster: string, { objects }: Inspection): PodState[] {
    return objects
      .filter(({ group, kind }) => kind === 'Pod' && !group)
      .flatMap(
        ({ name, namespace }) => this.#pods.get(cluster, name, namespace) ?? [],
      );
  }

  async #readLogs(
    cluster: string,
    pods: readonly PodState[],
    signal: AbortSignal,
  ): Promise<LogTail[]> {
    const wanted = failingPods(pods)
      .filter(({ containers }) => containers.some(hasRun))
      .slice(0, LOGGED_PODS)
      .flatMap(pod =>
        pod.containers
          .filter(container => !container.ready && hasRun(container))
          .map(container => ({ pod, container })),
      );
    return Promise.all(
      wanted.map(async ({ container, pod }): Promise<LogTail> => {
        // Between two starts, the last run is the one that matters.
        const previous =
          container.runningSince !== undefined &&
          container.endedBefore !== undefined;
        const target = {
          namespace: pod.namespace,
          pod: pod.name,
          container: container.name,
          previous,
        };
        const { value } = await this.#logs.get(
          {
            resource: [
              cluster,
              ...Object.values(target),
              container.restarts,
            ].join('/'),
          },
          async () => ({
            value: await this.#kubernetes.cluster(cluster).logs({
              ...target,
              tailLines: LINES,
              signal: AbortSignal.timeout(TIMEOUT_MS),
            }),
          }),
          { signal },
        );
        return { ...target, lines: value };
      }),
    );
  }
}

function hasRun({
  ended,
  endedBefore,
  runningSince,
}: PodState['containers'][number]): boolean {
  return (
    runningSince !== undefined ||
    ended !== undefined ||
    endedBefore !== undefined
  );
}

function createCache<T extends {}>(name: string) {
  return new StaleWhileRevalidateCache<T>({
    name,
    source: 'delivery',
    freshMs: FRESH_MS,
    // Old evidence explains what is no more: what cannot be read now is a gap.
    staleWhileRevalidateMs: FRESH_MS,
    staleIfErrorMs: 0,
  });
}
