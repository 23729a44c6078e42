import path from 'node:path';
import { compile, explain } from '@waystone/application-model';
import { UsageError, type Command } from '../Command';
import { readArguments } from '../readArguments';
import { formatProblems } from './formatProblems';
import { readProject } from './readProject';

/** `waystone app explain`: who decided a value. */
export const appExplain: Command = {
  path: ['app', 'explain'],
  summary: 'Says who decided a value: the team, a default, a patch.',
  help: `Usage: waystone app explain <path> [options]

  path                   of the application, such as spec.replicas, or of a compiled object, such as
                         Deployment/spec.template.spec.containers[0].image
  --in <folder>          the repository. Default: this one
  --environment <name>   Default: the last one
  --config <file>        a file with waystone.environments and waystone.goldenPaths.platform

Exit codes: 0 success, 1 there is no such value, or mistakes, 2 wrong use.`,
  async run(args, terminal) {
    const { values, folder: wanted } = readArguments(args, {
      config: { type: 'string' },
      environment: { type: 'string' },
      in: { type: 'string', default: '.' },
    });
    if (wanted === '.') {
      throw new UsageError('Name a path, such as spec.replicas.');
    }
    const { application, environments, platform, problems } = await readProject(
      path.resolve(terminal.workingDirectory, values.in),
      values.config && path.resolve(terminal.workingDirectory, values.config),
    );
    if (!application) {
      terminal.writeError(formatProblems(problems));
      return 1;
    }
    const environment = values.environment
      ? environments.find(({ name }) => name === values.environment)
      : environments.at(-1);
    if (!environment) {
      throw new UsageError(
        `There is no environment "${
          values.environment
        }". There are: ${environments.map(({ name }) => name).join(', ')}.`,
      );
    }
    const options = { application, environment, platform };
    const explanation = explain(
      { ...options, compilation: compile(options) },
      wanted,
    );
    if (!explanation) {
      terminal.writeError(`There is no ${wanted} in ${environment.name}.\n`);
      return 1;
    }
    const { file, origin, value } = explanation;
    terminal.write(
      `${wanted} in ${environment.name}: ${JSON.stringify(value)}\n  ${origin}${
        file ? ` (${file})` : ''
      }\n`,
    );
    return 0;
  },
};
