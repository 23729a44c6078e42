import { NotFoundError } from '@backstage/errors';
import type {
  GitForge,
  WorkflowRun,
  WorkflowStep,
} from '@waystone/integrations';
import type { CiJob, CiRun, CiStatus } from '@waystone/plugin-delivery-common';
import type { CiProvider } from '@waystone/plugin-delivery-node';

const CONCLUSIONS: Readonly<Record<string, CiStatus>> = {
  success: 'succeeded',
  neutral: 'succeeded',
  cancelled: 'cancelled',
  canceled: 'cancelled',
  skipped: 'skipped',
  stale: 'skipped',
};

/** The Actions of a Git forge: Gitea's, Forgejo's and GitHub's. */
export class ForgeCiProvider implements CiProvider {
  readonly name: string;
  readonly #forge: GitForge;

  static create(options: { readonly forge: GitForge }): ForgeCiProvider {
    return new ForgeCiProvider(options.forge);
  }

  private constructor(forge: GitForge) {
    this.name = `${forge.system}/${forge.instance}`;
    this.#forge = forge;
  }

  covers(repositoryUrl: string): boolean {
    return this.#forge.parseUrl(repositoryUrl) !== undefined;
  }

  async runs(
    repositoryUrl: string,
    options: { readonly limit: number; readonly signal: AbortSignal },
  ): Promise<readonly CiRun[]> {
    const runs = await this.#forge.listWorkflowRuns(
      this.#repository(repositoryUrl),
      options,
    );
    return runs.map(run => ({
      id: String(run.id),
      number: run.number,
      title: run.title,
      workflow: run.workflow,
      event: run.event,
      branch: run.branch,
      revision: run.sha,
      status: statusOf(run),
      startedAt: run.startedAt,
      finishedAt: run.completedAt,
      url: run.url,
    }));
  }

  async jobs(
    repositoryUrl: string,
    run: string,
    options: { readonly signal: AbortSignal },
  ): Promise<readonly CiJob[]> {
    if (!/^\d{1,15}$/.test(run)) {
      throw new NotFoundError(`There is no run '${run}'`);
    }
    const jobs = await this.#forge.listWorkflowJobs(
      this.#repository(repositoryUrl),
      Number(run),
      options,
    );
    return jobs.map(job => ({
      id: String(job.id),
      url: job.url,
      ...toStep(job),
      steps: job.steps.map(toStep),
    }));
  }

  #repository(repositoryUrl: string) {
    const repository = this.#forge.parseUrl(repositoryUrl);
    if (!repository) {
      throw new NotFoundError(`${this.name} does not have this repository`);
    }
    return repository;
  }
}

function toStep(step: WorkflowStep) {
  return {
    name: step.name,
    status: statusOf(step),
    startedAt: step.startedAt,
    finishedAt: step.completedAt,
  };
}

function statusOf({
  conclusion,
  status,
}: Pick<WorkflowRun, 'conclusion' | 'status'>): CiStatus {
  return status === 'completed'
    ? CONCLUSIONS[conclusion ?? ''] ?? 'failed'
    : status;
}
