import { setTimeout as wait } from 'node:timers/promises';
import type { PullRequest } from './types';

/** How often the forge is asked, in milliseconds. */
const INTERVAL_MS = 250;

/**
 * Asks until the forge knows that a pull request can be merged.
 *
 * @remarks
 * Forges find that out in the background after a pull request was opened or its branches moved. Gitea says
 * `mergeable: false` until then, so only patience tells a conflict from haste.
 *
 * @param deadline - until when a `false` is not believed, in milliseconds since 1970
 * @returns the pull request as it was last seen: merged, closed, mergeable or not
 * @internal
 */
export async function waitForMergeable(
  read: () => Promise<PullRequest>,
  deadline: number,
  signal?: AbortSignal,
): Promise<PullRequest> {
  for (;;) {
    const pull = await read();
    const left = deadline - Date.now();
    if (pull.state !== 'open' || pull.mergeable === true || left <= 0) {
      return pull;
    }
    await pause(Math.min(INTERVAL_MS, left), signal);
  }
}

/** Waits, but not for a caller who does not: the next call then says that it was cancelled. @internal */
export async function pause(
  milliseconds: number,
  signal?: AbortSignal,
): Promise<void> {
  await wait(milliseconds, undefined, { signal }).catch(() => {});
}
