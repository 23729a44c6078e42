import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type {
  KubernetesCluster,
  KubernetesObject,
} from '../kubernetes/KubernetesCluster';

// The sandbox runs from its sources, where __dirname is what it seems to be.
// eslint-disable-next-line no-restricted-syntax
const RULES = join(__dirname, '../../../../platform/observability/prometheus');
const FIELD_MANAGER = 'platform-observability';

/**
 * Applies the rules of `platform/observability` to the cluster in which Prometheus runs, as its README says.
 *
 * @public
 */
export function installPlatformRules(cluster: KubernetesCluster): void {
  const rules = readdirSync(RULES)
    .filter(file => file.endsWith('.yaml'))
    .map(
      (file): KubernetesObject =>
        parse(readFileSync(join(RULES, file), 'utf8')),
    );
  const namespaces = new Set(
    rules.flatMap(({ metadata }) => metadata.namespace ?? []),
  );
  const objects = [
    ...[...namespaces].map(name => ({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name },
    })),
    ...rules,
  ];
  for (const object of objects) {
    cluster.apply(object, { fieldManager: FIELD_MANAGER, force: true });
  }
}
