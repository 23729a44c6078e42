import { stringifyEntityRef } from '@backstage/catalog-model';
import type { CatalogProblem, TextEdit } from './CatalogProblem';
import { checkEntity, isRecord } from './checkEntity';
import { parseCatalogFile } from './parseCatalogFile';
import type { Finding } from './parseCatalogFile';

/** How many problems of one file are said. */
const MOST_PROBLEMS = 200;

/** What is known beyond the file. @public */
export interface CheckOptions {
  /** The name of the file, for the problems. */
  readonly file?: string;
  /**
   * All entities that there are, as full refs in lower case. Entities of the file itself need not be among
   * them. Without it, references are checked for their form only.
   */
  readonly knownRefs?: Iterable<string>;
  /** Kinds that plugins bring beyond Backstage's own; their fields are not checked. */
  readonly moreKinds?: readonly string[];
}

/** What a check found. @public */
export interface CheckResult {
  /** In the order of the file. */
  readonly problems: readonly CatalogProblem[];
  /** The entities of the file whose kind and name can be read: full refs in lower case. */
  readonly entityRefs: readonly string[];
  /** Whether there were more problems than are said. */
  readonly truncated: boolean;
}

/**
 * Checks the text of a catalog file.
 *
 * @remarks
 *
 * Pure: no file, network or clock. Bounded for any text: what is too large or too deep is refused before it
 * is parsed.
 *
 * @public
 */
export function checkCatalogFile(
  text: string,
  options: CheckOptions = {},
): CheckResult {
  const { documents, findings } = parseCatalogFile(text);
  const all: Finding[] = [...findings];
  const refs = new Map<string, number>();
  for (const { value, source } of documents) {
    const entityRef = refOf(value);
    const first = entityRef === undefined ? undefined : refs.get(entityRef);
    if (entityRef !== undefined && first !== undefined) {
      all.push({
        id: 'entity-duplicate',
        severity: 'error',
        message: `${entityRef} is already defined in line ${first} of this file. Rename one of them.`,
        field: 'metadata.name',
        ...source.positionOf(source.offsetOf(['metadata', 'name'])),
        entityRef,
      });
    } else if (entityRef !== undefined) {
      refs.set(entityRef, source.positionOf(source.start).line);
    }
  }
  const known = options.knownRefs && new Set(options.knownRefs);
  refs.forEach((_, ref) => known?.add(ref));
  for (const { value, source } of documents) {
    if (all.length > MOST_PROBLEMS) {
      break;
    }
    if (value !== undefined && !isRecord(value)) {
      all.push({
        id: 'not-an-object',
        severity: 'error',
        message: `A document has to be a mapping with apiVersion, kind and metadata, but this is ${
          Array.isArray(value) ? 'a list' : 'a single value'
        }.`,
        field: '',
        ...source.positionOf(source.start),
      });
    } else if (value !== undefined) {
      all.push(
        ...checkEntity({
          entity: value,
          source,
          entityRef: refOf(value),
          known,
          moreKinds: options.moreKinds ?? [],
        }),
      );
    }
  }
  const problems = all
    .sort((a, b) => a.line - b.line || a.column - b.column)
    .slice(0, MOST_PROBLEMS)
    .map(finding => ({ ...finding, file: options.file }));
  return {
    problems,
    entityRefs: [...refs.keys()],
    truncated: all.length > MOST_PROBLEMS,
  };
}

function refOf(value: unknown): string | undefined {
  if (!isRecord(value) || !isRecord(value.metadata)) {
    return undefined;
  }
  const { kind } = value;
  const { name, namespace } = value.metadata;
  return isNamed(kind) && isNamed(name)
    ? stringifyEntityRef({
        kind,
        name,
        namespace: isNamed(namespace) ? namespace : undefined,
      })
    : undefined;
}

/** Whether it can be part of a ref; what is longer is said to be wrong, not repeated with each problem. */
function isNamed(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length < 256;
}

/**
 * The text after the edits.
 *
 * @public
 */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  let result = text;
  for (const edit of [...edits].sort((a, b) => b.offset - a.offset)) {
    result =
      result.slice(0, edit.offset) +
      edit.text +
      result.slice(edit.offset + edit.length);
  }
  return result;
}
