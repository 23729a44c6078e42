import type { KubernetesObject } from '../KubernetesCluster';
import type { JsonObject } from '../patch/jsonValues';
import { formatApiVersion } from './ResourceType';
import type { ResourceType } from './ResourceType';

/** Fields of an event: in `v1`, and in `events.k8s.io/v1`. */
const EVENT_FIELDS = [
  ['involvedObject', 'regarding'],
  ['message', 'note'],
  ['reportingComponent', 'reportingController'],
  ['source', 'deprecatedSource'],
  ['firstTimestamp', 'deprecatedFirstTimestamp'],
  ['lastTimestamp', 'deprecatedLastTimestamp'],
  ['count', 'deprecatedCount'],
] as const;

/** An object as it is stored. */
export function toStorage(
  type: ResourceType,
  object: KubernetesObject,
): KubernetesObject {
  if (object.apiVersion === type.storageApiVersion) {
    return object;
  }
  const converted = { ...object, apiVersion: type.storageApiVersion };
  return type.group === 'events.k8s.io'
    ? rename(
        converted,
        EVENT_FIELDS.map(([core, event]) => [event, core]),
      )
    : converted;
}

/** A stored object in the version of a type. */
export function fromStorage(
  type: ResourceType,
  object: KubernetesObject,
): KubernetesObject {
  const apiVersion = formatApiVersion(type);
  if (object.apiVersion === apiVersion) {
    return object;
  }
  const converted = { ...object, apiVersion };
  return type.group === 'events.k8s.io'
    ? rename(converted, EVENT_FIELDS)
    : converted;
}

function rename(
  object: KubernetesObject,
  fields: readonly (readonly [string, string])[],
): KubernetesObject {
  const renamed: JsonObject = {};
  for (const [field, value] of Object.entries(object)) {
    const pair = fields.find(([from]) => from === field);
    renamed[pair ? pair[1] : field] = value;
  }
  return renamed as KubernetesObject;
}
