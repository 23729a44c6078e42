import type { SandboxContext } from '../core/SandboxContext';
import type { KubernetesCluster } from '../kubernetes/KubernetesCluster';
import { kubernetesTime, sourcesOf } from './ApplicationTypes';
import type {
  Application,
  OperationState,
  RevisionHistory,
  SyncResult,
} from './ApplicationTypes';
import { compareApplication } from './comparing/compareApplication';
import type { Destinations } from './Destinations';
import { explainRenderError } from './explainRenderError';
import type { LiveState } from './live/LiveState';
import { refOf } from './live/ResourceKey';
import type { ManifestSource, TargetState } from './ManifestSource';
import { mergePatchBetween } from './mergePatchBetween';
import { checkAgainstProject, forbiddenByProject, projectOf } from './projects';
import { parseDuration } from './sync/parseDuration';
import { SyncRun } from './sync/SyncRun';
import type { SyncStep } from './sync/SyncRun';
import { canSync, windowsOf } from './sync/syncWindows';

/** What {@link ApplicationOperations} works with. @internal */
export interface OperationsOptions {
  readonly context: SandboxContext;
  readonly home: KubernetesCluster;
  readonly namespace: string;
  readonly destinations: Destinations;
  readonly live: LiveState;
  readonly manifests: ManifestSource;
  readonly signal: AbortSignal;
  instanceOf(application: Application): string;
  /** Called after an operation has ended, to compare anew. */
  onDone(application: Application): void;
}

/** How long Argo CD waits between two waves, in milliseconds. */
const WAVE_DELAY = 2000;
/** How often a running operation is looked at, in milliseconds. */
const STEP_DELAY = 500;

/**
 * Runs the operations that Applications ask for in `.operation`, one at a time for each.
 *
 * @internal
 */
export class ApplicationOperations {
  readonly #options: OperationsOptions;
  readonly #running = new Set<string>();

  constructor(options: OperationsOptions) {
    this.#options = options;
  }

  /** Starts or resumes the operation of an Application, unless it runs already. */
  start(application: Application): void {
    const key = `${application.metadata.namespace}/${application.metadata.name}`;
    if (this.#running.has(key)) {
      return;
    }
    this.#running.add(key);
    void this.#run(application)
      .catch((error: Error) => {
        if (!this.#options.signal.aborted) {
          this.#options.context.log('argocd', `${key}: ${error.message}`);
        }
      })
      .finally(() => this.#running.delete(key));
  }

  async #run(first: Application) {
    const { context, signal } = this.#options;
    let targets: TargetState | undefined;
    for (;;) {
      signal.throwIfAborted();
      const application = this.#fresh(first);
      if (!application?.operation) {
        return;
      }
      const before = application.status?.operationState;
      const inProgress =
        before &&
        (before.phase === 'Running' || before.phase === 'Terminating');
      if (inProgress && before.phase === 'Running' && before.finishedAt) {
        await this.#waitForRetry(before);
        targets = undefined;
        this.#save(this.#fresh(first), {
          ...before,
          message: `Retrying operation. Attempt #${before.retryCount ?? 0}`,
          finishedAt: undefined,
          syncResult: undefined,
        });
        continue;
      }
      if (!inProgress) {
        targets = undefined;
        this.#save(application, {
          operation: application.operation,
          phase: 'Running',
          startedAt: kubernetesTime(),
        });
        continue;
      }
      const { state, loaded, delay } = await this.#step(
        application,
        before,
        targets,
      );
      targets = loaded;
      // It may have been terminated meanwhile: that must not be overwritten.
      const latest = this.#fresh(first);
      const terminating =
        latest?.status?.operationState?.phase === 'Terminating' &&
        before.phase !== 'Terminating';
      if (!terminating) {
        this.#save(latest, state);
      }
      if (isDone(state)) {
        return;
      }
      await context.delay(delay, signal);
    }
  }

  #fresh(application: Application): Application | undefined {
    return this.#options.home.get(refOf(application)) as
      | Application
      | undefined;
  }

  async #waitForRetry(state: OperationState) {
    const at = nextRetry(state, Date.parse(state.finishedAt!));
    await this.#options.context.delay(
      Math.max(0, at - Date.now()),
      this.#options.signal,
    );
  }

  async #step(
    application: Application,
    before: OperationState,
    known: TargetState | undefined,
  ): Promise<{ state: OperationState; loaded?: TargetState; delay: number }> {
    const failed = (message: string) => ({
      state: withRetry({ ...before, phase: 'Error', message }),
      delay: STEP_DELAY,
    });
    const { sync } = before.operation;
    if (!sync) {
      return failed('Invalid operation request: no operation specified');
    }
    const { home, destinations, manifests, live } = this.#options;
    const project = projectOf(home, application, this.#options.namespace);
    const destination = destinations.find(application.spec.destination);
    const manual = !before.operation.initiatedBy?.automated;
    if (!canSync(windowsOf(project, application), manual)) {
      return {
        state: { ...before, message: 'Sync operation blocked by sync window' },
        loaded: known,
        delay: 5000,
      };
    }
    const invalid = checkAgainstProject(application, project, destination);
    if (!project || typeof destination === 'string' || invalid.length > 0) {
      return failed(
        invalid.map(({ type, message }) => `${type}: ${message}`).join(';'),
      );
    }
    const sources =
      sync.sources && sync.sources.length > 0
        ? sync.sources
        : [sync.source ?? sourcesOf(application.spec)[0]];
    const instance = this.#options.instanceOf(application);
    let loaded = known;
    if (!loaded) {
      try {
        const asked = sync.revisions?.length ? sync.revisions : [sync.revision];
        const wanted = before.syncResult?.revision
          ? [before.syncResult.revision]
          : asked;
        if (!/^[0-9a-f]{40}$/.test(wanted[0] ?? '')) {
          await manifests.update(sources);
        }
        loaded = await manifests.load(application, destination, instance, {
          sources,
          revisions: await manifests.resolve(sources, wanted),
        });
      } catch (error) {
        return failed(
          `ComparisonError: ${explainRenderError((error as Error).message)}`,
        );
      }
    }
    const several = (application.spec.sources?.length ?? 0) > 0;
    const result: SyncResult = {
      revision: loaded.revisions[0],
      ...(several
        ? { revisions: loaded.revisions, sources }
        : { source: sources[0] }),
      ...(before.syncResult?.resources && {
        resources: before.syncResult.resources,
      }),
    };
    const selected = sync.resources ?? [];
    const comparison = compareApplication({
      application,
      cluster: destination.cluster,
      instance,
      live,
      targets: loaded.resources,
      memory: new Map(),
    });
    const run = new SyncRun({
      cluster: destination.cluster,
      resources: comparison.compared,
      hooks: loaded.hooks,
      namespace: application.spec.destination.namespace ?? '',
      revision: loaded.revisions[0],
      startedAt: before.startedAt,
      results: result.resources ?? [],
      dryRun: sync.dryRun ?? false,
      prune: sync.prune ?? false,
      force:
        (sync.syncStrategy?.apply?.force || sync.syncStrategy?.hook?.force) ??
        false,
      skipHooks: sync.syncStrategy?.apply !== undefined || selected.length > 0,
      options: sync.syncOptions ?? [],
      namespaceMetadata: application.spec.syncPolicy?.managedNamespaceMetadata,
      includes: key =>
        selected.length === 0 ||
        selected.some(
          item =>
            (item.group ?? '') === key.group &&
            item.kind === key.kind &&
            item.name === key.name &&
            (!item.namespace || item.namespace === key.namespace),
        ),
      isNamespaced: type => live.isNamespaced(destination.cluster, type),
      forbids: key =>
        forbiddenByProject(
          project,
          destination,
          key,
          live.isNamespaced(destination.cluster, key),
        ),
    });
    const step = before.phase === 'Terminating' ? run.terminate() : run.step();
    return {
      state: this.#toState(before, result, step),
      loaded,
      delay: step.waveDone ? WAVE_DELAY : STEP_DELAY,
    };
  }

  #toState(
    before: OperationState,
    result: SyncResult,
    step: SyncStep,
  ): OperationState {
    const state: OperationState = {
      ...before,
      phase: step.phase,
      message: step.message,
      syncResult: {
        ...result,
        ...(step.results.length > 0 && { resources: step.results }),
      },
    };
    return before.phase === 'Terminating' ? state : withRetry(state);
  }

  #save(application: Application | undefined, state: OperationState) {
    if (!application) {
      return;
    }
    const { home, onDone } = this.#options;
    const done = isDone(state);
    const operationState = done
      ? { ...state, finishedAt: kubernetesTime() }
      : state;
    const history =
      done && state.phase === 'Succeeded'
        ? addToHistory(application, state)
        : application.status?.history;
    const patch = mergePatchBetween(
      {
        operation: application.operation,
        status: {
          operationState: application.status?.operationState,
          history: application.status?.history,
        },
      },
      JSON.parse(
        JSON.stringify({
          ...(!done && { operation: application.operation }),
          status: { operationState, history },
        }),
      ),
    );
    if (patch) {
      home.patch(refOf(application), patch);
    }
    if (done) {
      const partial = (state.operation.sync?.resources?.length ?? 0) > 0;
      const words = partial ? 'Partial sync operation' : 'Sync operation';
      const to = state.syncResult?.revision
        ? ` to ${state.syncResult.revision}`
        : '';
      const succeeded = state.phase === 'Succeeded';
      home.recordEvent({
        regarding: application,
        type: succeeded ? 'Normal' : 'Warning',
        reason: 'OperationCompleted',
        message: `${words}${to} ${
          succeeded ? 'succeeded' : `failed: ${state.message}`
        }`,
        component: 'argocd-application-controller',
      });
      if (!state.operation.sync?.dryRun) {
        onDone(application);
      }
    }
  }
}

function isDone({ phase }: OperationState): boolean {
  return phase === 'Succeeded' || phase === 'Failed' || phase === 'Error';
}

/** A failure that may be tried again is a running operation with an end. */
function withRetry(state: OperationState): OperationState {
  const count = state.retryCount ?? 0;
  const limit = state.operation.retry?.limit ?? 0;
  if (state.phase !== 'Failed' && state.phase !== 'Error') {
    return state;
  }
  if (count < limit || limit < 0) {
    const at = new Date(nextRetry(state, Date.now(), count));
    const clock = at.toLocaleTimeString('en-US', {
      hour: 'numeric',
      minute: '2-digit',
      timeZone: 'UTC',
    });
    return {
      ...state,
      phase: 'Running',
      finishedAt: kubernetesTime(),
      retryCount: count + 1,
      message: `${state.message}. Retrying attempt #${
        count + 1
      } at ${clock.replace(/\s/, '')}.`,
    };
  }
  return count > 0
    ? { ...state, message: `${state.message} (retried ${count} times).` }
    : state;
}

function nextRetry(
  { operation, retryCount = 0 }: OperationState,
  from: number,
  count = retryCount,
): number {
  const { duration, factor = 2, maxDuration } = operation.retry?.backoff ?? {};
  const wait = parseDuration(duration || '5s') * factor ** count;
  return from + Math.min(wait, parseDuration(maxDuration || '3m'));
}

function addToHistory(
  { status, spec }: Application,
  state: OperationState,
): readonly RevisionHistory[] | undefined {
  const history = status?.history ?? [];
  const { sync } = state.operation;
  if (sync?.dryRun || (sync?.resources?.length ?? 0) > 0) {
    return history;
  }
  const { revision, revisions, source, sources } = state.syncResult!;
  const limit = spec.revisionHistoryLimit ?? 10;
  const entry: RevisionHistory = {
    id: (history.at(-1)?.id ?? -1) + 1,
    ...(revisions ? { revisions, sources } : { revision, source }),
    deployedAt: kubernetesTime(),
    deployStartedAt: state.startedAt,
    initiatedBy: state.operation.initiatedBy ?? {},
  };
  return limit > 0 ? [...history, entry].slice(-limit) : [];
}
