import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { standardDefaults } from '../defaults';
import type { PlatformDefaults } from '../defaults';
import type { TargetEnvironment } from '../resolve/Environment';

/* eslint-disable no-restricted-syntax */
const FIXTURES = resolve(__dirname, '../__fixtures__');
/** The upstream schemas that the sandbox serves. */
const CONTRACTS = resolve(__dirname, '../../../sandbox/contracts');
/* eslint-enable no-restricted-syntax */

/** The environments of the example organisation. */
export const environments: readonly TargetEnvironment[] = [
  {
    name: 'development',
    cluster: 'nonprod',
    namespace: '{system}-{environment}',
    promotion: 'auto',
    protected: false,
  },
  {
    name: 'production',
    cluster: 'prod',
    namespace: '{system}-{environment}',
    promotion: 'gated',
    protected: true,
  },
];

/** A platform that has decided everything. */
export const platform: PlatformDefaults = {
  ...standardDefaults,
  certificateIssuer: 'letsencrypt',
  telemetryEndpoint: 'http://collector.monitoring.svc:4318',
};

/** The texts of a folder of fixtures by name. */
export function readFixtures(folder: string): [string, string][] {
  const path = join(FIXTURES, folder);
  return readdirSync(path)
    .sort()
    .map(file => [
      basename(file, '.yaml'),
      readFileSync(join(path, file), 'utf8'),
    ]);
}

/** An upstream document, such as `openapi/apis_apps_v1.json`. */
export function readContract(file: string): Record<string, any> {
  return JSON.parse(readFileSync(join(CONTRACTS, file), 'utf8'));
}

/**
 * A file of the package that a text is compared with. `UPDATE_GOLDEN=1` writes the text to it.
 *
 * @param file - from the root of the package
 */
export function goldenFile(file: string, text: string): string | undefined {
  // eslint-disable-next-line no-restricted-syntax
  const path = resolve(__dirname, '../..', file);
  if (process.env.UPDATE_GOLDEN) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}
