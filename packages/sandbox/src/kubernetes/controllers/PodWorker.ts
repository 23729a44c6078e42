import type { KubernetesObject } from '../KubernetesCluster';
import { ContainerRun } from './ContainerRun';
import { timestamp } from './conditions';
import type { ContainerStatus } from './containerStates';
import {
  findContainer,
  newContainerStatus,
  phaseOf,
  podConditions,
  runningContainer,
} from './containerStates';
import type { ControllerTools } from './Controller';
import { missingEnvironment, missingVolume } from './missingReferences';
import type { NodeState } from './NodeState';
import { refOf } from './objectKey';
import type { BehavingContainer, PodBehaviours } from './PodBehaviours';
import { pullProblem } from './PodBehaviours';
import { hasEnded } from './podState';
import { POD } from './resourceTypes';
import { Stopped } from './Stopped';
import { writeStatus } from './writeStatus';

/**
 * What workers share.
 *
 * @internal
 */
export interface KubeletTools extends ControllerTools {
  readonly behaviours: PodBehaviours;
  readonly nodes: NodeState;
  /** Resolves when a Secret or ConfigMap of the namespace changes. */
  waitForReferences(namespace: string, signal: AbortSignal): Promise<void>;
  /** Whether pods start without delays and events, for a cluster that is being filled. */
  isQuick(): boolean;
}

/**
 * Plays what a node does with one pod: pull, start, probe, restart, stop. Holds nothing once the pod is steady.
 *
 * @internal
 */
export class PodWorker {
  readonly tools: KubeletTools;
  readonly uid: string;
  readonly #key: string;
  readonly #random: () => number;
  #abort = new AbortController();
  #terminating = false;

  constructor(tools: KubeletTools, pod: KubernetesObject, key: string) {
    this.tools = tools;
    this.uid = pod.metadata.uid!;
    this.#key = key;
    // By name, not by uid: the same pod of the same seed takes the same time.
    this.#random = tools.context.random(`pod ${key}`);
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** The pod as it is now. Rejects the work under way when it is gone. */
  get pod(): KubernetesObject {
    const pod = this.tools.cluster.get(refOf(POD, this.#key));
    if (!pod || pod.metadata.uid !== this.uid) {
      this.stop();
      throw new Stopped();
    }
    return pod;
  }

  /** Starts, or looks again at a pod whose behaviour has changed. */
  run(): void {
    this.stop();
    this.#abort = new AbortController();
    this.#guard(this.#start());
  }

  stop(): void {
    this.#abort.abort(new Stopped());
  }

  /** Stops the containers and removes the pod. */
  terminate(): void {
    if (!this.#terminating) {
      this.#terminating = true;
      this.stop();
      this.#abort = new AbortController();
      this.#guard(this.#end());
    }
  }

  /** Waits between two bounds in milliseconds, the same for the same pod. */
  async wait(least: number, most = least): Promise<void> {
    await this.tools.context.delay(
      least + this.#random() * (most - least),
      this.signal,
    );
    this.signal.throwIfAborted();
  }

  record(type: 'Normal' | 'Warning', reason: string, message: string): void {
    if (!this.tools.isQuick()) {
      this.tools.cluster.recordEvent({
        regarding: this.pod,
        type,
        reason,
        message,
        component: 'kubelet',
      });
    }
  }

  container(name: string): ContainerStatus {
    return findContainer(this.pod, name)!;
  }

  /** Changes one container's status, and what of the pod's status follows from it. */
  setContainer(name: string, change: Partial<ContainerStatus>): void {
    const { pod } = this;
    const merge = (statuses: readonly ContainerStatus[] | undefined) =>
      statuses?.map(status =>
        status.name === name ? { ...status, ...change } : status,
      );
    this.#write(pod, {
      ...pod.status,
      containerStatuses: merge(pod.status.containerStatuses),
      ...(pod.status.initContainerStatuses && {
        initContainerStatuses: merge(pod.status.initContainerStatuses),
      }),
    });
  }

  async #start(): Promise<void> {
    if (hasEnded(this.pod)) {
      return;
    }
    if (!this.pod.status?.containerStatuses) {
      if (this.tools.isQuick() && this.#startAtOnce()) {
        return;
      }
      this.#accept();
    }
    await this.#mount();
    if (!this.pod.status.podIP) {
      this.#giveAddress();
    }
    for (const container of initContainersOf(this.pod)) {
      await new ContainerRun(this, container, { init: true }).run();
    }
    await Promise.all(
      containersOf(this.pod).map(container =>
        new ContainerRun(this, container, { init: false }).run(),
      ),
    );
  }

  #accept() {
    const { pod } = this;
    const reason = initContainersOf(pod).length
      ? 'PodInitializing'
      : 'ContainerCreating';
    const node = this.tools.nodes.addressOf(pod.spec.nodeName);
    this.#write(pod, {
      ...pod.status,
      hostIP: node,
      hostIPs: [{ ip: node }],
      startTime: timestamp(),
      ...(initContainersOf(pod).length && {
        initContainerStatuses: initContainersOf(pod).map(container =>
          newContainerStatus(container, reason),
        ),
      }),
      containerStatuses: containersOf(pod).map(container =>
        newContainerStatus(container, reason),
      ),
    });
  }

  /** Makes a pod that has all it needs ready in one step. Tells whether it did. */
  #startAtOnce(): boolean {
    const { pod } = this;
    const { behaviours, cluster, nodes } = this.tools;
    const hasAll =
      initContainersOf(pod).length === 0 &&
      (pod.spec.restartPolicy ?? 'Always') === 'Always' &&
      !missingVolume(cluster, pod) &&
      containersOf(pod).every(
        container =>
          behaviours.of(pod, container) === 'healthy' &&
          !pullProblem(container.image) &&
          !missingEnvironment(cluster, pod.metadata.namespace!, container),
      );
    if (!hasAll) {
      return false;
    }
    const node = nodes.addressOf(pod.spec.nodeName);
    const address = nodes.takeAddress(pod);
    const startedAt = timestamp();
    this.#write(pod, {
      ...pod.status,
      hostIP: node,
      hostIPs: [{ ip: node }],
      podIP: address,
      podIPs: [{ ip: address }],
      startTime: startedAt,
      containerStatuses: containersOf(pod).map(container => {
        nodes.addImage(pod.spec.nodeName, container.image);
        return {
          ...newContainerStatus(container, ''),
          ...runningContainer(this.uid, container, 0),
          ready: true,
        };
      }),
    });
    return true;
  }

  #giveAddress() {
    const { pod } = this;
    const address = this.tools.nodes.takeAddress(pod);
    this.#write(pod, {
      ...pod.status,
      podIP: address,
      podIPs: [{ ip: address }],
    });
  }

  async #mount(): Promise<void> {
    for (;;) {
      const problem = missingVolume(this.tools.cluster, this.pod);
      if (!problem) {
        return;
      }
      this.record('Warning', 'FailedMount', problem);
      // The kubelet tries again by itself too, and says so again: events do not last.
      const woken = new AbortController();
      try {
        await Promise.race([
          this.tools.waitForReferences(
            this.pod.metadata.namespace!,
            AbortSignal.any([this.signal, woken.signal]),
          ),
          this.wait(60_000, 120_000),
        ]);
      } finally {
        woken.abort();
      }
    }
  }

  async #end(): Promise<void> {
    const { pod } = this;
    for (const { name } of containersOf(pod)) {
      if (findContainer(pod, name)?.state.running) {
        this.record('Normal', 'Killing', `Stopping container ${name}`);
      }
    }
    const grace: number = pod.metadata.deletionGracePeriodSeconds === 0 ? 0 : 1;
    await this.wait(grace * 500, grace * 1500);
    this.tools.nodes.removePod(this.pod);
  }

  #write(pod: KubernetesObject, status: Record<string, unknown>) {
    const containers = (status.containerStatuses ?? []) as ContainerStatus[];
    const init = (status.initContainerStatuses ?? []) as ContainerStatus[];
    const phase = init.some(
      ({ state, lastState }) => !state.terminated && !lastState.terminated,
    )
      ? 'Pending'
      : phaseOf(containers, pod.spec.restartPolicy ?? 'Always');
    writeStatus(
      this.tools.cluster,
      pod,
      {
        ...status,
        phase,
        conditions: podConditions(pod.status?.conditions, {
          phase,
          containers,
          initialized: init.every(
            ({ state }) => state.terminated?.exitCode === 0,
          ),
          sandboxReady:
            !!status.podIP && phase !== 'Succeeded' && phase !== 'Failed',
        }),
      },
      'kubelet',
    );
  }

  #guard(work: Promise<void>) {
    work.catch(error => {
      const stopped =
        error instanceof Stopped || (error as Error).name === 'AbortError';
      if (!stopped && (error as { code?: unknown }).code !== 404) {
        this.tools.context.log(
          this.tools.cluster.name,
          `kubelet failed on ${this.#key}: ${(error as Error).stack}`,
        );
      }
    });
  }
}

function containersOf(pod: KubernetesObject): readonly BehavingContainer[] {
  return pod.spec.containers;
}

function initContainersOf(pod: KubernetesObject): readonly BehavingContainer[] {
  return pod.spec.initContainers ?? [];
}
