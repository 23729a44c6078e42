import { problemAt } from '../Problem';
import type { FieldPath, Problem } from '../Problem';
import type { Manifest } from '../output/unwrap';
import type { ResolvedApplication } from '../resolve/ResolvedApplication';
import { Sourced } from '../resolve/Sourced';
import type { Workload } from '../schema/Application';

/** Says of an object that the model does not know it. */
const EXTRA_ANNOTATION = 'waystone.dev/extra';

/** An object as somebody wrote it. */
export type ExtraManifest = NonNullable<Workload['manifests']>[number];

/** Extra objects, in the application's namespace and with its labels. */
export function createExtraManifests(
  { labels, namespace }: ResolvedApplication,
  manifests: readonly {
    readonly manifest: ExtraManifest;
    readonly path: FieldPath;
  }[],
): { readonly objects: Manifest[]; readonly problems: Problem[] } {
  const objects: Manifest[] = [];
  const problems: Problem[] = [];
  for (const { manifest, path } of manifests) {
    const problem = refuse(manifest, path, namespace);
    if (problem) {
      problems.push(problem);
      continue;
    }
    const { name, labels: own, annotations } = manifest.metadata;
    objects.push({
      ...manifest,
      metadata: {
        ...manifest.metadata,
        name,
        namespace,
        labels: { ...plainLabels(labels), ...toRecord(own) },
        annotations: { ...toRecord(annotations), [EXTRA_ANNOTATION]: 'true' },
      },
    });
  }
  return { objects, problems };
}

function refuse(
  manifest: ExtraManifest,
  path: FieldPath,
  namespace: string,
): Problem | undefined {
  const { namespace: said } = manifest.metadata;
  if (manifest.kind === 'Secret') {
    return problemAt([...path, 'kind'], {
      code: 'secret-in-git',
      message: 'A Secret would be in Git, where everybody reads it.',
      suggestion:
        'Keep the value in Vault, and name it with an ExternalSecret.',
    });
  }
  if (said !== undefined && said !== namespace) {
    return problemAt([...path, 'metadata', 'namespace'], {
      code: 'other-namespace',
      message: `The namespace is not the application's own, which is '${namespace}'.`,
      suggestion: 'Leave the namespace out.',
    });
  }
  return undefined;
}

function plainLabels(
  labels: ResolvedApplication['labels'],
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(labels).map(([key, value]) => [
      key,
      value instanceof Sourced ? value.value : value,
    ]),
  );
}

function toRecord(value: unknown): Record<string, string> {
  return typeof value === 'object' && value !== null
    ? Object.fromEntries(
        Object.entries(value).map(([key, item]) => [key, String(item)]),
      )
    : {};
}
