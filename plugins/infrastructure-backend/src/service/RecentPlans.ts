import type { DesiredResource, Plan } from '../provisioner/Provisioner';
import { hashBody } from './hashBody';

const REMEMBERED_MS = 10_000;
const MOST = 500;

/**
 * What a cluster accepted a moment ago in a preview, so that submitting the same does not ask it again.
 *
 * @remarks
 * Policies may change in between: the cluster has the last word when it is applied, and what it refuses then fails with
 * its reason. It is in memory; another replica asks the cluster.
 */
export class RecentPlans {
  readonly #until = new Map<string, number>();

  /** Only what was accepted is remembered. */
  remember(resource: DesiredResource, { verdicts }: Plan): void {
    const key = keyOf(resource);
    this.#until.delete(key);
    if (verdicts.length > 0) {
      return;
    }
    this.#until.set(key, Date.now() + REMEMBERED_MS);
    const [oldest] = this.#until.keys();
    if (this.#until.size > MOST) {
      this.#until.delete(oldest);
    }
  }

  /** Whether the same was accepted. It is said once. */
  takeAccepted(resource: DesiredResource): boolean {
    const key = keyOf(resource);
    const until = this.#until.get(key);
    this.#until.delete(key);
    return until !== undefined && until > Date.now();
  }
}

/** Everything but which request it is for: a preview has none yet. */
function keyOf({ requestId: _id, ...content }: DesiredResource): string {
  return hashBody(content);
}
