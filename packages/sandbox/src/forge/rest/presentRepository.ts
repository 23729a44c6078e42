import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ForgeService } from '../ForgeService';
import type { RepositoryRecord } from '../state/schemas';
import { presentUser } from './presentUser';

/** Where a repository is reached. @internal */
export function repositoryUrls(
  service: ForgeService,
  record: { owner: string; name: string },
) {
  const html = `${service.url}/${record.owner}/${record.name}`;
  return {
    html,
    api: `${service.url}/api/v1/repos/${record.owner}/${record.name}`,
    clone: `${html}.git`,
  };
}

/** A repository as Gitea's `Repository`. @internal */
export function presentRepository(
  service: ForgeService,
  record: RepositoryRecord,
) {
  const urls = repositoryUrls(service, record);
  return {
    id: record.id,
    owner: presentUser(service, record.owner),
    name: record.name,
    full_name: `${record.owner}/${record.name}`,
    description: record.description,
    empty: isEmpty(service.state.repositoryFolder(record)),
    private: record.private,
    fork: false,
    template: false,
    mirror: false,
    size: 0,
    language: '',
    languages_url: `${urls.api}/languages`,
    html_url: urls.html,
    url: urls.api,
    link: '',
    ssh_url: '',
    clone_url: urls.clone,
    original_url: '',
    website: record.website,
    stars_count: 0,
    forks_count: 0,
    watchers_count: 0,
    open_issues_count: 0,
    open_pr_counter: record.pulls.filter(({ state }) => state === 'open')
      .length,
    release_counter: record.releases.length,
    default_branch: record.defaultBranch,
    archived: record.archived,
    created_at: record.createdAt,
    updated_at: record.updatedAt,
    archived_at: '1970-01-01T00:00:00Z',
    permissions: { admin: true, push: true, pull: true },
    has_code: true,
    has_issues: false,
    has_wiki: false,
    has_pull_requests: true,
    has_projects: false,
    has_releases: true,
    has_packages: false,
    has_actions: true,
    ignore_whitespace_conflicts: false,
    allow_merge_commits: true,
    allow_rebase: true,
    allow_rebase_explicit: true,
    allow_squash_merge: true,
    allow_fast_forward_only_merge: true,
    allow_rebase_update: true,
    default_delete_branch_after_merge: false,
    default_merge_style: 'merge',
    default_allow_maintainer_edit: false,
    avatar_url: '',
    internal: false,
    mirror_interval: '',
    object_format_name: 'sha1',
    mirror_updated: '0001-01-01T00:00:00Z',
    topics: record.topics,
    licenses: [],
  };
}

/** Without a process: a branch is a file or a line of `packed-refs`. */
function isEmpty(folder: string): boolean {
  const heads = join(folder, 'refs', 'heads');
  return (
    !existsSync(join(folder, 'packed-refs')) &&
    (!existsSync(heads) || readdirSync(heads).length === 0)
  );
}
