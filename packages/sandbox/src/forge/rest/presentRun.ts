import { succeeds } from '../ci/planRun';
import type { RunRecord } from '../state/schemas';
import type { ForgeCall } from './ForgeRouter';
import { presentRepository, repositoryUrls } from './presentRepository';
import { presentUser } from './presentUser';

/** Go's time that is none. */
const NEVER = '0001-01-01T00:00:00Z';

/** Where a run stands, in the words of the API. @internal */
export function runState(
  run: RunRecord,
): 'queued' | 'in_progress' | 'completed' {
  if (run.completedAt) {
    return 'completed';
  }
  return run.startedAt ? 'in_progress' : 'queued';
}

/** A run as Gitea's `ActionWorkflowRun`. @internal */
export function presentRun(call: ForgeCall, run: RunRecord) {
  const { service, repository } = call;
  const { api, html } = repositoryUrls(service, repository);
  const repo = presentRepository(service, repository);
  const actor = presentUser(service, run.actor);
  const file = run.workflow.split('/').pop();
  return {
    id: run.id,
    url: `${api}/actions/runs/${run.id}`,
    html_url: `${html}/actions/runs/${run.number}`,
    display_title: run.title,
    path: `${file}@refs/heads/${run.branch}`,
    event: run.event,
    run_attempt: 1,
    run_number: run.number,
    repository_id: repository.id,
    head_sha: run.sha,
    head_branch: run.branch,
    status: runState(run),
    actor,
    trigger_actor: actor,
    repository: repo,
    head_repository: repo,
    ...(run.completedAt && {
      conclusion: succeeds(run) ? 'success' : 'failure',
    }),
    started_at: run.startedAt ?? NEVER,
    completed_at: run.completedAt ?? NEVER,
  };
}

/** A job of a run as Gitea's `ActionWorkflowJob`. @internal */
export function presentJob(
  call: ForgeCall,
  run: RunRecord,
  job: RunRecord['jobs'][number],
) {
  const { api, html } = repositoryUrls(call.service, call.repository);
  const index = run.jobs.indexOf(job);
  const secondsBefore = run.jobs
    .slice(0, index)
    .flatMap(({ steps }) => steps)
    .reduce((sum, step) => sum + step.seconds, 0);
  const start = run.startedAt
    ? Date.parse(run.startedAt) + secondsBefore * 1000
    : undefined;
  let offset = start;
  const steps = job.steps.map((step, stepIndex) => {
    const startedAt = offset;
    const completedAt =
      offset === undefined ? undefined : offset + step.seconds * 1000;
    offset = completedAt;
    return {
      name: step.name,
      number: stepIndex,
      status: runState(run),
      ...(run.completedAt && { conclusion: step.result }),
      started_at: toTime(startedAt),
      completed_at: run.completedAt ? toTime(completedAt) : NEVER,
    };
  });
  return {
    id: job.id,
    url: `${api}/actions/jobs/${job.id}`,
    html_url: `${html}/actions/runs/${run.number}/jobs/${index}`,
    run_id: run.id,
    run_url: `${api}/actions/runs/${run.id}`,
    name: job.name,
    labels: ['ubuntu-latest'],
    run_attempt: 1,
    head_sha: run.sha,
    head_branch: run.branch,
    status: runState(run),
    ...(run.completedAt && {
      conclusion: conclude(job),
    }),
    runner_id: 1,
    runner_name: 'simulated',
    steps,
    created_at: run.createdAt,
    started_at: toTime(start),
    completed_at: run.completedAt ? toTime(offset) : NEVER,
  };
}

/** A run as Gitea's `ActionTask`. @internal */
export function presentTask(call: ForgeCall, run: RunRecord) {
  const { html } = repositoryUrls(call.service, call.repository);
  const states = {
    queued: 'waiting',
    in_progress: 'running',
    completed: succeeds(run) ? 'success' : 'failure',
  };
  return {
    id: run.id,
    name: run.jobs[0]?.name ?? '',
    head_branch: run.branch,
    head_sha: run.sha,
    run_number: run.number,
    event: run.event,
    display_title: run.title,
    status: states[runState(run)],
    workflow_id: run.workflow.split('/').pop(),
    url: `${html}/actions/runs/${run.number}`,
    created_at: run.createdAt,
    updated_at: run.completedAt ?? run.startedAt ?? run.createdAt,
    run_started_at: run.startedAt ?? NEVER,
  };
}

function conclude(job: RunRecord['jobs'][number]): string {
  const isAll = (wanted: string) =>
    job.steps.every(({ result }) => result === wanted);
  if (isAll('success')) {
    return 'success';
  }
  return isAll('skipped') ? 'skipped' : 'failure';
}

function toTime(milliseconds: number | undefined): string {
  return milliseconds === undefined
    ? NEVER
    : new Date(milliseconds).toISOString();
}
