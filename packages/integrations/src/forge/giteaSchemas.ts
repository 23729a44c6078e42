import { z } from 'zod';
import type {
  ForgeCommit,
  ForgeRepository,
  PullRequest,
  WorkflowRun,
} from './types';

/** Go's time that is none. */
const NEVER = /^0001-01-01|^1970-01-01T00:00:00/;

/** @internal */
export const versionSchema = z.object({ version: z.string() });

/** @internal */
export const userSchema = z.object({ login: z.string() });

/** @internal */
export const repositorySchema = z
  .object({
    name: z.string(),
    owner: userSchema,
    description: z.string(),
    private: z.boolean(),
    archived: z.boolean(),
    default_branch: z.string(),
    html_url: z.string(),
    clone_url: z.string(),
  })
  .transform(
    (answer): ForgeRepository => ({
      owner: answer.owner.login,
      name: answer.name,
      description: answer.description,
      private: answer.private,
      archived: answer.archived,
      defaultBranch: answer.default_branch,
      url: answer.html_url,
      cloneUrl: answer.clone_url,
    }),
  );

/** @internal */
export const accountSchema = z.object({ id: z.number() });

/** @internal */
export const foundRepositoriesSchema = z.object({
  data: z.array(repositorySchema),
});

/** @internal */
export const branchSchema = z
  .object({ commit: z.object({ id: z.string() }) })
  .transform(({ commit }) => commit.id);

const signatureSchema = z.object({
  name: z.string(),
  email: z.string(),
  date: z.string(),
});

/** @internal */
export const commitSchema = z
  .object({
    sha: z.string(),
    html_url: z.string(),
    commit: z.object({
      message: z.string(),
      author: signatureSchema,
      committer: signatureSchema,
    }),
    parents: z.array(z.object({ sha: z.string() })).nullable(),
  })
  .transform(
    ({ sha, html_url, commit, parents }): ForgeCommit => ({
      sha,
      message: commit.message,
      author: { name: commit.author.name, email: commit.author.email },
      authoredAt: commit.author.date,
      committedAt: commit.committer.date,
      parents: (parents ?? []).map(parent => parent.sha),
      url: html_url,
    }),
  );

/** `null` if there are none. @internal */
export const commitsSchema = z
  .array(commitSchema)
  .nullable()
  .transform(commits => commits ?? []);

/** @internal */
export const comparisonSchema = z.object({
  total_commits: z.number(),
  commits: commitsSchema,
});

/** @internal */
export const writtenSchema = z.object({
  commit: z.object({
    sha: z.string(),
    html_url: z.string(),
    parents: z.array(z.object({ sha: z.string() })).nullable(),
  }),
});

/** @internal */
export const fileSchema = z.object({
  type: z.string(),
  path: z.string(),
  sha: z.string(),
  html_url: z.string().nullable(),
  encoding: z.string().nullable(),
  content: z.string().nullable(),
});

/** @internal */
export const treeSchema = z.object({
  sha: z.string(),
  tree: z
    .array(
      z.object({
        path: z.string(),
        type: z.enum(['blob', 'tree', 'commit']),
        sha: z.string(),
        size: z.number().optional(),
      }),
    )
    .nullable()
    .transform(entries => entries ?? []),
  truncated: z.boolean(),
});

const endSchema = z.object({ ref: z.string(), sha: z.string() });

/** @internal */
export const pullSchema = z
  .object({
    number: z.number(),
    title: z.string(),
    body: z.string().nullable(),
    state: z.enum(['open', 'closed']),
    merged: z.boolean(),
    mergeable: z.boolean(),
    merged_at: z.string().nullish(),
    merge_commit_sha: z.string().nullish(),
    user: userSchema,
    head: endSchema,
    base: endSchema,
    created_at: z.string(),
    updated_at: z.string(),
    html_url: z.string(),
  })
  .transform(
    (pull): PullRequest => ({
      number: pull.number,
      title: pull.title,
      body: pull.body ?? '',
      state: pull.merged ? 'merged' : pull.state,
      head: { branch: pull.head.ref, sha: pull.head.sha },
      base: { branch: pull.base.ref, sha: pull.base.sha },
      mergeable: pull.state === 'open' ? pull.mergeable : undefined,
      mergedAt: pull.merged_at ?? undefined,
      mergeCommit: pull.merged ? pull.merge_commit_sha ?? undefined : undefined,
      author: pull.user.login,
      createdAt: pull.created_at,
      updatedAt: pull.updated_at,
      url: pull.html_url,
    }),
  );

/** Gitea says `queued` and `in_progress`; while it waits for a runner, some versions say `waiting` or `blocked`. */
const STATUSES: Record<string, WorkflowRun['status']> = {
  in_progress: 'running',
  running: 'running',
  completed: 'completed',
};

/** @internal */
export const runsSchema = z
  .object({
    workflow_runs: z
      .array(
        z.object({
          id: z.number(),
          run_number: z.number(),
          display_title: z.string(),
          path: z.string(),
          event: z.string(),
          head_branch: z.string().optional(),
          head_sha: z.string(),
          status: z.string(),
          conclusion: z.string().optional(),
          started_at: z.string(),
          completed_at: z.string(),
          html_url: z.string(),
        }),
      )
      .nullable(),
  })
  .transform(({ workflow_runs }) =>
    (workflow_runs ?? []).map(
      (run): WorkflowRun => ({
        id: run.id,
        number: run.run_number,
        title: run.display_title,
        workflow: run.path.replace(/@.*$/, ''),
        event: run.event,
        branch: run.head_branch || undefined,
        sha: run.head_sha,
        status: STATUSES[run.status] ?? 'queued',
        conclusion: run.conclusion || undefined,
        startedAt: toTime(run.started_at),
        completedAt: toTime(run.completed_at),
        url: run.html_url,
      }),
    ),
  );

function toTime(text: string): string | undefined {
  return NEVER.test(text) ? undefined : text;
}
