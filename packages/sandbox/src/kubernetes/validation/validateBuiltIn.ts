import {
  validateAdmissionBinding,
  validateAdmissionPolicy,
} from '../admission/validateAdmissionPolicy';
import {
  ADMISSION_BINDING,
  ADMISSION_POLICY,
} from '../admission/AdmissionPolicy';
import type { KubernetesObject } from '../KubernetesCluster';
import { equalJson } from '../patch/jsonValues';
import type { ResourceType } from '../resources/ResourceType';
import { matchesLabelSelector } from '../resources/selectors';
import type { FieldError } from '../write/statusErrors';
import { validatePodSpec, validatePodUpdate } from './validatePod';

const SELECTED = new Set([
  'Deployment',
  'ReplicaSet',
  'StatefulSet',
  'DaemonSet',
]);
const IMMUTABLE = 'field is immutable';

/** Checks what the built-in kinds ask of their objects; not all of it, but what is easily got wrong. */
export function validateBuiltIn(
  type: ResourceType,
  object: KubernetesObject,
  live: KubernetesObject | undefined,
): readonly FieldError[] {
  if (type.group === 'apps' && SELECTED.has(type.kind)) {
    return validateWorkload(type, object, live);
  }
  switch (type.storageKind) {
    case '/Pod':
      return [
        ...validatePodSpec(object.spec, 'spec'),
        ...(live ? validatePodUpdate(object, live) : []),
      ];
    case '/Service':
      return validateService(object, live);
    case '/ConfigMap':
    case '/Secret':
      return validateData(object, live);
    case 'batch/Job':
      return validateJob(object, live);
    case 'batch/CronJob':
      return validateCronJob(object);
    case 'rbac.authorization.k8s.io/RoleBinding':
    case 'rbac.authorization.k8s.io/ClusterRoleBinding':
      return validateBinding(object, live);
    case 'apiextensions.k8s.io/CustomResourceDefinition':
      return validateDefinition(object);
    case 'autoscaling/HorizontalPodAutoscaler':
      return validateAutoscaler(object);
    case ADMISSION_POLICY:
      return validateAdmissionPolicy(object);
    case ADMISSION_BINDING:
      return validateAdmissionBinding(object);
    default:
      return [];
  }
}

function validateWorkload(
  type: ResourceType,
  object: KubernetesObject,
  live: KubernetesObject | undefined,
): readonly FieldError[] {
  const { selector, template, replicas } = object.spec ?? {};
  const errors: FieldError[] = [];
  if (replicas < 0) {
    errors.push(negative('spec.replicas', replicas));
  }
  if (!selector) {
    errors.push(required('spec.selector'), {
      type: 'Invalid value',
      field: 'spec.template.metadata.labels',
      value: template?.metadata?.labels ?? null,
      detail: '`selector` does not match template `labels`',
    });
  } else {
    const labels = template?.metadata?.labels;
    if (!selector.matchLabels && !selector.matchExpressions?.length) {
      errors.push({
        type: 'Invalid value',
        field: 'spec.selector',
        value: selector,
        detail: `empty selector is invalid for ${type.kind.toLowerCase()}`,
      });
    } else if (!matchesLabelSelector(selector, labels)) {
      errors.push({
        type: 'Invalid value',
        field: 'spec.template.metadata.labels',
        value: labels ?? null,
        detail: '`selector` does not match template `labels`',
      });
    }
  }
  errors.push(...validatePodSpec(template?.spec, 'spec.template.spec'));
  if (live && !equalJson(live.spec.selector, selector)) {
    errors.push(changed('spec.selector', selector));
  }
  return errors;
}

function validateService(
  object: KubernetesObject,
  live: KubernetesObject | undefined,
): readonly FieldError[] {
  const { clusterIP, ports = [], type } = object.spec ?? {};
  const errors: FieldError[] = [];
  if (ports.length === 0 && type !== 'ExternalName' && clusterIP !== 'None') {
    errors.push(required('spec.ports'));
  }
  ports.forEach((port: any, index: number) => {
    const field = `spec.ports[${index}]`;
    if (ports.length > 1 && !port.name) {
      errors.push(required(`${field}.name`));
    }
    if (!(port.port >= 1 && port.port <= 65_535)) {
      errors.push({
        type: 'Invalid value',
        field: `${field}.port`,
        value: port.port ?? 0,
        detail: 'must be between 1 and 65535, inclusive',
      });
    }
  });
  const before = live?.spec?.clusterIP;
  if (
    before &&
    before !== clusterIP &&
    type !== 'ExternalName' &&
    live?.spec?.type !== 'ExternalName'
  ) {
    errors.push({
      type: 'Invalid value',
      field: 'spec.clusterIPs[0]',
      value: [clusterIP],
      detail: 'may not change once set',
    });
  }
  return errors;
}

function validateData(
  object: KubernetesObject,
  live: KubernetesObject | undefined,
): readonly FieldError[] {
  const errors: FieldError[] = [];
  for (const key of Object.keys({ ...object.data, ...object.binaryData })) {
    if (!/^[-._a-zA-Z0-9]+$/.test(key)) {
      errors.push({
        type: 'Invalid value',
        field: `data[${key}]`,
        value: key,
        detail:
          "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
      });
    }
  }
  if (live?.immutable) {
    for (const field of ['data', 'binaryData'] as const) {
      if (!equalJson(live[field] ?? {}, object[field] ?? {})) {
        errors.push({
          type: 'Forbidden',
          field,
          detail: 'field is immutable when `immutable` is set',
        });
      }
    }
  }
  if (live && object.kind === 'Secret' && live.type !== object.type) {
    errors.push(changed('type', object.type));
  }
  return errors;
}

function validateJob(
  object: KubernetesObject,
  live: KubernetesObject | undefined,
): readonly FieldError[] {
  const errors = [
    ...validatePodSpec(object.spec?.template?.spec, 'spec.template.spec'),
    ...validateJobRestart(object.spec?.template?.spec, 'spec.template.spec'),
  ];
  if (live) {
    for (const field of ['completions', 'selector', 'template'] as const) {
      const before = live.spec?.[field];
      const suspendedTemplate = field === 'template' && live.spec?.suspend;
      if (
        before &&
        !suspendedTemplate &&
        !equalJson(before, object.spec?.[field])
      ) {
        errors.push(changed(`spec.${field}`, object.spec?.[field]));
      }
    }
  }
  return errors;
}

function validateCronJob(object: KubernetesObject): readonly FieldError[] {
  const template = object.spec?.jobTemplate?.spec?.template?.spec;
  const path = 'spec.jobTemplate.spec.template.spec';
  return [
    ...(object.spec?.schedule ? [] : [required('spec.schedule')]),
    ...validatePodSpec(template, path),
    ...validateJobRestart(template, path),
  ];
}

function validateJobRestart(spec: any, path: string): readonly FieldError[] {
  const allowed = ['OnFailure', 'Never'];
  const { restartPolicy } = spec ?? {};
  if (!spec || allowed.includes(restartPolicy)) {
    return [];
  }
  const field = `${path}.restartPolicy`;
  const values = '"OnFailure", "Never"';
  return [
    restartPolicy === 'Always'
      ? { type: 'Required value', field, detail: `valid values: ${values}` }
      : {
          type: 'Unsupported value',
          field,
          value: restartPolicy,
          detail: `supported values: ${values}`,
        },
  ];
}

function validateBinding(
  object: KubernetesObject,
  live: KubernetesObject | undefined,
): readonly FieldError[] {
  if (live && !equalJson(live.roleRef, object.roleRef)) {
    return [
      {
        type: 'Invalid value',
        field: 'roleRef',
        value: object.roleRef,
        detail: 'cannot change roleRef',
      },
    ];
  }
  return object.roleRef?.name ? [] : [required('roleRef.name')];
}

function validateDefinition(object: KubernetesObject): readonly FieldError[] {
  const { group, names = {}, versions = [] } = object.spec ?? {};
  const errors: FieldError[] = [];
  for (const [field, value] of Object.entries({
    group,
    'names.plural': names.plural,
    'names.kind': names.kind,
    scope: object.spec?.scope,
  })) {
    if (!value) {
      errors.push(required(`spec.${field}`));
    }
  }
  if (group && object.metadata.name !== `${names.plural}.${group}`) {
    errors.push({
      type: 'Invalid value',
      field: 'metadata.name',
      value: object.metadata.name,
      detail: 'must be spec.names.plural+"."+spec.group',
    });
  }
  const storage = versions.filter((version: any) => version.storage);
  if (storage.length !== 1) {
    errors.push({
      type: 'Invalid value',
      field: 'spec.versions',
      value: versions.map((version: any) => version.name),
      detail: 'must have exactly one version marked as storage version',
    });
  }
  versions.forEach((version: any, index: number) => {
    // Asked for by name only: the value of built-in definitions is read from a file.
    if (!version.schema || !('openAPIV3Schema' in version.schema)) {
      errors.push({
        type: 'Required value',
        field: `spec.versions[${index}].schema.openAPIV3Schema`,
        detail: 'schemas are required',
      });
    }
  });
  return errors;
}

function validateAutoscaler(object: KubernetesObject): readonly FieldError[] {
  const { maxReplicas, minReplicas } = object.spec ?? {};
  const errors: FieldError[] = [];
  if (!(maxReplicas >= 1)) {
    errors.push({
      type: 'Invalid value',
      field: 'spec.maxReplicas',
      value: maxReplicas ?? 0,
      detail: 'must be greater than 0',
    });
  } else if (maxReplicas < minReplicas) {
    errors.push({
      type: 'Invalid value',
      field: 'spec.maxReplicas',
      value: maxReplicas,
      detail: 'must be greater than or equal to `minReplicas`',
    });
  }
  return errors;
}

/** A field that has to be given. */
export function required(field: string): FieldError {
  return { type: 'Required value', field, detail: '' };
}

function changed(field: string, value: unknown): FieldError {
  return { type: 'Invalid value', field, value, detail: IMMUTABLE };
}

function negative(field: string, value: number): FieldError {
  return {
    type: 'Invalid value',
    field,
    value,
    detail: 'must be greater than or equal to 0',
  };
}
