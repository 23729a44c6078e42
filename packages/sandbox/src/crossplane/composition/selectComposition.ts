import type {
  KubernetesCluster,
  KubernetesObject,
} from '../../kubernetes/KubernetesCluster';
import { COMPOSITION } from '../crossplaneTypes';
import { listRevisions } from './createRevisionController';

/** What a composite resource says about its Composition. */
interface Selection {
  readonly compositionRef?: { readonly name: string };
  readonly compositionSelector?: {
    readonly matchLabels?: Readonly<Record<string, string>>;
  };
  readonly compositionRevisionRef?: { readonly name: string };
  readonly compositionRevisionSelector?: {
    readonly matchLabels?: Readonly<Record<string, string>>;
  };
  readonly compositionUpdatePolicy?: 'Automatic' | 'Manual';
}

/**
 * Finds the Composition of a composite resource and the revision to use.
 *
 * @throws Error in the words of Crossplane.
 */
export function selectComposition(
  cluster: KubernetesCluster,
  definition: KubernetesObject,
  composite: KubernetesObject,
  selection: Selection,
): { readonly composition: string; readonly revision: KubernetesObject } {
  const composition = findComposition(
    cluster,
    definition,
    composite,
    selection,
  );
  const revisions = listRevisions(cluster, composition).filter(revision =>
    hasLabels(revision, selection.compositionRevisionSelector?.matchLabels),
  );
  const isManual = selection.compositionUpdatePolicy === 'Manual';
  const named = selection.compositionRevisionRef?.name;
  const revision =
    (isManual && named
      ? revisions.find(({ metadata }) => metadata.name === named)
      : undefined) ?? revisions.at(-1);
  if (!revision) {
    throw new Error(
      'cannot fetch CompositionRevision: no composition revisions found for composition',
    );
  }
  return { composition, revision };
}

function findComposition(
  cluster: KubernetesCluster,
  definition: KubernetesObject,
  composite: KubernetesObject,
  selection: Selection,
): string {
  const isCompatible = (composition: KubernetesObject) => {
    const { apiVersion, kind } = composition.spec.compositeTypeRef;
    return apiVersion === composite.apiVersion && kind === composite.kind;
  };
  const named =
    definition.spec.enforcedCompositionRef?.name ??
    selection.compositionRef?.name;
  if (named) {
    const composition = cluster.get({ ...COMPOSITION, name: named });
    if (!composition) {
      throw new Error(
        `cannot select Composition: compositions.apiextensions.crossplane.io "${named}" not found`,
      );
    }
    if (!isCompatible(composition)) {
      throw new Error(
        `cannot select Composition: composite resource type ${composite.apiVersion}, Kind=${composite.kind} is not compatible with Composition "${named}"`,
      );
    }
    return named;
  }
  const candidates = cluster
    .list(COMPOSITION)
    .filter(isCompatible)
    .filter(composition =>
      hasLabels(composition, selection.compositionSelector?.matchLabels),
    )
    .map(composition => composition.metadata.name!)
    .sort();
  const preferred = definition.spec.defaultCompositionRef?.name;
  const found =
    !selection.compositionSelector && candidates.includes(preferred)
      ? preferred
      : candidates[0];
  if (!found) {
    throw new Error(
      'cannot select Composition: no compatible Compositions found',
    );
  }
  return found;
}

function hasLabels(
  object: KubernetesObject,
  labels: Readonly<Record<string, string>> = {},
): boolean {
  return Object.entries(labels).every(
    ([name, value]) => object.metadata.labels?.[name] === value,
  );
}
