import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type {
  KubernetesCluster,
  KubernetesObject,
} from '../kubernetes/KubernetesCluster';
import { readKustomization } from './readKustomization';

// The sandbox runs from its sources, where __dirname is what it seems to be.
// eslint-disable-next-line no-restricted-syntax
const OVERLAY = join(__dirname, 'overlay');
// eslint-disable-next-line no-restricted-syntax
const PLATFORM = join(__dirname, '../../../../platform/policies');
/** Gatekeeper's own configuration: here it knows all objects anyway. */
const CONFIGURATION = 'config.gatekeeper.sh/v1alpha1';
const FIELD_MANAGER = 'platform-guardrails';

/**
 * Applies `platform/policies` to a cluster, with the values of the example organisation: Gatekeeper's templates and
 * constraints, and Kyverno's policies.
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
  const constraints = readKustomization(join(OVERLAY, 'gatekeeper'));

  apply(
    parse(readFileSync(join(OVERLAY, 'expansion-definition.yaml'), 'utf8')),
  );
  readKustomization(join(PLATFORM, 'gatekeeper/templates'))
    .filter(({ apiVersion }) => apiVersion !== CONFIGURATION)
    .forEach(apply);
  readKustomization(join(OVERLAY, 'kyverno')).forEach(apply);
  await untilServed(cluster, constraints);
  constraints.forEach(apply);
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
