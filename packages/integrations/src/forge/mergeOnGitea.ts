import type { UpstreamHttp, UpstreamRequest } from '../core/UpstreamHttp';
import { forgeFailureOf, notMergeable } from './errors';
import { repositoryPath } from './forgePath';
import type { GitForge, MergePullRequestOptions } from './GitForge';
import * as schemas from './giteaSchemas';
import type { PullRequest, RepositoryRef } from './types';
import { pause, waitForMergeable } from './waitForMergeable';

/** How long it waits after a refusal, in milliseconds. */
const PAUSE_MS = 250;

/** The call for one pull request. @internal */
export function giteaPullCall(
  repository: RepositoryRef,
  number: number,
  signal?: AbortSignal,
): UpstreamRequest {
  return {
    operation: 'get-pull-request',
    path: `${repositoryPath(repository)}/pulls/${number}`,
    signal,
  };
}

/**
 * Merges a pull request.
 *
 * @remarks
 * Gitea finds out in the background whether a merge is possible, after it was opened and after each push. Until then
 * it refuses with the words of a conflict, also if it has just said that it can be merged.
 *
 * @param patienceMs - how long such a refusal is not believed
 * @internal
 */
export async function mergeOnGitea(
  forge: GitForge,
  http: UpstreamHttp,
  options: MergePullRequestOptions,
  patienceMs: number,
): Promise<PullRequest> {
  const { repository, number, expectedHead, signal } = options;
  const read = () =>
    http.json(giteaPullCall(repository, number, signal), schemas.pullSchema);
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const pull = await waitForMergeable(read, deadline, signal);
    if (pull.state === 'merged') {
      return pull;
    }
    if (pull.state === 'closed') {
      throw notMergeable(forge, number);
    }
    if (await tryMerge(http, options, expectedHead ?? pull.head.sha)) {
      return read();
    }
    const left = deadline - Date.now();
    if (left <= 0) {
      throw notMergeable(forge, number);
    }
    await pause(Math.min(PAUSE_MS, left), signal);
  }
}

/** @returns false if Gitea says that it cannot, or not yet */
async function tryMerge(
  http: UpstreamHttp,
  options: MergePullRequestOptions,
  head: string,
): Promise<boolean> {
  const { repository, number, method, title, message, signal } = options;
  try {
    await http.send({
      operation: 'merge-pull-request',
      method: 'POST',
      path: `${repositoryPath(repository)}/pulls/${number}/merge`,
      body: {
        Do: method ?? 'merge',
        MergeTitleField: title,
        MergeMessageField: message,
        head_commit_id: head,
      },
      signal,
    });
    return true;
  } catch (error) {
    if (forgeFailureOf(error)?.type === 'not-mergeable') {
      return false;
    }
    throw error;
  }
}
