import type { PushEvent } from './Forge';
import type { ForgeService } from './ForgeService';
import { NO_COMMIT } from './git/GitRepository';
import type { RepositoryRecord } from './state/schemas';

/**
 * Keeps the open pull requests of a repository where their branches are; one whose head is gone is closed.
 *
 * @internal
 */
export async function followPulls(
  service: ForgeService,
  record: RepositoryRecord,
  push: PushEvent,
): Promise<void> {
  const { branch, after } = push;
  const git = service.git(record);
  for (const pull of record.pulls) {
    if (pull.state !== 'open') {
      continue;
    }
    if (pull.head === branch) {
      pull.updatedAt = new Date().toISOString();
      if (after === NO_COMMIT) {
        pull.state = 'closed';
        pull.closedAt = pull.updatedAt;
        continue;
      }
      pull.headSha = after;
      service.startCheck(pull);
    }
    const base = await git.branchHead(pull.base);
    if (base && (pull.head === branch || pull.base === branch)) {
      pull.baseSha = base;
      pull.mergeBase =
        (await git.mergeBase(base, pull.headSha)) ?? pull.mergeBase;
    }
  }
  service.state.save(record);
}
