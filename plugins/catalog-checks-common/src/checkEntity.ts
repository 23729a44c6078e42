import {
  CommonValidatorFunctions,
  makeValidator,
} from '@backstage/catalog-model';
import type { ErrorObject } from 'ajv';
import type { TextEdit } from './CatalogProblem';
import { checkFields } from './checkFields';
import { checkReferences } from './checkReferences';
import {
  COMMON_API_VERSION,
  findEntityKind,
  foreignKinds,
  knownKinds,
} from './entityModel';
import { nearest } from './nearest';
import { shorten } from './parseCatalogFile';
import type { Finding } from './parseCatalogFile';
import { formatFieldPath } from './SourceDocument';
import type { FieldPath, SourceDocument } from './SourceDocument';

const validators = makeValidator();

/** How many schema errors, tags, links and so on of one entity are said. */
const MOST_OF_A_KIND = 20;

/** The keys by which a value is read from another file. */
const PLACEHOLDER = /^\$(text|openapi|asyncapi|grpc)$/;

/** Whether something is a mapping. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** All that is wrong with one entity of a file. */
export function checkEntity(options: {
  readonly entity: Record<string, unknown>;
  readonly source: SourceDocument;
  readonly entityRef?: string;
  readonly known?: ReadonlySet<string>;
  readonly moreKinds: readonly string[];
}): Finding[] {
  const { entity, entityRef, known, moreKinds, source } = options;
  const findings: Finding[] = [];
  const add = (
    problem: Pick<Finding, 'id' | 'severity' | 'message'>,
    path: FieldPath,
    fix?: { description: string; patch: TextEdit[] | undefined },
  ) =>
    findings.push({
      ...problem,
      field: formatFieldPath(path),
      ...source.positionOf(source.offsetOf(path)),
      ...(entityRef && { entityRef }),
      ...(fix?.patch && {
        fix: { description: fix.description, patch: fix.patch },
      }),
    });
  const replace = (path: FieldPath, text: string | undefined) =>
    text === undefined
      ? undefined
      : {
          description: `Write ${text}`,
          patch: source.replaceScalar(path, text),
        };

  const { apiVersion, kind } = entity;
  const metadata = isRecord(entity.metadata) ? entity.metadata : {};
  const annotations = isRecord(metadata.annotations)
    ? metadata.annotations
    : {};
  const namespace =
    typeof metadata.namespace === 'string' ? metadata.namespace : 'default';

  checkKind();
  const entityKind =
    typeof kind === 'string' && typeof apiVersion === 'string'
      ? findEntityKind(kind, apiVersion)
      : undefined;
  if (entityKind && !entityKind.validate(withoutPlaceholders(entity))) {
    (entityKind.validate.errors ?? [])
      .slice(0, MOST_OF_A_KIND)
      .forEach(addSchemaError);
  }
  checkMetadata();
  if (entityKind) {
    for (const finding of checkReferences({
      entity,
      namespace,
      fields: entityKind.references,
      known,
    })) {
      add(finding, finding.path, replace(finding.path, finding.replacement));
    }
  }
  if (typeof kind === 'string') {
    for (const finding of checkFields({
      kind,
      name: typeof metadata.name === 'string' ? metadata.name : '',
      namespace,
      annotations,
      links: Array.isArray(metadata.links) ? metadata.links : [],
      tagCount: Array.isArray(metadata.tags) ? metadata.tags.length : 0,
      spec: isRecord(entity.spec) ? entity.spec : {},
    })) {
      const key = String(finding.path.at(-1));
      add(
        finding,
        finding.path,
        finding.proposal
          ? {
              description: `Add ${key}`,
              patch: source.insertAnnotation(key, finding.proposal),
            }
          : undefined,
      );
    }
  }
  return findings;

  function checkKind() {
    if (typeof kind !== 'string' || kind === '') {
      add(
        {
          id: 'field-missing',
          severity: 'error',
          message: `It has no kind. Set it to one of ${knownKinds.join(', ')}.`,
        },
        ['kind'],
      );
      return;
    }
    const others = [...foreignKinds, ...moreKinds];
    if (!knownKinds.includes(kind) && !others.includes(kind)) {
      const all = [...knownKinds, ...others];
      const meant =
        all.find(
          each =>
            each.toLocaleLowerCase('en-US') === kind.toLocaleLowerCase('en-US'),
        ) ?? nearest(kind, all);
      add(
        {
          id: 'kind-unknown',
          severity: 'error',
          message: `There is no kind '${shorten(kind)}'. ${
            meant
              ? `Did you mean ${meant}?`
              : `Use one of ${knownKinds.join(', ')}.`
          }`,
        },
        ['kind'],
        replace(['kind'], meant),
      );
    } else if (typeof apiVersion !== 'string' || apiVersion === '') {
      add(
        {
          id: 'field-missing',
          severity: 'error',
          message: `It has no apiVersion. Set it to ${COMMON_API_VERSION}.`,
        },
        ['apiVersion'],
        knownKinds.includes(kind) && !('apiVersion' in entity)
          ? {
              description: `Add apiVersion: ${COMMON_API_VERSION}`,
              patch: [
                {
                  offset: source.start,
                  length: 0,
                  text: `apiVersion: ${COMMON_API_VERSION}\n`,
                },
              ],
            }
          : undefined,
      );
    } else if (knownKinds.includes(kind) && !findEntityKind(kind, apiVersion)) {
      add(
        {
          id: 'api-version-unknown',
          severity: 'error',
          message: `There is no version '${shorten(
            apiVersion,
          )}' of the kind ${kind}. Use ${COMMON_API_VERSION}.`,
        },
        ['apiVersion'],
        replace(['apiVersion'], COMMON_API_VERSION),
      );
    }
  }

  function addSchemaError(error: ErrorObject) {
    const path = toPath(error.instancePath, entity);
    if (path[0] === 'kind' || path[0] === 'apiVersion') {
      return;
    }
    if (error.keyword === 'required') {
      const missing = String(error.params.missingProperty);
      const whole = [...path, missing];
      if (missing === 'kind' || missing === 'apiVersion') {
        return;
      }
      add(
        {
          id: 'field-missing',
          severity: 'error',
          message: `${formatFieldPath(whole)} is missing.`,
        },
        whole,
        missing === 'lifecycle'
          ? {
              description: 'Add a lifecycle',
              patch: source.insertInto(['spec'], 'lifecycle: production'),
            }
          : undefined,
      );
      return;
    }
    if (error.keyword === 'additionalProperties') {
      const unknown = String(error.params.additionalProperty);
      const whole = [...path, unknown];
      add(
        {
          id: 'field-unknown',
          severity: 'error',
          message: `'${shorten(unknown)}' is not a field of ${
            path.length === 0 ? 'an entity' : formatFieldPath(path)
          }. ${
            path.length === 0
              ? 'What is meant for the kind belongs under spec.'
              : ''
          }`.trim(),
        },
        whole,
      );
      return;
    }
    const node = source.nodeAt(path);
    const text =
      error.keyword === 'type' &&
      error.params.type === 'string' &&
      node !== undefined
        ? quotedScalar(valueAt(entity, path))
        : undefined;
    const found = valueAt(entity, path);
    add(
      {
        id: path[1] === 'annotations' ? 'annotation-invalid' : 'field-invalid',
        severity: 'error',
        message: `${formatFieldPath(path)} ${describe(error)}, but is ${
          found === '' ? 'empty' : `'${shorten(found)}'`
        }.${text ? ' Put it in quotes.' : ''}`,
      },
      path,
      text === undefined
        ? undefined
        : {
            description: 'Put the value in quotes',
            patch: source.replaceScalar(path, text),
          },
    );
  }

  function checkMetadata() {
    const { name } = metadata;
    if (
      typeof name === 'string' &&
      name !== '' &&
      !validators.isValidEntityName(name)
    ) {
      const better = name
        .slice(0, 63)
        .replace(/[^A-Za-z0-9_.-]/g, '-')
        .replace(/-{2,}/g, '-')
        .replace(/^[^A-Za-z0-9]/, '')
        .replace(/[^A-Za-z0-9]$/, '');
      add(
        {
          id: 'name-invalid',
          severity: 'error',
          message: `The name '${shorten(
            name,
          )}' may have only letters, digits and - _ . between them, and at most 63 of them.`,
        },
        ['metadata', 'name'],
        validators.isValidEntityName(better)
          ? replace(['metadata', 'name'], better)
          : undefined,
      );
    }
    if (
      typeof metadata.namespace === 'string' &&
      !validators.isValidNamespace(metadata.namespace)
    ) {
      add(
        {
          id: 'namespace-invalid',
          severity: 'error',
          message: `The namespace '${shorten(
            metadata.namespace,
          )}' may have only small letters, digits and - between them.`,
        },
        ['metadata', 'namespace'],
      );
    }
    for (const [group, isValid] of [
      ['annotations', validators.isValidAnnotationKey],
      ['labels', validators.isValidLabelKey],
    ] as const) {
      const values = metadata[group];
      for (const key of isRecord(values)
        ? Object.keys(values)
            .filter(each => !isValid(each))
            .slice(0, MOST_OF_A_KIND)
        : []) {
        add(
          {
            id: `${group.slice(0, -1)}-invalid`,
            severity: 'error',
            message: `'${shorten(key)}' can't be the key of ${
              group === 'labels' ? 'a label' : 'an annotation'
            }: it is a name, or a domain, a slash and a name.`,
          },
          ['metadata', group, key],
        );
      }
    }
    const tags: unknown[] = Array.isArray(metadata.tags) ? metadata.tags : [];
    let wrong = 0;
    tags.forEach((tag, index) => {
      if (typeof tag !== 'string' || tag === '' || validators.isValidTag(tag)) {
        return;
      }
      wrong += 1;
      if (wrong > MOST_OF_A_KIND) {
        return;
      }
      const better = tag
        .slice(0, 63)
        .toLocaleLowerCase('en-US')
        .replace(/[^a-z0-9+#]+/g, '-')
        .replace(/^-|-$/g, '');
      add(
        {
          id: 'tag-invalid',
          severity: 'error',
          message: `The tag '${shorten(
            tag,
          )}' may have only small letters, digits, + and #, and - between them.`,
        },
        ['metadata', 'tags', index],
        validators.isValidTag(better)
          ? replace(['metadata', 'tags', index], better)
          : undefined,
      );
    });
    const links: unknown[] = Array.isArray(metadata.links)
      ? metadata.links
      : [];
    links.slice(0, 1000).forEach((link, index) => {
      if (
        isRecord(link) &&
        typeof link.url === 'string' &&
        link.url !== '' &&
        !CommonValidatorFunctions.isValidUrl(link.url)
      ) {
        add(
          {
            id: 'link-invalid',
            severity: 'error',
            message: `'${shorten(
              link.url,
            )}' is not a whole address. Begin it with https://.`,
          },
          ['metadata', 'links', index, 'url'],
        );
      }
    });
  }
}

/** With a text for each `$text: ./file` and the like, which the catalog replaces before it validates. */
function withoutPlaceholders(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(withoutPlaceholders);
  }
  if (!isRecord(value)) {
    return value;
  }
  const keys = Object.keys(value);
  if (keys.length === 1 && PLACEHOLDER.test(keys[0])) {
    return keys[0];
  }
  return Object.fromEntries(
    keys.map(key => [key, withoutPlaceholders(value[key])]),
  );
}

/** The parts of a JSON pointer, with indexes as numbers where there is a list. */
function toPath(pointer: string, root: unknown): FieldPath {
  let value: unknown = root;
  return pointer
    .split('/')
    .slice(1)
    .map(part => {
      const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
      const inList = Array.isArray(value);
      const step = inList ? Number(key) : key;
      value = valueAt(value, [step]);
      return step;
    });
}

function valueAt(root: unknown, path: FieldPath): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null
        ? (value as Record<string | number, unknown>)[key]
        : undefined,
    root,
  );
}

function quotedScalar(value: unknown): string | undefined {
  return typeof value === 'number' || typeof value === 'boolean'
    ? `'${value}'`
    : undefined;
}

function describe(error: ErrorObject): string {
  switch (error.keyword) {
    case 'type':
      return `has to be ${article(String(error.params.type))}`;
    case 'minLength':
      return 'must not be empty';
    case 'enum':
      return `has to be one of ${error.params.allowedValues.join(', ')}`;
    default:
      return error.message ?? 'is not valid';
  }
}

function article(type: string): string {
  const names: Record<string, string> = {
    array: 'a list',
    object: 'a mapping',
    string: 'a text',
    boolean: 'true or false',
  };
  return names[type] ?? `a ${type}`;
}
