import { z } from 'zod';
import type {
  ForgeCommit,
  ForgeRepository,
  PullRequest,
  WorkflowRun,
} from './types';

/** @internal */
export const accountSchema = z.object({
  login: z.string(),
  type: z.string(),
});

/** @internal */
export const repositorySchema = z
  .object({
    name: z.string(),
    owner: z.object({ login: z.string() }),
    description: z.string().nullable(),
    private: z.boolean(),
    archived: z.boolean().default(false),
    default_branch: z.string(),
    html_url: z.string(),
    clone_url: z.string(),
  })
  .transform(
    (answer): ForgeRepository => ({
      owner: answer.owner.login,
      name: answer.name,
      description: answer.description ?? '',
      private: answer.private,
      archived: answer.archived,
      defaultBranch: answer.default_branch,
      url: answer.html_url,
      cloneUrl: answer.clone_url,
    }),
  );

/** @internal */
export const foundRepositoriesSchema = z.object({
  items: z.array(repositorySchema),
});

/** @internal */
export const refSchema = z
  .object({ object: z.object({ sha: z.string() }) })
  .transform(({ object }) => object.sha);

/** @internal */
export const shaSchema = z.object({ sha: z.string() });

/** A commit of the Git database. @internal */
export const gitCommitSchema = z.object({
  sha: z.string(),
  html_url: z.string(),
  tree: shaSchema,
});

const signatureSchema = z
  .object({
    name: z.string().optional(),
    email: z.string().optional(),
    date: z.string().optional(),
  })
  .nullable();

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
    parents: z.array(shaSchema),
  })
  .transform(
    ({ sha, html_url, commit: { message, author, committer }, parents }) =>
      ({
        sha,
        message,
        author: { name: author?.name ?? '', email: author?.email ?? '' },
        authoredAt: author?.date ?? '',
        committedAt: committer?.date ?? '',
        parents: parents.map(parent => parent.sha),
        url: html_url,
      } satisfies ForgeCommit),
  );

/** @internal */
export const comparisonSchema = z.object({
  total_commits: z.number(),
  commits: z.array(commitSchema),
});

/** @internal */
export const fileSchema = z.object({
  type: z.string(),
  path: z.string(),
  sha: z.string(),
  html_url: z.string().nullable(),
  encoding: z.string().optional(),
  content: z.string().optional(),
});

/** @internal */
export const blobSchema = z.object({
  content: z.string(),
  encoding: z.string(),
});

/** @internal */
export const treeSchema = z.object({
  tree: z.array(
    z.object({
      path: z.string(),
      type: z.enum(['blob', 'tree', 'commit']),
      sha: z.string(),
      size: z.number().optional(),
    }),
  ),
  truncated: z.boolean(),
});

const endSchema = z.object({ ref: z.string(), sha: z.string() });

/** `mergeable` is only in the answer for one. @internal */
export const pullSchema = z
  .object({
    number: z.number(),
    title: z.string(),
    body: z.string().nullable(),
    state: z.string(),
    mergeable: z.boolean().nullish(),
    merged_at: z.string().nullable(),
    merge_commit_sha: z.string().nullish(),
    user: z.object({ login: z.string() }).nullable(),
    head: endSchema,
    base: endSchema,
    created_at: z.string(),
    updated_at: z.string(),
    html_url: z.string(),
  })
  .transform((pull): PullRequest => {
    const closed = pull.merged_at ? 'merged' : 'closed';
    return {
      number: pull.number,
      title: pull.title,
      body: pull.body ?? '',
      state: pull.state === 'open' ? 'open' : closed,
      head: { branch: pull.head.ref, sha: pull.head.sha },
      base: { branch: pull.base.ref, sha: pull.base.sha },
      mergeable:
        pull.state === 'open' ? pull.mergeable ?? undefined : undefined,
      mergedAt: pull.merged_at ?? undefined,
      // Before the merge it is a commit that GitHub only tries.
      mergeCommit: pull.merged_at
        ? pull.merge_commit_sha ?? undefined
        : undefined,
      author: pull.user?.login ?? 'ghost',
      createdAt: pull.created_at,
      updatedAt: pull.updated_at,
      url: pull.html_url,
    };
  });

const STATUSES: Record<string, WorkflowRun['status']> = {
  in_progress: 'running',
  completed: 'completed',
};

/** @internal */
export const runsSchema = z
  .object({
    workflow_runs: z.array(
      z.object({
        id: z.number(),
        run_number: z.number(),
        display_title: z.string(),
        path: z.string(),
        event: z.string(),
        head_branch: z.string().nullable(),
        head_sha: z.string(),
        status: z.string().nullable(),
        conclusion: z.string().nullable(),
        run_started_at: z.string().optional(),
        updated_at: z.string(),
        html_url: z.string(),
      }),
    ),
  })
  .transform(({ workflow_runs }) =>
    workflow_runs.map((run): WorkflowRun => {
      const status = STATUSES[run.status ?? ''] ?? 'queued';
      return {
        id: run.id,
        number: run.run_number,
        title: run.display_title,
        workflow: run.path.replace(/@.*$/, '').split('/').pop()!,
        event: run.event,
        branch: run.head_branch ?? undefined,
        sha: run.head_sha,
        status,
        conclusion: run.conclusion ?? undefined,
        startedAt: status === 'queued' ? undefined : run.run_started_at,
        // The API has no time of the end; nothing changes a run after it.
        completedAt: status === 'completed' ? run.updated_at : undefined,
        url: run.html_url,
      };
    }),
  );
