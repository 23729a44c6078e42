/* eslint-disable no-console */
/**
 * How fast an application is read and compiled, on one core. From the root of the repository:
 *
 *   npm run bench -- application-model
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  compile,
  readApplication,
  runsIn,
  standardDefaults,
  toFiles,
} from '../src';
import type { TargetEnvironment } from '../src';

const ROUNDS = 200;

const environment: TargetEnvironment = {
  name: 'production',
  cluster: 'prod',
  namespace: '{system}-{environment}',
  promotion: 'gated',
  protected: true,
};

const folder = resolve(__dirname, '../src/__fixtures__/applications');
const texts = readdirSync(folder)
  .sort()
  .map(name => readFileSync(join(folder, name), 'utf8'));
const applications = texts
  .map(text => readApplication(text).value!)
  .filter(application => runsIn(application, environment.name));

/** Runs something often, and says how often it would run in a second of a core's time. */
function measure(what: string, count: number, run: () => number): void {
  run();
  const before = process.cpuUsage();
  let bytes = 0;
  for (let round = 0; round < ROUNDS; round++) {
    bytes += run();
  }
  const { user, system } = process.cpuUsage(before);
  const seconds = (user + system) / 1e6;
  console.log(
    `${what}: ${Math.round((ROUNDS * count) / seconds)} a second, ${Math.round(
      bytes / ROUNDS / count / 1024,
    )} KB each`,
  );
}

measure('read and checked', texts.length, () =>
  texts.reduce(
    (sum, text) => sum + (readApplication(text).value ? text.length : 0),
    0,
  ),
);
measure('compiled to objects', applications.length, () => {
  applications.forEach(application =>
    compile({ application, environment, platform: standardDefaults }),
  );
  return 0;
});
measure('compiled to files', applications.length, () =>
  applications.reduce(
    (sum, application) =>
      sum +
      Object.values(
        toFiles(
          compile({ application, environment, platform: standardDefaults }),
        ),
      ).reduce((size, text) => size + text.length, 0),
    0,
  ),
);
