import type { KubernetesObject } from '../KubernetesCluster';
import type { ResourceType } from '../resources/ResourceType';
import { findSchema } from '../schema/SchemaCatalog';
import { kindDefaults } from './kindDefaults';
import { applySchemaDefaults } from './schemaDefaults';

/** Fills in what an object does not say: by its schema, or for built-in kinds as the API server does. */
export function applyDefaults(
  type: ResourceType,
  object: KubernetesObject,
): KubernetesObject {
  if (type.custom) {
    return applySchemaDefaults(findSchema(type), object);
  }
  const fill = kindDefaults[type.storageKind];
  return (fill?.(object) ?? object) as KubernetesObject;
}
