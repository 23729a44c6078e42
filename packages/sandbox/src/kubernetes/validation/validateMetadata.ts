import type { KubernetesObject } from '../KubernetesCluster';
import type { ResourceType } from '../resources/ResourceType';
import type { FieldError } from '../write/statusErrors';

const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`;
const SERVICE_LABEL = '[a-z]([-a-z0-9]*[a-z0-9])?';
const LABEL_VALUE = '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?';
const QUALIFIED_NAME = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';

const LONGEST_LABEL = 63;
const LONGEST_SUBDOMAIN = 253;

/** Checks names, labels and annotations. */
export function validateMetadata(
  type: ResourceType,
  object: KubernetesObject,
): readonly FieldError[] {
  const { name, labels, annotations, ownerReferences } = object.metadata;
  const errors: FieldError[] = [];
  if (!name) {
    errors.push({
      type: 'Required value',
      field: 'metadata.name',
      detail: 'name or generateName is required',
    });
  } else {
    errors.push(...validateName(type, name));
  }
  for (const [key, value] of Object.entries(labels ?? {})) {
    errors.push(...validateKey(key, 'metadata.labels'));
    if (value.length > LONGEST_LABEL) {
      errors.push({
        type: 'Invalid value',
        field: 'metadata.labels',
        value,
        detail: `must be no more than ${LONGEST_LABEL} bytes`,
      });
    }
    if (!matches(LABEL_VALUE, value)) {
      errors.push({
        type: 'Invalid value',
        field: 'metadata.labels',
        value,
        detail: `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '${LABEL_VALUE}')`,
      });
    }
  }
  for (const key of Object.keys(annotations ?? {})) {
    errors.push(...validateKey(key.toLowerCase(), 'metadata.annotations'));
  }
  ownerReferences?.forEach((owner, index) => {
    for (const field of ['apiVersion', 'kind', 'name', 'uid'] as const) {
      if (!owner[field]) {
        errors.push({
          type: 'Invalid value',
          field: `metadata.ownerReferences[${index}].${field}`,
          value: owner[field] ?? '',
          detail:
            field === 'apiVersion'
              ? 'version must not be empty'
              : 'must not be empty',
        });
      }
    }
  });
  return errors;
}

function validateName(type: ResourceType, name: string): FieldError[] {
  const refuse = (detail: string): FieldError => ({
    type: 'Invalid value',
    field: 'metadata.name',
    value: name,
    detail,
  });
  if (type.group === 'rbac.authorization.k8s.io') {
    return /[/%]/.test(name) || name === '.' || name === '..'
      ? [refuse(`may not contain '${/[/%]/.exec(name)?.[0] ?? name}'`)]
      : [];
  }
  if (type.group === '' && type.kind === 'Namespace') {
    return [
      ...(name.length > LONGEST_LABEL
        ? [refuse(`must be no more than ${LONGEST_LABEL} bytes`)]
        : []),
      ...(matches(LABEL, name)
        ? []
        : [
            refuse(
              `a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '${LABEL}')`,
            ),
          ]),
    ];
  }
  if (type.group === '' && type.kind === 'Service') {
    return matches(SERVICE_LABEL, name) && name.length <= LONGEST_LABEL
      ? []
      : [
          refuse(
            `a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '${SERVICE_LABEL}')`,
          ),
        ];
  }
  return [
    ...(name.length > LONGEST_SUBDOMAIN
      ? [refuse(`must be no more than ${LONGEST_SUBDOMAIN} bytes`)]
      : []),
    ...(matches(SUBDOMAIN, name)
      ? []
      : [
          refuse(
            `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '${SUBDOMAIN}')`,
          ),
        ]),
  ];
}

function validateKey(key: string, field: string): readonly FieldError[] {
  const slash = key.lastIndexOf('/');
  const prefix = slash < 0 ? undefined : key.slice(0, slash);
  const name = key.slice(slash + 1);
  const errors: FieldError[] = [];
  const refuse = (detail: string) =>
    errors.push({ type: 'Invalid value', field, value: key, detail });
  if (prefix !== undefined && !matches(SUBDOMAIN, prefix)) {
    refuse(
      `prefix part a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '${SUBDOMAIN}')`,
    );
  }
  if (name === '') {
    refuse('name part must be non-empty');
  } else if (name.length > LONGEST_LABEL) {
    refuse(`name part must be no more than ${LONGEST_LABEL} bytes`);
  }
  if (!matches(QUALIFIED_NAME, name)) {
    refuse(
      `name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '${QUALIFIED_NAME}')`,
    );
  }
  return errors;
}

const compiled = new Map<string, RegExp>();

function matches(pattern: string, text: string): boolean {
  let expression = compiled.get(pattern);
  if (!expression) {
    expression = new RegExp(`^${pattern}$`);
    compiled.set(pattern, expression);
  }
  return expression.test(text);
}
