import type { PullRecord } from '../state/schemas';
import type { ForgeCall } from './ForgeRouter';
import { presentRepository, repositoryUrls } from './presentRepository';
import { presentUser } from './presentUser';

/** Whether an open pull request can be merged as it is. @internal */
export async function isMergeable(
  call: ForgeCall,
  pull: PullRecord,
): Promise<boolean> {
  const base = await call.git.branchHead(pull.base);
  if (pull.state !== 'open' || !base || call.service.isChecking(pull)) {
    return false;
  }
  return (await call.git.merge(base, pull.headSha)).clean;
}

/** A pull request as Gitea's `PullRequest`. @internal */
export async function presentPull(call: ForgeCall, pull: PullRecord) {
  const { service, repository, git } = call;
  const { html } = repositoryUrls(service, repository);
  const url = `${html}/pulls/${pull.number}`;
  const repo = presentRepository(service, repository);
  const [changes, mergeable, baseHead] = await Promise.all([
    git.diff(pull.mergeBase, pull.headSha),
    isMergeable(call, pull),
    git.branchHead(pull.base),
  ]);
  const sum = (key: 'additions' | 'deletions') =>
    changes.reduce((total, change) => total + change[key], 0);
  return {
    id: pull.id,
    url,
    number: pull.number,
    user: presentUser(service, pull.author),
    title: pull.title,
    body: pull.body,
    labels: [],
    milestone: null,
    assignee: null,
    assignees: [],
    requested_reviewers: [],
    requested_reviewers_teams: [],
    state: pull.state,
    draft: /^(?:WIP:|\[WIP\])/i.test(pull.title),
    is_locked: false,
    comments: 0,
    additions: sum('additions'),
    deletions: sum('deletions'),
    changed_files: changes.length,
    html_url: url,
    diff_url: `${url}.diff`,
    patch_url: `${url}.patch`,
    mergeable,
    merged: pull.mergedAt !== undefined,
    merged_at: pull.mergedAt ?? null,
    merge_commit_sha: pull.mergeCommit ?? null,
    merged_by: pull.mergedBy ? presentUser(service, pull.mergedBy) : null,
    allow_maintainer_edit: false,
    base: {
      label: pull.base,
      ref: pull.base,
      sha: (pull.state === 'open' && baseHead) || pull.baseSha,
      repo_id: repository.id,
      repo,
    },
    head: {
      label: pull.head,
      ref: pull.head,
      sha: pull.headSha,
      repo_id: repository.id,
      repo,
    },
    merge_base: pull.mergeBase,
    due_date: null,
    created_at: pull.createdAt,
    updated_at: pull.updatedAt,
    closed_at: pull.closedAt ?? null,
    pin_order: 0,
  };
}
