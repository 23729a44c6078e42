import { z } from 'zod';
import { ForgeError } from '../ForgeError';
import { NO_COMMIT } from '../git/GitRepository';
import type { GitRepository } from '../git/GitRepository';
import type { PullRecord } from '../state/schemas';
import type { ForgeCall } from './ForgeRouter';
import { isMergeable } from './presentPull';

const schema = z.object({
  Do: z.enum(
    ['merge', 'squash', 'rebase', 'rebase-merge', 'fast-forward-only'],
    'In',
  ),
  MergeTitleField: z.string().optional(),
  MergeMessageField: z.string().optional(),
  head_commit_id: z.string().optional(),
  delete_branch_after_merge: z.boolean().optional(),
});

/**
 * Merges a pull request.
 *
 * @remarks
 * Like Gitea, a conflict is a 405 that says to try again: ask for `mergeable` before. A rebase of several commits is
 * written as one, as the sandbox replays none.
 *
 * @internal
 */
export async function mergePull(
  call: ForgeCall,
  pull: PullRecord,
): Promise<void> {
  const body = call.body(schema);
  const { git, repository: record, service, writer } = call;
  if (pull.mergedAt) {
    throw new ForgeError(405, 'The PR is already merged');
  }
  if (pull.state === 'closed') {
    throw ForgeError.notFound();
  }
  if (body.head_commit_id && body.head_commit_id !== pull.headSha) {
    throw new ForgeError(409, 'head out of date');
  }
  if (!(await isMergeable(call, pull))) {
    throw new ForgeError(405, 'Please try again later');
  }
  const base = (await git.branchHead(pull.base))!;
  const after = await writeMerge(git, base, pull, body, {
    name: writer.fullName || writer.login,
    email: writer.email,
  });
  const ref = `refs/heads/${pull.base}`;
  try {
    await git.updateRefs([{ ref, from: base, to: after }]);
  } catch {
    throw new ForgeError(409, 'merge push out of date');
  }
  const now = new Date().toISOString();
  Object.assign(pull, {
    state: 'closed',
    baseSha: base,
    closedAt: now,
    updatedAt: now,
    mergedAt: now,
    mergedBy: writer.login,
    mergeCommit: after,
  });
  const changes = [{ ref, before: base, after }];
  if (body.delete_branch_after_merge) {
    const head = {
      ref: `refs/heads/${pull.head}`,
      before: pull.headSha,
      after: NO_COMMIT,
    };
    await git.updateRefs([
      { ref: head.ref, from: head.before, to: head.after },
    ]);
    changes.push(head);
  }
  service.announce(record, changes, writer.login);
  call.res.status(200).end();
}

async function writeMerge(
  git: GitRepository,
  base: string,
  pull: PullRecord,
  body: z.output<typeof schema>,
  author: { name: string; email: string },
): Promise<string> {
  const forward = (await git.mergeBase(base, pull.headSha)) === base;
  if (body.Do === 'fast-forward-only' || (body.Do === 'rebase' && forward)) {
    if (!forward) {
      throw new ForgeError(405, 'Please try again later');
    }
    return pull.headSha;
  }
  const { tree } = await git.merge(base, pull.headSha);
  const isMerge = body.Do === 'merge' || body.Do === 'rebase-merge';
  const title =
    body.MergeTitleField ||
    (isMerge
      ? `Merge pull request '${pull.title}' (#${pull.number}) from ${pull.head} into ${pull.base}`
      : `${pull.title} (#${pull.number})`);
  const message = [title, body.MergeMessageField].filter(Boolean).join('\n\n');
  return git.writeCommit({
    tree,
    parents: isMerge ? [base, pull.headSha] : [base],
    message: `${message}\n`,
    author,
  });
}
