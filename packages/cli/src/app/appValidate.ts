import path from 'node:path';
import { compile, runsIn } from '@waystone/application-model';
import type { Command } from '../Command';
import { readArguments } from '../readArguments';
import { formatProblems } from './formatProblems';
import { readProject } from './readProject';

/** `waystone app validate`: what would be said of an application before it is deployed. */
export const appValidate: Command = {
  path: ['app', 'validate'],
  summary: 'Finds mistakes in deploy/application.yaml.',
  help: `Usage: waystone app validate [folder] [options]

  folder            the repository. Default: this one
  --config <file>   a file with waystone.environments and waystone.goldenPaths.platform
  --json            print the problems as JSON

Exit codes: 0 nothing was found, 1 something was, 2 wrong use.`,
  async run(args, terminal) {
    const { values, folder } = readArguments(args, {
      config: { type: 'string' },
      json: { type: 'boolean', default: false },
    });
    const { application, environments, platform, problems } = await readProject(
      path.resolve(terminal.workingDirectory, folder),
      values.config && path.resolve(terminal.workingDirectory, values.config),
    );
    const all = [
      ...problems,
      ...(application
        ? environments
            .filter(({ name }) => runsIn(application, name))
            .flatMap(
              environment =>
                compile({ application, environment, platform }).problems,
            )
        : []),
    ];
    terminal.write(
      values.json
        ? `${JSON.stringify(all, undefined, 2)}\n`
        : formatProblems(all),
    );
    return all.some(({ severity }) => severity === 'error') ? 1 : 0;
  },
};
