import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildPackage, runToLog } from './build.mjs';
import { checkConfig } from './configCheck.mjs';
import { backstageCli, configFiles } from './portal.mjs';
import { Problem, machineCause } from './problems.mjs';
import { lastLines, watchdog } from './processes.mjs';
import { startThrowAwayPostgres } from './throwAwayPostgres.mjs';

/** As much of a failing test's message as a person reads. */
const MESSAGE_LINES = 30;
const MESSAGES = 10;

/** Where more files than this fail, it is not the machine. */
const FILES_AGAIN = 5;

/**
 * @typedef {{ passed?: number, failed?: number, skipped?: number, failures?: string[], unstable?: string[] }} StepResult
 *   `unstable`: what failed first and passed by itself.
 *
 * @typedef {object} TestStep
 * @property {string} id - For `--only`.
 * @property {string} name
 * @property {boolean} [exists]
 * @property {(progress: (text: string) => void) => Promise<StepResult | void>} run
 */

/**
 * @param {import('./context.mjs').Context} context
 * @param {string[]} jestArgs
 * @returns {TestStep[]}
 */
export function testSteps(context, jestArgs) {
  const { repo, logs } = context;
  const require = createRequire(`${repo}/`);
  const log = id => path.join(logs, `test-${id}.log`);
  const program = (id, what, args, env = {}) =>
    runProgram({ args, repo, env, logFile: log(id), what });
  const e2e = path.join(repo, 'packages/e2e/run.mjs');
  const deploy = path.join(repo, 'deploy/test/run.mjs');
  return [
    {
      id: 'tsc',
      name: 'Type check',
      run: () =>
        program('tsc', 'The type check', [
          require.resolve('typescript/bin/tsc'),
          '--pretty',
          'false',
        ]),
    },
    {
      id: 'lint',
      name: 'Lint',
      run: () => program('lint', 'ESLint', [backstageCli(), 'repo', 'lint']),
    },
    {
      id: 'prettier',
      name: 'Formatting',
      run: () =>
        program('prettier', 'The formatting check', [
          require.resolve('prettier/bin-prettier.js'),
          '--check',
          '.',
        ]),
    },
    { id: 'config', name: 'Configuration', run: () => runConfig(context) },
    {
      id: 'launcher',
      name: 'Launcher tests',
      run: () => runNodeTests(repo, log('launcher')),
    },
    {
      id: 'unit',
      name: 'Unit and backend tests',
      run: () => runJest(context, jestArgs, log('unit')),
    },
    { id: 'build', name: 'Build', run: () => runBuild(context) },
    {
      id: 'e2e',
      name: 'Browser journeys',
      exists: fs.existsSync(e2e),
      run: progress => runModule(e2e, repo, log('e2e'), progress),
    },
    {
      id: 'deploy',
      name: 'Production bundle',
      exists: fs.existsSync(deploy),
      run: progress => runModule(deploy, repo, log('deploy'), progress),
    },
  ];
}

async function runProgram({ args, repo, env, logFile, what }) {
  const code = await runToLog({
    args,
    cwd: repo,
    env: { ...process.env, CI: 'true', FORCE_COLOR: '0', ...env },
    logFile,
  });
  if (code !== 0) {
    const details = lastLines(logFile, 40);
    throw new Problem(
      `${what} failed. ${machineCause(details) ?? `The whole log: ${logFile}`}`,
      { details },
    );
  }
}

/** Both layerings, as if every variable without a default were set. */
async function runConfig(context) {
  const layer = name => path.join(context.repo, name);
  const layerings = [
    configFiles(context.repo).filter(file => !file.endsWith('.local.yaml')),
    [layer('app-config.yaml'), layer('app-config.production.yaml')],
  ];
  const failures = [];
  for (const files of layerings) {
    failures.push(
      ...(await checkConfig(context, {
        files,
        env: process.env,
        fillMissing: true,
      })),
    );
  }
  return {
    passed: failures.length > 0 ? 0 : layerings.length,
    failed: failures.length,
    failures: [...new Set(failures)],
  };
}

async function runNodeTests(repo, logFile) {
  const folder = path.join(repo, 'packages/launcher/test');
  const files = fs
    .readdirSync(folder)
    .filter(name => name.endsWith('.test.mjs'))
    .map(name => path.join(folder, name));
  await runToLog({
    args: ['--test', '--test-reporter=tap', '--test-concurrency=2', ...files],
    cwd: repo,
    env: { ...process.env, NODE_TEST_CONTEXT: undefined },
    logFile,
  });
  const text = fs.readFileSync(logFile, 'utf8');
  const count = name =>
    Number(new RegExp(`^# ${name} (\\d+)$`, 'm').exec(text)?.[1] ?? 0);
  const failed = count('fail') + count('cancelled');
  return {
    passed: count('pass'),
    failed: count('tests') === 0 ? 1 : failed,
    skipped: count('skipped'),
    failures: failed > 0 ? failedTapTests(text) : [],
  };
}

function failedTapTests(text) {
  const lines = text.split('\n');
  return lines
    .flatMap((line, index) =>
      /^\s*not ok /.test(line)
        ? [lines.slice(index, index + MESSAGE_LINES).join('\n')]
        : [],
    )
    .slice(0, MESSAGES);
}

const isFailed = ({ status }) => status === 'failed';
const fileOf = ({ name }) => name;

/**
 * What fails while the machine is busy with all other tests runs once more by itself. If it passes then, it is named as
 * unstable: worth a look, and no reason to refuse a change that has nothing to do with it.
 */
async function runJest(context, jestArgs, logFile) {
  const { repo, logs } = context;
  const report = path.join(logs, 'test-unit.json');
  const database = await startThrowAwayPostgres();
  const run = async (args, log) => {
    fs.rmSync(report, { force: true });
    const code = await runToLog({
      args: [
        backstageCli(),
        'repo',
        'test',
        '--ci',
        '--json',
        `--outputFile=${report}`,
        ...args,
      ],
      cwd: repo,
      env: {
        ...process.env,
        CI: 'true',
        FORCE_COLOR: '0',
        BACKSTAGE_TEST_DISABLE_DOCKER: '1',
        BACKSTAGE_TEST_DATABASE_POSTGRES18_CONNECTION_STRING:
          database.connectionString,
      },
      logFile: log,
    });
    if (!fs.existsSync(report)) {
      throw new Problem(`Jest did not run to its end. The log: ${log}`, {
        details: lastLines(log, 40),
      });
    }
    return { code, report: JSON.parse(fs.readFileSync(report, 'utf8')) };
  };
  try {
    const first = await run(jestArgs, logFile);
    const files = first.report.testResults.filter(isFailed).map(fileOf);
    if (files.length === 0 || files.length > FILES_AGAIN) {
      return readJestReport(first.report, first.code);
    }
    const second = await run(
      ['--runInBand', '--runTestsByPath', ...files],
      logFile.replace(/\.log$/, '-again.log'),
    );
    return joinJestReports(first.report, second.report, second.code);
  } finally {
    await database.stop();
  }
}

/**
 * @param {any} report - What Jest writes with `--json`.
 * @param {number} code - Its exit code.
 * @returns {StepResult}
 */
export function readJestReport(report, code) {
  const failures = report.testResults
    .filter(isFailed)
    .map(({ name, message }) =>
      [name, ...message.trim().split('\n')].slice(0, MESSAGE_LINES).join('\n'),
    );
  const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
  return {
    passed: report.numPassedTests,
    // Jest can fail with no test failing: thresholds, open handles.
    failed: failed === 0 && code !== 0 ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
    failures: failures.slice(0, MESSAGES),
  };
}

/**
 * @param {any} first - The report of all tests.
 * @param {any} second - That of the files in which one had failed.
 * @param {number} code - The exit code of the second run.
 * @returns {StepResult}
 */
export function joinJestReports(first, second, code) {
  const again = readJestReport(second, code);
  const inFile = (report, status) =>
    report.testResults
      .filter(({ name }) =>
        second.testResults.some(other => other.name === name),
      )
      .flatMap(({ assertionResults }) => assertionResults)
      .filter(test => test.status === status);
  return {
    ...again,
    passed:
      first.numPassedTests - inFile(first, 'passed').length + again.passed,
    skipped:
      first.numPendingTests +
      first.numTodoTests -
      inFile(first, 'pending').length -
      inFile(first, 'todo').length +
      again.skipped,
    unstable:
      again.failed > 0
        ? []
        : inFile(first, 'failed').map(({ fullName }) => fullName),
  };
}

async function runBuild(context) {
  await buildPackage(context, {
    name: 'frontend',
    folder: 'packages/app',
    result: 'dist/index.html',
    configFiles: configFiles(context.repo),
  });
  await buildPackage(context, {
    name: 'backend bundle',
    folder: 'packages/backend',
    result: 'dist/bundle.tar.gz',
  });
}

/**
 * Steps that packages bring along: a module with `run({ repo, log })`, in a process of its own so that Ctrl-C ends all of it.
 */
async function runModule(file, repo, logFile, progress) {
  const log = fs.openSync(logFile, 'w', 0o600);
  const code = `
    import { run } from ${JSON.stringify(pathToFileURL(file).href)};
    const send = message => new Promise(resolve => process.send(message, resolve));
    const result = await run({ repo: ${JSON.stringify(
      repo,
    )}, log: line => { console.log(line); send({ line: String(line) }); } });
    await send({ result });
    process.exit(0);
  `;
  const child = spawn(
    process.execPath,
    ['--input-type=module', '--eval', code],
    {
      cwd: repo,
      env: { ...process.env, FORCE_COLOR: '0' },
      stdio: ['ignore', log, log, 'ipc'],
      detached: true,
    },
  );
  fs.closeSync(log);
  watchdog.add(child.pid, 'SIGTERM');
  let result;
  child.on('message', message => {
    if (message.result) result = message.result;
    if (message.line) progress(message.line.split('\n')[0].slice(0, 80));
  });
  const exitCode = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  watchdog.remove(child.pid);
  if (!result) {
    throw new Problem(
      `It ended with exit code ${exitCode} and no result. The log: ${logFile}`,
      { details: lastLines(logFile, 40) },
    );
  }
  return result;
}
