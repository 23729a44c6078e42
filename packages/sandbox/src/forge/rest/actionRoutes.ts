import { succeeds } from '../ci/planRun';
import { ForgeError } from '../ForgeError';
import type { RunRecord } from '../state/schemas';
import type { ForgeCall, ForgeRouter } from './ForgeRouter';
import { presentJob, presentRun, presentTask, runState } from './presentRun';

/** Runs of the simulated CI, as Gitea 1.24 and later show runs of its Actions. @internal */
export function addActionRoutes(router: ForgeRouter): void {
  router
    .on('get', '/repos/:owner/:name/actions/runs', call => {
      const runs = findRuns(call);
      const { skip, limit } = call.page();
      call.setPaging(runs.length);
      call.res.json({
        workflow_runs: runs
          .slice(skip, skip + limit)
          .map(run => presentRun(call, run)),
        total_count: runs.length,
      });
    })
    .on('get', '/repos/:owner/:name/actions/runs/:run', call => {
      call.res.json(presentRun(call, findRun(call)));
    })
    .on('get', '/repos/:owner/:name/actions/runs/:run/jobs', call => {
      const run = findRun(call);
      call.res.json({
        jobs: run.jobs.map(job => presentJob(call, run, job)),
        total_count: run.jobs.length,
      });
    })
    .on('get', '/repos/:owner/:name/actions/jobs/:job', call => {
      const { run, job } = findJob(call);
      call.res.json(presentJob(call, run, job));
    })
    .on('get', '/repos/:owner/:name/actions/jobs/:job/logs', call => {
      const { run, job } = findJob(call);
      if (!run.completedAt) {
        throw ForgeError.notFound();
      }
      call.res
        .type('text/plain')
        .send(`${job.steps.flatMap(({ lines }) => lines).join('\n')}\n`);
    })
    .on('get', '/repos/:owner/:name/actions/tasks', call => {
      const runs = [...call.repository.runs].reverse();
      const { skip, limit } = call.page();
      call.setPaging(runs.length);
      call.res.json({
        workflow_runs: runs
          .slice(skip, skip + limit)
          .map(run => presentTask(call, run)),
        total_count: runs.length,
      });
    });
}

function findRuns(call: ForgeCall): RunRecord[] {
  const [event, branch, status, actor, sha] = [
    'event',
    'branch',
    'status',
    'actor',
    'head_sha',
  ].map(name => call.query(name));
  return call.repository.runs
    .filter(
      run =>
        (event === undefined || run.event === event) &&
        (branch === undefined || run.branch === branch) &&
        (actor === undefined || run.actor === actor) &&
        (sha === undefined || run.sha === sha) &&
        (status === undefined ||
          status === runState(run) ||
          (run.completedAt !== undefined &&
            status === (succeeds(run) ? 'success' : 'failure'))),
    )
    .reverse();
}

function findRun(call: ForgeCall): RunRecord {
  const run = call.repository.runs.find(
    ({ id }) => String(id) === call.req.params.run,
  );
  if (!run) {
    throw ForgeError.notFound();
  }
  return run;
}

function findJob(call: ForgeCall) {
  for (const run of call.repository.runs) {
    const job = run.jobs.find(({ id }) => String(id) === call.req.params.job);
    if (job) {
      return { run, job };
    }
  }
  throw ForgeError.notFound();
}
