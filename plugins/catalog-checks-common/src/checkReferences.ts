import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import type { ReferenceField } from './entityModel';
import { nearest } from './nearest';

/** What is wrong with a reference. */
export interface ReferenceFinding {
  readonly id: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly path: readonly (string | number)[];
  /** What was probably meant. */
  readonly replacement?: string;
}

/** How many references of an entity are said to be wrong. */
const MOST_SAID = 50;

/** References that can't be read, and those to entities that nobody has. */
export function checkReferences(options: {
  readonly entity: Readonly<Record<string, unknown>>;
  readonly namespace: string;
  readonly fields: readonly ReferenceField[];
  /** Full refs in lower case; without them only the form is checked. */
  readonly known?: ReadonlySet<string>;
}): ReferenceFinding[] {
  const { entity, fields, known, namespace } = options;
  const findings: ReferenceFinding[] = [];
  for (const field of fields) {
    for (const { path, value } of valuesAt(entity, field.path)) {
      if (findings.length >= MOST_SAID) {
        return findings;
      }
      const finding = checkReference({ value, path, field, namespace, known });
      if (finding) {
        findings.push(finding);
      }
    }
  }
  return findings;
}

function checkReference(options: {
  readonly value: string;
  readonly path: readonly (string | number)[];
  readonly field: ReferenceField;
  readonly namespace: string;
  readonly known?: ReadonlySet<string>;
}): ReferenceFinding | undefined {
  const { field, known, namespace, path, value } = options;
  const said = value.length > 80 ? `${value.slice(0, 80)}…` : value;
  let ref: string;
  try {
    ref = stringifyEntityRef(
      parseEntityRef(value, {
        defaultKind: field.defaultKind,
        defaultNamespace: namespace,
      }),
    );
  } catch {
    return {
      id: 'reference-invalid',
      severity: 'error',
      message: `'${said}' is no reference to an entity. Write kind:namespace/name${
        field.defaultKind ? ', or only the name' : ''
      }.`,
      path,
    };
  }
  if (!known || known.has(ref)) {
    return undefined;
  }
  const owner = field.relation === 'ownedBy';
  const [kind] = ref.split(':');
  const meant = nearest(
    ref,
    [...known].filter(each => each.startsWith(`${kind}:`)),
  );
  return {
    id: owner ? 'owner-unknown' : 'relation-unknown',
    severity: owner ? 'error' : 'warning',
    message: `${owner ? 'Its owner' : `${path.join('.')} names`} '${said}'${
      owner ? ' is' : ', which is'
    } not in the catalog.${meant ? ` Did you mean ${meant}?` : ''}`,
    path,
    replacement: meant,
  };
}

function valuesAt(
  entity: Readonly<Record<string, unknown>>,
  path: readonly string[],
): { path: readonly (string | number)[]; value: string }[] {
  let value: unknown = entity;
  for (const key of path) {
    value =
      typeof value === 'object' && value !== null && Object.hasOwn(value, key)
        ? (value as Record<string, unknown>)[key]
        : undefined;
  }
  if (typeof value === 'string') {
    return [{ path, value }];
  }
  return Array.isArray(value)
    ? value.flatMap((item, index) =>
        typeof item === 'string'
          ? [{ path: [...path, index], value: item }]
          : [],
      )
    : [];
}
