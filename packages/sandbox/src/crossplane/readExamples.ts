import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';
import type { KubernetesObject } from '../kubernetes/KubernetesCluster';

// The sandbox always runs from its sources.
// eslint-disable-next-line no-restricted-syntax
const OPERATORS = join(__dirname, 'examples');
// eslint-disable-next-line no-restricted-syntax
const PLATFORM = join(__dirname, '../../../../platform/crossplane');

const kustomizationSchema = z.object({ resources: z.array(z.string()) });

/**
 * What can be ordered: the definitions, Compositions and functions of `platform/crossplane`, as `kubectl apply -k` would
 * apply them, and the kinds of the operators behind them that the sandbox only simulates.
 *
 * @public
 */
export function readCrossplaneExamples(): KubernetesObject[] {
  const { resources } = kustomizationSchema.parse(
    parse(readFileSync(join(PLATFORM, 'kustomization.yaml'), 'utf8')),
  );
  return [
    ...readdirSync(OPERATORS)
      .filter(name => name.endsWith('.yaml'))
      .sort()
      .map(name => join(OPERATORS, name)),
    ...resources.map(path => join(PLATFORM, path)),
  ].flatMap(file =>
    parseAllDocuments(readFileSync(file, 'utf8')).map(
      document => document.toJS() as KubernetesObject,
    ),
  );
}
