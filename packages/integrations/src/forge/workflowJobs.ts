import { z } from 'zod';
import { forgePath } from './forgePath';
import type { RepositoryRef, WorkflowJob, WorkflowRun } from './types';

/** How many jobs of a run are read. */
const MOST_JOBS = 100;

/** Go's time that is none begins with the year 1. */
const time = z
  .string()
  .nullish()
  .transform(text => (text && !text.startsWith('0001-') ? text : undefined));

const conclusion = z
  .string()
  .nullish()
  .transform(text => text || undefined);

const STATUSES: Readonly<Record<string, WorkflowRun['status']>> = {
  in_progress: 'running',
  running: 'running',
  completed: 'completed',
};

const status = z
  .string()
  .nullish()
  .transform(text => STATUSES[text ?? ''] ?? 'queued');

const stepSchema = z
  .object({
    name: z.string(),
    status,
    conclusion,
    started_at: time,
    completed_at: time,
  })
  .transform(step => ({
    name: step.name,
    status: step.status,
    conclusion: step.conclusion,
    startedAt: step.started_at,
    completedAt: step.completed_at,
  }));

/** The jobs of a run: Gitea answers as GitHub does, but for empty lists and times. @internal */
export const workflowJobsSchema = z
  .object({
    jobs: z
      .array(
        z.object({
          id: z.number(),
          name: z.string(),
          status,
          conclusion,
          started_at: time,
          completed_at: time,
          html_url: z.string().nullish(),
          steps: z.array(stepSchema).nullish(),
        }),
      )
      .nullish(),
  })
  .transform(({ jobs }) =>
    (jobs ?? []).map(
      (job): WorkflowJob => ({
        id: job.id,
        name: job.name,
        status: job.status,
        conclusion: job.conclusion,
        startedAt: job.started_at,
        completedAt: job.completed_at,
        url: job.html_url ?? undefined,
        steps: job.steps ?? [],
      }),
    ),
  );

/** The call that reads the jobs of a run. @internal */
export function workflowJobsCall(
  repository: RepositoryRef,
  run: number,
  query: 'limit' | 'per_page',
  signal?: AbortSignal,
) {
  const { name, owner } = repository;
  return {
    operation: 'list-workflow-jobs',
    path: forgePath`/repos/${owner}/${name}/actions/runs/${String(run)}/jobs`,
    query: { [query]: MOST_JOBS },
    signal,
  };
}
