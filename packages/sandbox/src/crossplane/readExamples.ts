import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { KubernetesObject } from '../kubernetes/KubernetesCluster';

// The sandbox always runs from its sources.
// eslint-disable-next-line no-restricted-syntax
const FOLDER = join(__dirname, 'examples');

/**
 * What can be ordered where nobody has said otherwise: the kinds PostgreSQLInstance, RedisInstance, Bucket and
 * MessageQueue of `platform.waystone.dev/v1alpha1`, with their Compositions and functions.
 *
 * @public
 */
export function readCrossplaneExamples(): KubernetesObject[] {
  return readdirSync(FOLDER)
    .filter(name => name.endsWith('.yaml'))
    .sort()
    .flatMap(name =>
      parseAllDocuments(readFileSync(join(FOLDER, name), 'utf8')).map(
        document => document.toJS() as KubernetesObject,
      ),
    );
}
