import type { KubernetesObject } from '../KubernetesCluster';
import type { ResourceType } from '../resources/ResourceType';
import type { FieldError } from '../write/statusErrors';

/** Everything that is wrong with an object. */
export function validateObject(options: {
  readonly type: ResourceType;
  readonly object: KubernetesObject;
  readonly live: KubernetesObject | undefined;
  readonly subresource?: string;
  log(message: string): void;
}): readonly FieldError[] {
  const { object } = options;
  if (!object.metadata.name) {
    return [
      {
        type: 'Required value',
        field: 'metadata.name',
        detail: 'name or generateName is required',
      },
    ];
  }
  return [];
}
