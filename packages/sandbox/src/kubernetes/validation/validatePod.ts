import type { KubernetesObject } from '../KubernetesCluster';
import { equalJson, omit } from '../patch/jsonValues';
import type { JsonObject } from '../patch/jsonValues';
import type { FieldError } from '../write/statusErrors';

/** Checks the containers of a pod. */
export function validatePodSpec(
  spec: JsonObject | undefined,
  path: string,
): FieldError[] {
  const errors: FieldError[] = [];
  if (!spec?.containers?.length) {
    errors.push({
      type: 'Required value',
      field: `${path}.containers`,
      detail: '',
    });
  }
  const names = new Set<string>();
  for (const field of ['containers', 'initContainers']) {
    (spec?.[field] ?? []).forEach((container: JsonObject, index: number) => {
      const place = `${path}.${field}[${index}]`;
      if (!container.name) {
        errors.push({
          type: 'Required value',
          field: `${place}.name`,
          detail: '',
        });
      } else if (names.has(container.name)) {
        errors.push({
          type: 'Duplicate value',
          field: `${place}.name`,
          value: container.name,
          detail: '',
        });
      }
      names.add(container.name);
      if (!container.image) {
        errors.push({
          type: 'Required value',
          field: `${place}.image`,
          detail: '',
        });
      }
      errors.push(...validateMounts(spec!, container, place));
    });
  }
  return errors;
}

function validateMounts(
  spec: JsonObject,
  container: JsonObject,
  place: string,
): readonly FieldError[] {
  const volumes = new Set(
    (spec.volumes ?? []).map((volume: JsonObject) => volume.name),
  );
  return (container.volumeMounts ?? []).flatMap(
    (mount: JsonObject, index: number): FieldError[] =>
      volumes.has(mount.name)
        ? []
        : [
            {
              type: 'Invalid value',
              field: `${place}.volumeMounts[${index}].name`,
              value: mount.name,
              // The one error whose words differ: what is not found is no invalid text.
              detail: 'not found',
            },
          ],
  );
}

/** Checks that only what can change of a pod changes. */
export function validatePodUpdate(
  object: KubernetesObject,
  live: KubernetesObject,
): readonly FieldError[] {
  if (equalJson(fixedPart(object.spec), fixedPart(live.spec))) {
    return [];
  }
  return [
    {
      type: 'Forbidden',
      field: 'spec',
      detail:
        'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)\n',
    },
  ];
}

function fixedPart(spec: JsonObject = {}): JsonObject {
  const withoutImages = (containers: readonly JsonObject[] = []) =>
    containers.map(container => omit(container, 'image', 'resources'));
  return {
    ...omit(
      spec,
      'activeDeadlineSeconds',
      'ephemeralContainers',
      'nodeName',
      'schedulingGates',
      'terminationGracePeriodSeconds',
      'tolerations',
    ),
    containers: withoutImages(spec.containers),
    initContainers: withoutImages(spec.initContainers),
  };
}
