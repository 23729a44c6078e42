import path from 'node:path';
import {
  buildSite,
  DocsBuildError,
  SiteRenderer,
  type BuildReport,
} from '@waystone/docs-renderer';
import { UsageError, type Command, type Terminal } from '../Command';
import { readArguments } from '../readArguments';
import { formatForGitHub, formatForPeople } from './formatProblems';
import { KROKI_HELP, KrokiDrawer } from './KrokiDrawer';

/** `waystone docs check`: what the portal would say of the docs, before they are pushed. */
export const docsCheck: Command = {
  path: ['docs', 'check'],
  summary: 'Finds broken links, missing pages and bad syntax in a docs folder.',
  help: `Usage: waystone docs check [folder] [options]

  folder              folder of mkdocs.yml, or one that has docs/. Default: this one
  --json              print the report as JSON
  --github            print GitHub annotations. Default in a GitHub workflow
  --fail-on <level>   error or warning: what makes the command fail. Default: warning
${KROKI_HELP}

Exit codes: 0 nothing was found, 1 something was, 2 wrong use.`,
  async run(args, terminal) {
    const { values, folder } = readArguments(args, {
      json: { type: 'boolean', default: false },
      github: { type: 'boolean' },
      'fail-on': { type: 'string', default: 'warning' },
      kroki: { type: 'string' },
    });
    const failOn = values['fail-on'];
    if (failOn !== 'error' && failOn !== 'warning') {
      throw new UsageError(`--fail-on is error or warning, not "${failOn}".`);
    }
    const root = path.resolve(terminal.workingDirectory, folder);
    const report = await check(root, KrokiDrawer.fromOption(values.kroki));
    if (values.json) {
      const { pageInfo: _, ...shown } = report;
      terminal.write(`${JSON.stringify(shown, undefined, 2)}\n`);
    } else {
      const github =
        values.github ?? terminal.environment.GITHUB_ACTIONS === 'true';
      print(report, root, github, terminal);
    }
    const counted = failOn === 'error' ? ['error'] : ['error', 'warning'];
    return report.problems.some(({ severity }) => counted.includes(severity))
      ? 1
      : 0;
  },
};

async function check(
  root: string,
  diagrams: KrokiDrawer | undefined,
): Promise<BuildReport> {
  try {
    return await buildSite({ root, renderer: new SiteRenderer(), diagrams });
  } catch (error) {
    if (!(error instanceof DocsBuildError)) throw error;
    return {
      siteName: path.basename(root),
      pages: 0,
      files: 0,
      problems: error.problems,
      milliseconds: 0,
      pageInfo: [],
    };
  }
}

function print(
  report: BuildReport,
  root: string,
  github: boolean,
  terminal: Terminal,
): void {
  if (github) {
    const workspace =
      terminal.environment.GITHUB_WORKSPACE ?? terminal.workingDirectory;
    terminal.write(
      formatForGitHub(
        report.problems,
        path.relative(workspace, root).split(path.sep).join('/'),
      ),
    );
  } else terminal.write(formatForPeople(report.problems));
  const count = (severity: string) =>
    report.problems.filter(problem => problem.severity === severity).length;
  terminal.write(
    `${report.siteName}: ${report.pages} pages, ${count(
      'error',
    )} errors, ${count('warning')} warnings, ${count('info')} hints (${
      report.milliseconds
    } ms)\n`,
  );
}
