import { z } from 'zod';

/** @internal */
export const accountSchema = z.object({
  id: z.number(),
  login: z.string(),
  fullName: z.string(),
  email: z.string(),
  kind: z.enum(['user', 'organisation']),
  description: z.string().default(''),
  createdAt: z.string(),
});

/** Somebody, or an organisation. @internal */
export type Account = z.infer<typeof accountSchema>;

/** @internal */
export const statusSchema = z.object({
  id: z.number(),
  sha: z.string(),
  state: z.enum(['pending', 'success', 'error', 'failure', 'warning']),
  context: z.string(),
  description: z.string(),
  targetUrl: z.string(),
  creator: z.string(),
  createdAt: z.string(),
});

/** What was said of a commit. @internal */
export type StatusRecord = z.infer<typeof statusSchema>;

/** @internal */
export const pullSchema = z.object({
  id: z.number(),
  number: z.number(),
  title: z.string(),
  body: z.string(),
  state: z.enum(['open', 'closed']),
  author: z.string(),
  head: z.string(),
  base: z.string(),
  /** Where the head was last, also when its branch is gone. */
  headSha: z.string(),
  /** Where the base was when it was opened or merged. */
  baseSha: z.string(),
  mergeBase: z.string(),
  createdAt: z.string(),
  updatedAt: z.string(),
  closedAt: z.string().optional(),
  mergedAt: z.string().optional(),
  mergedBy: z.string().optional(),
  mergeCommit: z.string().optional(),
});

/** A pull request. @internal */
export type PullRecord = z.infer<typeof pullSchema>;

const stepSchema = z.object({
  name: z.string(),
  seconds: z.number(),
  result: z.enum(['success', 'failure', 'skipped']),
  lines: z.array(z.string()),
});

/** @internal */
export const runSchema = z.object({
  id: z.number(),
  number: z.number(),
  title: z.string(),
  workflow: z.string(),
  event: z.enum(['push', 'pull_request', 'workflow_dispatch']),
  branch: z.string(),
  sha: z.string(),
  actor: z.string(),
  createdAt: z.string(),
  jobs: z.array(
    z.object({ id: z.number(), name: z.string(), steps: z.array(stepSchema) }),
  ),
  /** How long it waits before it starts, in seconds. */
  waitSeconds: z.number(),
  /** Undefined while it waits. */
  startedAt: z.string().optional(),
  /** Undefined while it runs. */
  completedAt: z.string().optional(),
});

/** A run of the simulated CI with the outcome that was decided for it. @internal */
export type RunRecord = z.infer<typeof runSchema>;

/** @internal */
export const hookSchema = z.object({
  id: z.number(),
  type: z.string(),
  url: z.string(),
  contentType: z.string(),
  secret: z.string(),
  events: z.array(z.string()),
  branchFilter: z.string(),
  active: z.boolean(),
  createdAt: z.string(),
});

/** An address that is told of pushes. @internal */
export type HookRecord = z.infer<typeof hookSchema>;

/** @internal */
export const releaseSchema = z.object({
  id: z.number(),
  tag: z.string(),
  target: z.string(),
  title: z.string(),
  body: z.string(),
  draft: z.boolean(),
  prerelease: z.boolean(),
  author: z.string(),
  createdAt: z.string(),
});

/** @internal */
export type ReleaseRecord = z.infer<typeof releaseSchema>;

/** @internal */
export const repositorySchema = z.object({
  id: z.number(),
  owner: z.string(),
  name: z.string(),
  description: z.string(),
  website: z.string(),
  private: z.boolean(),
  archived: z.boolean(),
  defaultBranch: z.string(),
  topics: z.array(z.string()),
  createdAt: z.string(),
  updatedAt: z.string(),
  nextNumber: z.number(),
  nextRun: z.number(),
  pulls: z.array(pullSchema),
  statuses: z.array(statusSchema),
  runs: z.array(runSchema),
  hooks: z.array(hookSchema),
  releases: z.array(releaseSchema),
  /** Names of branches that nobody may push to with force, nor delete. */
  protectedBranches: z.array(z.string()),
});

/** All that is known of a repository beside its Git objects. @internal */
export type RepositoryRecord = z.infer<typeof repositorySchema>;

/** @internal */
export const forgeSchema = z.object({
  nextId: z.number(),
  accounts: z.array(accountSchema),
});
