import type {
  KubernetesCluster,
  KubernetesObject,
} from '../../kubernetes/KubernetesCluster';
import type { IgnoredDifference } from '../ApplicationTypes';
import { keyOf } from '../live/ResourceKey';
import { isJsonObject, stableStringify } from '../rendering/Json';
import type { Json, JsonObject } from '../rendering/Json';
import { ignoredFields, removeFields } from './ignoreDifferences';

/** Under which name Argo CD writes. @internal */
export const FIELD_MANAGER = 'argocd-controller';

/** How the object in the cluster and the one in Git differ. @internal */
export interface ResourceDifference {
  readonly modified: boolean;
  /** The object as it is, without what is not compared. */
  readonly normalizedLive: JsonObject;
  /** The object as it would be after a sync, without what is not compared. */
  readonly predictedLive: JsonObject;
}

/**
 * Compares as a server-side apply would change the object: fields that the API server defaults are no difference,
 * fields that others have added are none either, and fields that Argo CD once set and that are gone from Git are one.
 *
 * @internal
 */
export function compareResource(
  cluster: KubernetesCluster,
  target: JsonObject,
  live: KubernetesObject,
  ignoreDifferences: readonly IgnoredDifference[] | undefined,
): ResourceDifference {
  const ignored = ignoredFields(ignoreDifferences, keyOf(live), live);
  const normalizedLive = normalize(live as unknown as JsonObject);
  let predictedLive: JsonObject;
  try {
    predictedLive = normalize(
      cluster.apply(target as unknown as KubernetesObject, {
        dryRun: true,
        fieldManager: FIELD_MANAGER,
        force: true,
      }) as unknown as JsonObject,
    );
  } catch {
    // It would be denied or is not valid. The sync will say so; here it counts what Git has more than the cluster.
    predictedLive = overlay(normalizedLive, normalize(target)) as JsonObject;
  }
  removeFields(normalizedLive, ignored);
  removeFields(predictedLive, ignored);
  return {
    modified:
      stableStringify(normalizedLive) !== stableStringify(predictedLive),
    normalizedLive,
    predictedLive,
  };
}

const UNCOMPARED = [
  'creationTimestamp',
  'generation',
  'managedFields',
  'resourceVersion',
  'selfLink',
  'uid',
];

function normalize(object: JsonObject): JsonObject {
  const { status: _, ...copy } = structuredClone(object);
  const { metadata } = copy;
  if (isJsonObject(metadata)) {
    for (const field of UNCOMPARED) {
      delete metadata[field];
    }
    const { annotations } = metadata;
    if (isJsonObject(annotations)) {
      delete annotations['kubectl.kubernetes.io/last-applied-configuration'];
      delete annotations['deployment.kubernetes.io/revision'];
    }
  }
  return copy;
}

/** What the one has, and over it what the other has. */
function overlay(below: Json | undefined, above: Json): Json {
  if (isJsonObject(below) && isJsonObject(above)) {
    const result: JsonObject = { ...below };
    for (const [field, value] of Object.entries(above)) {
      result[field] = overlay(below[field], value);
    }
    return result;
  }
  if (
    Array.isArray(below) &&
    Array.isArray(above) &&
    below.length === above.length
  ) {
    return above.map((item, index) => overlay(below[index], item));
  }
  return above;
}
