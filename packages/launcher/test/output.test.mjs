import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { usefulLines } from '../src/children.mjs';
import { summary, readArguments } from '../src/commands/test.mjs';
import { report } from '../src/main.mjs';
import { Output } from '../src/output.mjs';
import { readArguments as readPortalArguments } from '../src/runPortal.mjs';
import { Problem, downloadCause, machineCause } from '../src/problems.mjs';
import { joinJestReports, readJestReport } from '../src/testSteps.mjs';
import { fakeStream, temporaryFolder } from './helpers.mjs';

function newOutput() {
  const stream = fakeStream();
  return { stream, output: new Output({ stream, env: {} }) };
}

test('a problem is shown with its details and without a stack', () => {
  const { stream, output } = newOutput();
  const problem = new Problem('Port 7007 is taken.', {
    details: 'one\ntwo',
    exitCode: 3,
  });
  assert.equal(report(problem, { output, logs: '/logs' }), 3);
  assert.equal(stream.text, '    one\n    two\n✗ Port 7007 is taken.\n');
});

test('an unexpected error is shown with its stack and where the logs are', () => {
  const { stream, output } = newOutput();
  assert.equal(report(new TypeError('oops'), { output, logs: '/logs' }), 1);
  assert.match(stream.text, /failed unexpectedly\. Logs: \/logs/);
  assert.match(stream.text, /TypeError: oops\n\s+at /);
});

test('a full disk found anywhere is one line', () => {
  const { stream, output } = newOutput();
  const error = Object.assign(new Error('ENOSPC: no space left on device'), {
    code: 'ENOSPC',
    path: '/data/x',
  });
  assert.equal(report(error, { output, logs: '/logs' }), 1);
  assert.match(stream.text, /^✗ The disk is full \(\/data\/x\)\..*\n$/);
});

test('a step says its name and its time, and whether it failed', async () => {
  const { stream, output } = newOutput();
  assert.equal(await output.step('Building', async () => 7), 7);
  assert.match(stream.text, /^› Building …\n✓ Building {2}\d\.\d s\n$/);
  await assert.rejects(
    output.step('Linking', async () => {
      throw new Error('no');
    }),
  );
  assert.match(stream.text, /✗ Linking {2}\d\.\d s\n$/);
});

test('quick steps need not be mentioned', async () => {
  const { stream, output } = newOutput();
  await output.step('Checking', async () => {}, { quietUnder: 1000 });
  assert.equal(stream.text, '');
});

test('machine failures are told in words', () => {
  assert.match(machineCause('EDQUOT', '/d'), /disk is full \(\/d\)/);
  assert.match(machineCause('EROFS: read-only file system'), /read-only/);
  assert.match(downloadCause('connect ECONNREFUSED'), /cannot be reached/);
  assert.match(
    downloadCause('unable to get local issuer certificate'),
    /NODE_EXTRA_CA_CERTS/,
  );
  assert.match(downloadCause('EDQUOT', '/d'), /disk is full/);
  // The database of a backend may refuse a connection too.
  assert.equal(machineCause('connect ECONNREFUSED'), undefined);
  assert.equal(downloadCause('something else'), undefined);
});

test('of a log in JSON the errors are shown, as text', t => {
  const file = path.join(temporaryFolder(t), 'backend.log');
  const lines = [
    { level: 'info', plugin: 'app', message: 'Serving' },
    { level: 'error', plugin: 'catalog', message: 'No database' },
    { level: 'info', message: 'GET /' },
  ];
  fs.writeFileSync(file, lines.map(line => JSON.stringify(line)).join('\n'));
  assert.equal(usefulLines(file), 'error catalog: No database');
  fs.writeFileSync(file, 'plain\ntext\n');
  assert.equal(usefulLines(file), 'plain\ntext');
});

test('the closing line counts what was skipped only when something was', () => {
  assert.equal(
    summary({ passed: 3, failed: 0, skipped: 0 }),
    '3 passed, 0 failed',
  );
  assert.equal(
    summary({ passed: 3, failed: 1, skipped: 2 }),
    '3 passed, 1 failed, 2 skipped',
  );
});

test('test reads its arguments', () => {
  assert.deepEqual(readArguments(['--only', 'unit,e2e', '--', 'src', '-t']), {
    only: ['unit', 'e2e'],
    jestArgs: ['src', '-t'],
  });
  assert.throws(() => readArguments(['--only', 'x']), /no step "x"\. Steps: /);
  assert.throws(() => readArguments(['--wrong']), /Known: --only/);
});

test('a Jest run that fails with no test failing counts as one failure', () => {
  const jest = {
    numPassedTests: 5,
    numFailedTests: 0,
    numRuntimeErrorTestSuites: 0,
    numPendingTests: 1,
    numTodoTests: 0,
    testResults: [],
  };
  assert.equal(readJestReport(jest, 0).failed, 0);
  assert.equal(readJestReport(jest, 1).failed, 1);
  assert.deepEqual(
    readJestReport(
      {
        ...jest,
        numRuntimeErrorTestSuites: 1,
        testResults: [{ status: 'failed', name: 'a.test.ts', message: 'why' }],
      },
      1,
    ),
    { passed: 5, failed: 1, skipped: 1, failures: ['a.test.ts\nwhy'] },
  );
});

test('what passes at the second try is counted once, and named', () => {
  const reportOf = (files, counts) => ({
    numPassedTests: 0,
    numFailedTests: 0,
    numRuntimeErrorTestSuites: 0,
    numPendingTests: 0,
    numTodoTests: 0,
    ...counts,
    testResults: Object.entries(files).map(([name, tests]) => ({
      name,
      message: 'why',
      status: Object.values(tests).includes('failed') ? 'failed' : 'passed',
      assertionResults: Object.entries(tests).map(([fullName, status]) => ({
        fullName,
        status,
      })),
    })),
  });
  const first = reportOf(
    {
      'a.test.ts': { well: 'passed', busy: 'failed', later: 'pending' },
      'b.test.ts': { other: 'passed' },
    },
    { numPassedTests: 2, numFailedTests: 1, numPendingTests: 1 },
  );
  const passing = reportOf(
    { 'a.test.ts': { well: 'passed', busy: 'passed', later: 'pending' } },
    { numPassedTests: 2, numPendingTests: 1 },
  );
  assert.deepEqual(joinJestReports(first, passing, 0), {
    passed: 3,
    failed: 0,
    skipped: 1,
    failures: [],
    unstable: ['busy'],
  });
  const failing = reportOf(
    { 'a.test.ts': { well: 'passed', busy: 'failed', later: 'pending' } },
    { numPassedTests: 1, numFailedTests: 1, numPendingTests: 1 },
  );
  assert.deepEqual(joinJestReports(first, failing, 1), {
    passed: 2,
    failed: 1,
    skipped: 1,
    failures: ['a.test.ts\nwhy'],
    unstable: [],
  });
});

test('start reads its arguments, and says when npm has taken them', () => {
  const read = readPortalArguments;
  assert.deepEqual(
    { ...read(['--reset', '--port', '7107'], {}) },
    {
      reset: true,
      port: '7107',
      verbose: false,
    },
  );
  assert.throws(() => read(['--rest'], {}), /Known: --reset, --port N/);
  const npm = { npm_lifecycle_event: 'start' };
  assert.throws(
    () => read([], { ...npm, npm_config_reset: 'true' }),
    /npm start -- --reset$/,
  );
  assert.throws(
    () => read([], { ...npm, npm_config_port: '7107' }),
    /npm start -- --port 7107$/,
  );
});
