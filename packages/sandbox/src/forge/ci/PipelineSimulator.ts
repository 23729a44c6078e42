import type { PushEvent } from '../Forge';
import type { ForgeService } from '../ForgeService';
import { NO_COMMIT } from '../git/GitRepository';
import type { NewCommit } from '../git/importCommits';
import type { RepositoryRecord, RunRecord } from '../state/schemas';
import { durationOf, planRun, succeeds } from './planRun';
import { readWorkflows } from './readWorkflows';

/** How many runs of a repository are kept. */
const MAX_RUNS = 100;

/** How many commit statuses of a repository are kept. */
const MAX_STATUSES = 500;

/**
 * A CI that records a run for every push to a branch and runs nothing.
 *
 * @remarks
 * Jobs and steps are those of `.gitea/workflows` or `.github/workflows`. A run fails if its commit has a file
 * `.ci-fails` at the root, or a trailer `CI-Result: failure` in its message.
 *
 * @internal
 */
export class PipelineSimulator {
  readonly #service: ForgeService;
  readonly #stopped = new AbortController();
  readonly #active = new Set<Promise<void>>();

  constructor(service: ForgeService) {
    this.#service = service;
  }

  /** Goes on with what a restart interrupted. */
  start(): void {
    for (const record of this.#service.state.repositories) {
      for (const run of record.runs) {
        if (!run.completedAt) {
          this.#follow(record, run);
        }
      }
    }
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await Promise.all(this.#active);
  }

  /** Starts the runs of a push. */
  handlePush(record: RepositoryRecord, push: PushEvent): void {
    const { branch, after, pusher } = push;
    if (branch === undefined || after === NO_COMMIT) {
      return;
    }
    this.#keep(
      this.#plan(record, branch, after, pusher).then(runs => {
        for (const run of runs) {
          this.#addStatuses(record, run);
          this.#follow(record, run);
        }
      }),
    );
  }

  /** Records the runs of commits of the past, already ended. */
  async addHistory(
    record: RepositoryRecord,
    branch: string,
    shas: readonly string[],
    commits: readonly NewCommit[],
  ): Promise<void> {
    const head = shas[shas.length - 1];
    const workflows = await readWorkflows(this.#service.git(record), head);
    shas.forEach((sha, index) => {
      const { message, author, date = new Date(), files } = commits[index];
      const fails = asksForFailure(message) || '.ci-fails' in files;
      for (const workflow of workflows) {
        const plan = planRun({
          workflow,
          fails,
          random: this.#service.context.random(`ci-${sha}`),
          nextId: () => this.#service.state.nextId(),
        });
        const started = date.getTime() + plan.waitSeconds * 1000;
        const run = this.#add(record, {
          ...plan,
          title: message.split('\n')[0],
          workflow: workflow.path,
          branch,
          sha,
          actor: author.name,
          createdAt: date.toISOString(),
          startedAt: new Date(started).toISOString(),
          completedAt: new Date(
            started + durationOf(plan) * 1000,
          ).toISOString(),
        });
        this.#addStatuses(record, run);
      }
    });
    this.#service.state.save(record);
  }

  async #plan(
    record: RepositoryRecord,
    branch: string,
    sha: string,
    actor: string,
  ): Promise<RunRecord[]> {
    const repository = this.#service.git(record);
    const [workflows, commit, marker] = await Promise.all([
      readWorkflows(repository, sha),
      repository.commit(sha),
      repository.entry(sha, '.ci-fails'),
    ]);
    const fails = marker !== undefined || asksForFailure(commit.message);
    return workflows.map(workflow =>
      this.#add(record, {
        ...planRun({
          workflow,
          fails,
          random: this.#service.context.random(`ci-${sha}`),
          nextId: () => this.#service.state.nextId(),
        }),
        title: commit.message.split('\n')[0],
        workflow: workflow.path,
        branch,
        sha,
        actor,
        createdAt: new Date().toISOString(),
      }),
    );
  }

  #add(
    record: RepositoryRecord,
    run: Omit<RunRecord, 'id' | 'number' | 'event'>,
  ): RunRecord {
    const added: RunRecord = {
      ...run,
      id: this.#service.state.nextId(),
      number: record.nextRun++,
      event: 'push',
    };
    record.runs.push(added);
    record.runs.splice(0, record.runs.length - MAX_RUNS);
    return added;
  }

  #follow(record: RepositoryRecord, run: RunRecord) {
    this.#keep(this.#play(record, run));
  }

  async #play(record: RepositoryRecord, run: RunRecord) {
    const { context, state } = this.#service;
    const { signal } = this.#stopped;
    if (!run.startedAt) {
      await context.delay(run.waitSeconds * 1000, signal);
      run.startedAt = new Date().toISOString();
      state.save(record);
    }
    await context.delay(durationOf(run) * 1000, signal);
    run.completedAt = new Date().toISOString();
    this.#addStatuses(record, run);
    state.save(record);
    context.log(
      'gitea',
      `simulated CI: run ${run.number} of ${record.owner}/${record.name} ${
        succeeds(run) ? 'succeeded' : 'failed'
      }`,
    );
  }

  /** Says of the commit how its jobs stand. */
  #addStatuses(record: RepositoryRecord, run: RunRecord) {
    const workflow = run.workflow.split('/').pop()!;
    run.jobs.forEach((job, index) => {
      const seconds = job.steps.reduce((sum, step) => sum + step.seconds, 0);
      const failed = job.steps.some(step => step.result !== 'success');
      const result = failed ? 'failure' : 'success';
      record.statuses.push({
        id: this.#service.state.nextId(),
        sha: run.sha,
        state: run.completedAt ? result : 'pending',
        context: `${workflow} / ${job.name} (${run.event})`,
        description: run.completedAt
          ? `${failed ? 'Failing' : 'Successful'} after ${Math.round(
              seconds,
            )}s (simulated)`
          : 'Waiting to run (simulated)',
        targetUrl: `${new URL(this.#service.url).pathname}/${record.owner}/${
          record.name
        }/actions/runs/${run.number}/jobs/${index}`,
        creator: 'gitea-actions',
        createdAt: run.completedAt ?? run.createdAt,
      });
    });
    record.statuses.splice(0, record.statuses.length - MAX_STATUSES);
    this.#service.state.save(record);
  }

  #keep(work: Promise<void>) {
    const kept = work
      .catch(error => {
        if (!this.#stopped.signal.aborted) {
          this.#service.context.log('gitea', `simulated CI: ${error}`);
        }
      })
      .finally(() => this.#active.delete(kept));
    this.#active.add(kept);
  }
}

function asksForFailure(message: string): boolean {
  return /^CI-Result: *failure *$/im.test(message);
}
