import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { compile, runsIn, toFiles } from '@waystone/application-model';
import type { Command, Terminal } from '../Command';
import { readArguments } from '../readArguments';
import { formatProblems } from './formatProblems';
import { readProject } from './readProject';

/** `waystone app compile`: writes the manifests of an application, or says whether they are current. */
export const appCompile: Command = {
  path: ['app', 'compile'],
  summary: 'Compiles deploy/application.yaml to deploy/<environment>/.',
  help: `Usage: waystone app compile [folder] [options]

  folder                 the repository. Default: this one
  --config <file>        a file with waystone.environments and waystone.goldenPaths.platform
  --environment <name>   only this one
  --check                write nothing; fail if a file differs from what would be written. For CI

Exit codes: 0 success, 1 mistakes or differences, 2 wrong use.`,
  async run(args, terminal) {
    const { values, folder } = readArguments(args, {
      check: { type: 'boolean', default: false },
      config: { type: 'string' },
      environment: { type: 'string' },
    });
    const root = path.resolve(terminal.workingDirectory, folder);
    const { application, environments, platform, problems } = await readProject(
      root,
      values.config && path.resolve(terminal.workingDirectory, values.config),
    );
    if (!application) {
      terminal.writeError(formatProblems(problems));
      return 1;
    }
    const compilations = environments
      .filter(({ name }) => runsIn(application, name))
      .filter(({ name }) => name === (values.environment ?? name))
      .map(environment => compile({ application, environment, platform }));
    const found = compilations.flatMap(each => each.problems);
    terminal.writeError(formatProblems(found));
    if (
      found.some(({ severity }) => severity === 'error') ||
      compilations.length === 0
    ) {
      if (compilations.length === 0) {
        terminal.writeError('It runs in none of these environments.\n');
      }
      return 1;
    }
    const files = Object.assign({}, ...compilations.map(toFiles)) as Record<
      string,
      string
    >;
    return values.check
      ? await compare(root, files, terminal)
      : await write(root, files, terminal);
  },
};

async function write(
  root: string,
  files: Readonly<Record<string, string>>,
  terminal: Terminal,
): Promise<number> {
  for (const [file, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(root, file)), { recursive: true });
    await writeFile(path.join(root, file), text);
    terminal.write(`${file}\n`);
  }
  return 0;
}

async function compare(
  root: string,
  files: Readonly<Record<string, string>>,
  terminal: Terminal,
): Promise<number> {
  let code = 0;
  for (const [file, text] of Object.entries(files)) {
    const current = await readFile(path.join(root, file), 'utf8').catch(
      () => undefined,
    );
    if (current !== text) {
      terminal.write(
        `${file} ${current === undefined ? 'is missing' : 'differs'}\n`,
      );
      code = 1;
    }
  }
  return code;
}
