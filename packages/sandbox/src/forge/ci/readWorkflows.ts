import { parse } from 'yaml';
import { z } from 'zod';
import type { GitRepository } from '../git/GitRepository';

/** A workflow file, as far as the simulated CI reads it. @internal */
export interface Workflow {
  /** The path of the file. */
  readonly path: string;
  readonly name: string;
  readonly jobs: readonly {
    readonly name: string;
    readonly steps: readonly string[];
  }[];
}

const FOLDERS = ['.gitea/workflows', '.github/workflows'];

const DEFAULT_WORKFLOW: Workflow = {
  path: '.gitea/workflows/build.yaml',
  name: 'build',
  jobs: [{ name: 'build', steps: ['Check out', 'Build', 'Test', 'Package'] }],
};

const schema = z.object({
  name: z.string().optional(),
  on: z.unknown(),
  jobs: z.record(
    z.string(),
    z.object({
      name: z.string().optional(),
      steps: z
        .array(
          z.object({
            name: z.string().optional(),
            uses: z.string().optional(),
            run: z.string().optional(),
          }),
        )
        .default([]),
    }),
  ),
});

/**
 * The workflows of a commit that run on a push; one that builds, if it has none at all.
 *
 * @internal
 */
export async function readWorkflows(
  repository: GitRepository,
  commit: string,
): Promise<Workflow[]> {
  for (const folder of FOLDERS) {
    const entries = (await repository.tree(commit, folder)) ?? [];
    const files = entries.filter(
      ({ type, path }) => type === 'blob' && /\.ya?ml$/.test(path),
    );
    if (files.length > 0) {
      const workflows = await Promise.all(
        files.map(async ({ sha, path }) =>
          readWorkflow(
            `${folder}/${path}`,
            (await repository.blob(sha)).toString('utf8'),
          ),
        ),
      );
      return workflows.filter(workflow => workflow !== undefined);
    }
  }
  return [DEFAULT_WORKFLOW];
}

function readWorkflow(path: string, text: string): Workflow | undefined {
  let content: unknown;
  try {
    content = parse(text);
  } catch {
    // Not YAML: as with a real forge, the file runs nothing.
    return undefined;
  }
  const result = schema.safeParse(content);
  if (!result.success || !runsOnPush(result.data.on)) {
    return undefined;
  }
  const { name, jobs } = result.data;
  return {
    path,
    name: name ?? path.split('/').pop()!,
    jobs: Object.entries(jobs).map(([id, job]) => ({
      name: job.name ?? id,
      steps: job.steps.map(
        step => step.name ?? step.uses ?? step.run?.split('\n')[0] ?? 'run',
      ),
    })),
  };
}

function runsOnPush(on: unknown): boolean {
  return (
    on === 'push' ||
    (Array.isArray(on) && on.includes('push')) ||
    (typeof on === 'object' && on !== null && 'push' in on)
  );
}
