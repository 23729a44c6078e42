import { randomInt, randomUUID } from 'node:crypto';
import type { KubernetesObject } from '../KubernetesCluster';
import { equalJson, omit } from '../patch/jsonValues';
import type { JsonObject } from '../patch/jsonValues';
import type { ResourceType } from '../resources/ResourceType';
import { conflict, invalid } from './statusErrors';

const SUFFIX_CHARACTERS = 'bcdfghjklmnpqrstvwxz2456789';
const LONGEST_PREFIX = 58;

/** The order in which the API server writes metadata. */
const METADATA_ORDER = [
  'name',
  'generateName',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'labels',
  'annotations',
  'ownerReferences',
  'finalizers',
  'managedFields',
];

/** Now, as Kubernetes writes times. */
export function formatTime(date = new Date()): string {
  return date.toISOString().replace(/\.\d+Z$/, 'Z');
}

/** The metadata of a new object: named, identified and dated by the server. */
export function metadataForCreate(
  type: ResourceType,
  namespace: string | undefined,
  object: KubernetesObject,
): KubernetesObject {
  const given: JsonObject = omit(
    object.metadata,
    'selfLink',
    'resourceVersion',
    'deletionTimestamp',
    'deletionGracePeriodSeconds',
    'generation',
  );
  if (!given.name && given.generateName) {
    given.name = `${given.generateName.slice(
      0,
      LONGEST_PREFIX,
    )}${randomSuffix()}`;
  }
  if (type.namespaced) {
    given.namespace = namespace;
  } else {
    delete given.namespace;
  }
  given.uid = randomUUID();
  given.creationTimestamp = formatTime();
  if (type.hasGeneration) {
    given.generation = 1;
  }
  return { ...object, metadata: orderMetadata(given) };
}

/** The metadata of a changed object: what only the server writes stays as it is. */
export function metadataForUpdate(
  type: ResourceType,
  live: KubernetesObject,
  object: KubernetesObject,
): KubernetesObject {
  const name = live.metadata.name!;
  const given = object.metadata;
  if (
    given.resourceVersion &&
    given.resourceVersion !== live.metadata.resourceVersion
  ) {
    throw conflict(type, name);
  }
  if (given.uid && given.uid !== live.metadata.uid) {
    throw conflict(
      type,
      name,
      `Precondition failed: UID in precondition: ${given.uid}, UID in object meta: ${live.metadata.uid}`,
    );
  }
  const finalizers = given.finalizers ?? [];
  if (live.metadata.deletionTimestamp) {
    const known = live.metadata.finalizers ?? [];
    const added = finalizers.filter(finalizer => !known.includes(finalizer));
    if (added.length > 0) {
      throw invalid(type, name, [
        {
          type: 'Forbidden',
          field: 'metadata.finalizers',
          detail: `no new finalizers can be added if the object is being deleted, found new finalizers []string{${added
            .map(finalizer => JSON.stringify(finalizer))
            .join(', ')}}`,
        },
      ]);
    }
  }
  const kept: JsonObject = omit(given, 'selfLink');
  for (const field of [
    'name',
    'generateName',
    'namespace',
    'uid',
    'resourceVersion',
    'generation',
    'creationTimestamp',
    'deletionTimestamp',
    'deletionGracePeriodSeconds',
  ] as const) {
    const value = (live.metadata as JsonObject)[field];
    if (value === undefined) {
      delete kept[field];
    } else {
      kept[field] = value;
    }
  }
  return { ...object, metadata: orderMetadata(kept) };
}

/** Counts a change of what is wanted: anything but metadata, and but status if that has its own way in. */
export function withGeneration(
  type: ResourceType,
  live: KubernetesObject,
  object: KubernetesObject,
): KubernetesObject {
  if (!type.hasGeneration) {
    return object;
  }
  const ignored = type.hasStatus ? ['metadata', 'status'] : ['metadata'];
  const generation = live.metadata.generation ?? 0;
  return {
    ...object,
    metadata: orderMetadata({
      ...object.metadata,
      generation: equalJson(omit(live, ...ignored), omit(object, ...ignored))
        ? generation
        : generation + 1,
    }),
  };
}

function randomSuffix(): string {
  return Array.from(
    { length: 5 },
    () => SUFFIX_CHARACTERS[randomInt(SUFFIX_CHARACTERS.length)],
  ).join('');
}

function orderMetadata(metadata: JsonObject): JsonObject {
  const ordered: JsonObject = {};
  for (const field of METADATA_ORDER) {
    if (metadata[field] !== undefined) {
      ordered[field] = metadata[field];
    }
  }
  return ordered;
}
