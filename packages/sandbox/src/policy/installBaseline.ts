import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type {
  KubernetesCluster,
  KubernetesObject,
} from '../kubernetes/KubernetesCluster';

// The sandbox runs from its sources, where __dirname is what it seems to be.
// eslint-disable-next-line no-restricted-syntax
const FOLDER = join(__dirname, 'baseline');
const FIELD_MANAGER = 'platform-guardrails';

/**
 * Applies the example organisation's guardrails to a cluster: Gatekeeper's templates and constraints, and Kyverno's
 * policies.
 *
 * @remarks
 * Resolves once the constraints are there; their kinds exist only after the templates were seen by a running policy
 * part.
 *
 * @public
 */
export async function installBaseline(
  cluster: KubernetesCluster,
): Promise<void> {
  const apply = (object: KubernetesObject) =>
    cluster.apply(object, { fieldManager: FIELD_MANAGER, force: true });
  const [definition, expansion] = readBaseline('expansion.yaml');
  const constraints = readBaseline('constraints');

  apply(definition);
  readBaseline('templates').forEach(apply);
  readBaseline('kyverno').forEach(apply);
  await untilServed(cluster, [expansion, ...constraints]);
  [expansion, ...constraints].forEach(apply);
}

/** The objects of a file or folder of the baseline. @internal */
export function readBaseline(path: string): KubernetesObject[] {
  const full = join(FOLDER, path);
  const files = path.endsWith('.yaml')
    ? [full]
    : readdirSync(full)
        .filter(name => name.endsWith('.yaml'))
        .sort()
        .map(name => join(full, name));
  return files.flatMap(file =>
    parseAllDocuments(readFileSync(file, 'utf8')).map(
      document => document.toJS() as KubernetesObject,
    ),
  );
}

async function untilServed(
  cluster: KubernetesCluster,
  objects: readonly KubernetesObject[],
): Promise<void> {
  const isServed = () => objects.every(object => cluster.serves(object));
  const end = Date.now() + 10_000;
  while (!isServed()) {
    if (Date.now() > end) {
      throw new Error(
        `The kinds of the constraints do not appear in cluster '${cluster.name}'. Start the policy part first.`,
      );
    }
    await new Promise(resolve => {
      setTimeout(resolve, 5);
    });
  }
}
