import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { ConfigReader } from '@backstage/config';
import {
  APPLICATION_FILE,
  platformDefaultsSchema,
  readApplication,
  standardDefaults,
} from '@waystone/application-model';
import type {
  Application,
  PlatformDefaults,
  Problem,
  TargetEnvironment,
} from '@waystone/application-model';
import { readEnvironments } from '@waystone/environments';
import { parse } from 'yaml';
import { UsageError } from '../Command';

/** The environments of a platform that says nothing of them. */
const USUAL_ENVIRONMENTS = [
  { name: 'development', cluster: 'development' },
  { name: 'staging', cluster: 'staging' },
  { name: 'production', cluster: 'production', promotion: 'gated' },
];

/** A repository with an application, and the platform it is for. */
export interface Project {
  readonly root: string;
  readonly application?: Application;
  readonly problems: readonly Problem[];
  readonly environments: readonly TargetEnvironment[];
  readonly platform: PlatformDefaults;
}

/**
 * Reads the application of a repository.
 *
 * @param config - path of a file with `waystone.environments` and `waystone.goldenPaths.platform`
 * @throws UsageError if a file can't be read
 */
export async function readProject(
  root: string,
  config: string | undefined,
): Promise<Project> {
  const text = await readText(path.join(root, APPLICATION_FILE));
  const { value, problems } = readApplication(text);
  const settings: unknown =
    config === undefined ? {} : parse(await readText(config));
  const reader = new ConfigReader(settings as object as never);
  const { all } = readEnvironments(reader);
  const parsed = platformDefaultsSchema.safeParse({
    ...standardDefaults,
    ...reader.getOptional<object>('waystone.goldenPaths.platform'),
  });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new UsageError(
      `waystone.goldenPaths.platform.${issue.path.join('.')}: ${issue.message}`,
    );
  }
  return {
    root,
    application: value,
    problems,
    environments:
      all.length > 0
        ? all
        : readEnvironments(
            new ConfigReader({
              waystone: { environments: USUAL_ENVIRONMENTS },
            }),
          ).all,
    platform: parsed.data,
  };
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    throw new UsageError(`There is no file ${file}.`);
  }
}
