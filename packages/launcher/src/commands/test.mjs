import path from 'node:path';
import { parseArgs } from 'node:util';
import { seconds } from '../output.mjs';
import { Problem } from '../problems.mjs';
import { watchdog } from '../processes.mjs';
import { onStopRequest } from '../signals.mjs';
import { testSteps } from '../testSteps.mjs';

const STEP_IDS = [
  'tsc',
  'lint',
  'prettier',
  'config',
  'launcher',
  'unit',
  'build',
  'e2e',
  'deploy',
];

/** The step has said already what failed. */
class StepFailed extends Error {}

/**
 * Runs every check, also after one has failed. The last line says how many passed and failed; a step without a count of its own counts as one.
 *
 * @param {import('../context.mjs').Context} context
 * @returns {Promise<number>} The exit code.
 */
export async function run(context) {
  const { output, logs } = context;
  const { only, jestArgs } = readArguments(context.args);
  const steps = testSteps(context, jestArgs).filter(
    ({ id, exists = true }) => exists && (!only || only.includes(id)),
  );
  const begin = Date.now();
  output.keepIn(path.join(logs, 'test.log'));
  onStopRequest(async () => {
    output.abandon();
    output.line('› Stopping …');
    await watchdog.stopAll();
    process.exit(130);
  });

  const total = { passed: 0, failed: 0, skipped: 0 };
  const failures = [];
  for (const step of steps) {
    const result = await runStep(step, output);
    total.passed += result.passed;
    total.failed += result.failed;
    total.skipped += result.skipped;
    if (result.failed > 0) failures.push(step.name);
  }

  output.line();
  if (failures.length > 0) output.fail(`Failed: ${failures.join(', ')}`);
  output.line(`${steps.length} steps in ${seconds(begin)}. Logs: ${logs}`);
  output.line(summary(total));
  return total.failed > 0 || steps.length === 0 ? 1 : 0;
}

/** @param {{ passed: number, failed: number, skipped: number }} total */
export function summary({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${
    skipped > 0 ? `, ${skipped} skipped` : ''
  }`;
}

async function runStep(step, output) {
  const result = {
    passed: 0,
    failed: 0,
    skipped: 0,
    failures: [],
    unstable: [],
  };
  try {
    await output.step(step.name, async progress => {
      Object.assign(result, await step.run(progress));
      if (result.passed + result.failed + result.skipped === 0) {
        result.passed = 1;
      }
      if (result.failed > 0) throw new StepFailed();
      return result;
    });
    if (result.passed + result.skipped > 1) {
      output.line(`    ${summary(result)}`);
    }
    for (const name of result.unstable) {
      output.line(`    Unstable, passed at the second try: ${name}`);
    }
  } catch (error) {
    result.failed = Math.max(1, result.failed);
    if (error instanceof Problem) {
      result.failures.push(error.details, error.message);
    } else if (!(error instanceof StepFailed)) {
      result.failures.push(error?.stack ?? String(error));
    }
    for (const text of result.failures.filter(Boolean)) {
      output.line(text.trimEnd().replace(/^/gm, '    '));
    }
    output.line(`    ${summary(result)}`);
  }
  return result;
}

/** @param {string[]} args */
export function readArguments(args) {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { only: { type: 'string', multiple: true } },
    });
    const only = values.only
      ?.flatMap(text => text.split(','))
      .map(s => s.trim());
    const unknown = only?.filter(id => !STEP_IDS.includes(id)) ?? [];
    if (unknown.length > 0) {
      throw new Problem(
        `There is no step "${unknown.join('", "')}". Steps: ${STEP_IDS.join(
          ', ',
        )}`,
      );
    }
    return { only, jestArgs: positionals };
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw new Problem(
      `${error.message.split('. ')[0]}. Known: --only ${STEP_IDS.join(
        ',',
      )}; arguments after -- go to Jest`,
    );
  }
}
