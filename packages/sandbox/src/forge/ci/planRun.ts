import type { RunRecord } from '../state/schemas';
import type { Workflow } from './readWorkflows';

/**
 * Decides how a run of the simulated CI goes: how long each step takes, what it logs and how it ends.
 *
 * @param fails - the last step but one fails, and what follows is skipped
 * @internal
 */
export function planRun(options: {
  readonly workflow: Workflow;
  readonly fails: boolean;
  readonly random: () => number;
  readonly nextId: () => number;
}): Pick<RunRecord, 'jobs' | 'waitSeconds'> {
  const { workflow, fails, random, nextId } = options;
  return {
    waitSeconds: round(1 + random() * 3),
    jobs: workflow.jobs.map((job, jobIndex) => {
      const failing =
        fails && jobIndex === 0 ? Math.max(0, job.steps.length - 2) : -1;
      return {
        id: nextId(),
        name: job.name,
        steps: job.steps.map((name, index) => {
          const skipped =
            fails && (jobIndex > 0 || (failing !== -1 && index > failing));
          const seconds = skipped ? 0 : round(2 + random() * 14);
          const result = skipped ? 'skipped' : ending(index === failing);
          return {
            name,
            seconds,
            result,
            lines: createLines(name, seconds, result),
          };
        }),
      };
    }),
  };
}

/** Whether the run ends well. @internal */
export function succeeds(run: Pick<RunRecord, 'jobs'>): boolean {
  return run.jobs.every(job =>
    job.steps.every(step => step.result === 'success'),
  );
}

/** How long the jobs take, one after another, in seconds. @internal */
export function durationOf(run: Pick<RunRecord, 'jobs'>): number {
  return run.jobs
    .flatMap(job => job.steps)
    .reduce((sum, step) => sum + step.seconds, 0);
}

function ending(fails: boolean): 'success' | 'failure' {
  return fails ? 'failure' : 'success';
}

function createLines(
  name: string,
  seconds: number,
  result: 'success' | 'failure' | 'skipped',
): string[] {
  if (result === 'skipped') {
    return [`${name}: skipped, because a step before it failed`];
  }
  return [
    `${name} (simulated by the sandbox: nothing was run)`,
    result === 'success'
      ? `${name}: done in ${seconds} s`
      : `Error: ${name} failed after ${seconds} s with exit code 1, because the commit asks for it (a file .ci-fails, or the trailer "CI-Result: failure")`,
  ];
}

function round(seconds: number): number {
  return Math.round(seconds * 10) / 10;
}
