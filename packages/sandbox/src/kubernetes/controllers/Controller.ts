import type { SandboxContext } from '../../core/SandboxContext';
import type {
  ClusterEvent,
  KubernetesCluster,
  TypeRef,
} from '../KubernetesCluster';
import type { Timers } from './Timers';

/**
 * What every controller works with.
 *
 * @internal
 */
export interface ControllerTools {
  readonly context: SandboxContext;
  readonly cluster: KubernetesCluster;
  readonly timers: Timers;
  /** Whether the cluster is being filled, so that pods start without delays and events. */
  readonly isQuick?: () => boolean;
}

/**
 * Puts keys back into a controller's own queue.
 *
 * @internal
 */
export interface ControllerQueue {
  add(key: string): void;
  /** Adds the key after a delay; a later call for the same key replaces an earlier one. */
  addAfter(key: string, milliseconds: number): void;
  /** Adds the key at a time of the wall clock, whatever the sandbox's speed. */
  addAt(key: string, time: Date): void;
}

/**
 * Brings what is asked for and what is there together, one key at a time.
 *
 * @remarks
 * A reconcile is synchronous, as every call of the cluster takes effect at once: what it reads is never stale.
 *
 * @internal
 */
export interface Controller {
  /** As the real one calls itself in events, such as `deployment-controller`. */
  readonly name: string;
  readonly watches: readonly ControllerWatch[];
  reconcile(key: string, queue: ControllerQueue): void;
  /** Runs once, before the first watch. */
  start?(queue: ControllerQueue): void;
  stop?(): void;
}

/** @internal */
export interface ControllerWatch {
  readonly type: TypeRef;
  /** The keys that a change of such an object concerns. */
  keys(event: ClusterEvent): readonly string[];
}
