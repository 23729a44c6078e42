import type { z } from 'zod';
import { problemAt, shorten } from '../Problem';
import type { FieldPath, Problem } from '../Problem';
import { nearest } from '../text/nearest';
import type { JsonSchema } from './jsonSchemas';

/** How many problems of one document are said. */
const MOST_PROBLEMS = 50;

type Issue = z.core.$ZodIssue;

/** What a schema found, in words that say what to write instead. */
export function toProblems(
  issues: readonly Issue[],
  document: unknown,
  schema: JsonSchema,
): Problem[] {
  const problems = issues
    .flatMap(issue => innermost(issue))
    .slice(0, MOST_PROBLEMS)
    .flatMap(issue => toProblem(issue, document, schema));
  // One mistake can break several rules; the first says enough
  return problems.filter(
    ({ field }, index) =>
      problems.findIndex(each => each.field === field) === index,
  );
}

/** Of the branches of a union, the one that somebody seems to have meant. */
function innermost(issue: Issue): Issue[] {
  if (issue.code !== 'invalid_union') {
    return [issue];
  }
  const promising = issue.errors.filter(
    branch =>
      // A branch of another type says nothing about what was meant
      !branch.some(
        each =>
          each.path.length === 0 &&
          (each.code === 'invalid_type' || each.code === 'invalid_value'),
      ),
  );
  const [best] = promising.toSorted(
    (a, b) => weigh(a) - weigh(b) || a.length - b.length,
  );
  return best === undefined
    ? [issue]
    : best.flatMap(each =>
        innermost({ ...each, path: [...issue.path, ...each.path] } as Issue),
      );
}

/** Fields that don't belong there count more than such that are missing or wrong. */
function weigh(branch: readonly Issue[]): number {
  return branch.reduce(
    (sum, issue) => sum + (issue.code === 'unrecognized_keys' ? 3 : 1),
    0,
  );
}

function toProblem(
  issue: Issue,
  document: unknown,
  schema: JsonSchema,
): Problem[] {
  const path = issue.path.map(part =>
    typeof part === 'number' ? part : String(part),
  );
  const value = valueAt(document, path);
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(schema, path);
    return issue.keys.map(key => {
      const meant = nearest(key, known);
      return problemAt([...path, key], {
        code: 'unknown-field',
        message: `There is no field '${shorten(key)}' here.`,
        suggestion: meant
          ? `Did you mean '${meant}'?`
          : `There are: ${known.join(', ')}.`,
      });
    });
  }
  const name =
    path.length === 0 ? 'The document' : `'${path[path.length - 1]}'`;
  if (value === undefined && issue.code !== 'invalid_key') {
    const description = schemasAt(schema, path).find(
      each => each.description,
    )?.description;
    const options = optionsAt(schema, path);
    return [
      problemAt(path, {
        code: 'missing-field',
        message: `${name} is missing.`,
        suggestion: [
          options.length > 0
            ? `Write one of: ${options.join(', ')}.`
            : `Add it.`,
          ...(description ? [description] : []),
        ].join(' '),
      }),
    ];
  }
  if (issue.code === 'invalid_value') {
    const options = issue.values.map(String);
    const meant =
      typeof value === 'string' ? nearest(value, options) : undefined;
    return [
      problemAt(path, {
        code: 'unknown-value',
        message: `${name} can't be '${shorten(value)}'.`,
        suggestion: meant
          ? `Did you mean '${meant}'?`
          : `Write one of: ${options.join(', ')}.`,
      }),
    ];
  }
  if (issue.code === 'invalid_key') {
    const [inner] = issue.issues;
    return [
      problemAt(path, {
        code: 'invalid-key',
        message: `The key ${name} ${phrase(
          inner?.message ?? 'is not allowed',
        )}.`,
        suggestion: 'Rename it.',
      }),
    ];
  }
  return [
    problemAt(path, {
      code: 'invalid-value',
      message: `${name} is '${shorten(value)}', which ${
        explain(issue).split(' such as ')[0]
      }.`,
      suggestion:
        proposal(issue, value) ??
        schemasAt(schema, path).find(each => each.description)?.description ??
        'Change it.',
    }),
  ];
}

function explain(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `is not ${articled(issue.expected)}`;
    case 'too_big':
      return issue.origin === 'string' || issue.origin === 'array'
        ? `is longer than ${issue.maximum}`
        : `is more than ${issue.maximum}`;
    case 'too_small':
      return issue.origin === 'string' || issue.origin === 'array'
        ? `is shorter than ${issue.minimum}`
        : `is less than ${issue.minimum}`;
    default:
      return phrase(issue.message);
  }
}

function articled(type: string): string {
  switch (type) {
    case 'int':
      return 'a whole number';
    case 'record':
    case 'object':
      return 'an object (key: value)';
    case 'array':
      return 'a list (- value)';
    case 'string':
      return 'a text';
    default:
      return `a ${type}`;
  }
}

/** Our own messages begin with a verb; the library's are sentences. */
function phrase(message: string): string {
  return /^(is|has|moves|begins)\b/.test(message)
    ? message
    : `is not allowed (${message})`;
}

function proposal(issue: Issue, value: unknown): string | undefined {
  if (issue.code === 'too_big') {
    return `At most ${issue.maximum}.`;
  }
  if (issue.code === 'too_small') {
    return `At least ${issue.minimum}.`;
  }
  if (typeof value === 'string' && /lower-case/.test(issue.message)) {
    const better = value
      .toLocaleLowerCase('en-US')
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^[^a-z]+|-+$/g, '')
      .slice(0, 50);
    return better === '' ? undefined : `Such as '${better}'.`;
  }
  if (
    issue.code === 'invalid_type' &&
    issue.expected === 'string' &&
    (typeof value === 'number' || typeof value === 'boolean')
  ) {
    return 'Put it in quotes.';
  }
  const [, example] = issue.message.split(' such as ');
  if (example !== undefined) {
    return `Such as ${example}.`;
  }
  if (/^is neither/.test(issue.message)) {
    return 'Write one of them.';
  }
  return undefined;
}

function valueAt(document: unknown, path: FieldPath): unknown {
  let value = document;
  for (const part of path) {
    if (
      typeof value !== 'object' ||
      value === null ||
      !Object.hasOwn(value, part)
    ) {
      return undefined;
    }
    value = (value as Record<string | number, unknown>)[part];
  }
  return value;
}

/** The schemas that apply at a path; several where there are alternatives. */
function schemasAt(schema: JsonSchema, path: FieldPath): JsonSchema[] {
  let current = alternatives(schema);
  for (const part of path) {
    current = current
      .flatMap(each => {
        if (typeof part === 'number') {
          return each.items ? [each.items] : [];
        }
        if (each.properties && Object.hasOwn(each.properties, part)) {
          return [each.properties[part]];
        }
        return typeof each.additionalProperties === 'object'
          ? [each.additionalProperties]
          : [];
      })
      .flatMap(alternatives);
  }
  return current;
}

function alternatives(schema: JsonSchema): JsonSchema[] {
  return [schema, ...(schema.anyOf ?? []).flatMap(alternatives)];
}

function keysAt(schema: JsonSchema, path: FieldPath): string[] {
  return [
    ...new Set(
      schemasAt(schema, path).flatMap(each =>
        Object.keys(each.properties ?? {}),
      ),
    ),
  ];
}

function optionsAt(schema: JsonSchema, path: FieldPath): string[] {
  return schemasAt(schema, path).flatMap(each => {
    if (each.const !== undefined) {
      return [String(each.const)];
    }
    return each.enum ? each.enum.map(String) : [];
  });
}
