import type { KubernetesObject } from '../KubernetesCluster';
import type { Timers } from './Timers';
import { isReady } from './podState';

/**
 * Knows which ready pods have been ready for `minReadySeconds`.
 *
 * @internal
 */
export class Availability {
  readonly #timers: Timers;
  readonly #available = new Set<string>();

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  /**
   * Whether a pod counts as available.
   *
   * @param onAvailable - called later if it does not count yet
   */
  isAvailable(
    pod: KubernetesObject,
    minReadySeconds: number,
    onAvailable: () => void,
  ): boolean {
    const uid = pod.metadata.uid!;
    if (!isReady(pod)) {
      this.#available.delete(uid);
      this.#timers.cancel(`available ${uid}`);
      return false;
    }
    if (minReadySeconds === 0 || this.#available.has(uid)) {
      return true;
    }
    if (!this.#timers.has(`available ${uid}`)) {
      this.#timers.set(`available ${uid}`, minReadySeconds * 1000, () => {
        this.#available.add(uid);
        onAvailable();
      });
    }
    return false;
  }

  forget(uid: string): void {
    this.#available.delete(uid);
    this.#timers.cancel(`available ${uid}`);
  }
}
