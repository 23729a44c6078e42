import type { z } from 'zod';
import { problemAt } from './Problem';
import type { Problem } from './Problem';
import { checkReferences } from './resolve/checkReferences';
import { applicationSchema } from './schema/Application';
import type { Application } from './schema/Application';
import {
  createApplicationJsonSchema,
  createServiceRequestJsonSchema,
} from './schema/jsonSchemas';
import type { JsonSchema } from './schema/jsonSchemas';
import { serviceRequestSchema } from './schema/ServiceRequest';
import type { ServiceRequest } from './schema/ServiceRequest';
import { toProblems } from './schema/toProblems';
import { parseText } from './text/parseText';
import type { SourceText } from './text/SourceText';

/** A document that was read. @public */
export interface ReadResult<T> {
  /** Undefined if there are errors. */
  readonly value?: T;
  /** With their places in the text, in its order. */
  readonly problems: readonly Problem[];
  /** Finds the places of problems that are found later. Undefined if the text is not YAML. */
  readonly source?: SourceText;
}

/** Schemas by kind, made when a document has a mistake. */
const jsonSchemas = new Map<z.ZodType, JsonSchema>();

/**
 * Reads the text of an Application.
 *
 * @remarks
 *
 * Bounded for any text. Nothing is filled in.
 *
 * @public
 */
export function readApplication(text: string): ReadResult<Application> {
  return read(text, checkApplication);
}

/**
 * Reads the text of a ServiceRequest.
 *
 * @public
 */
export function readServiceRequest(text: string): ReadResult<ServiceRequest> {
  return read(text, checkServiceRequest);
}

/**
 * Checks an Application that is already data.
 *
 * @public
 */
export function checkApplication(value: unknown): ReadResult<Application> {
  const result = check(value, applicationSchema, createApplicationJsonSchema);
  if (!result.value) {
    return result;
  }
  const problems = checkReferences(result.value);
  return problems.some(({ severity }) => severity === 'error')
    ? { problems }
    : { value: result.value, problems };
}

/**
 * Checks a ServiceRequest that is already data.
 *
 * @public
 */
export function checkServiceRequest(
  value: unknown,
): ReadResult<ServiceRequest> {
  return check(value, serviceRequestSchema, createServiceRequestJsonSchema);
}

function read<T>(
  text: string,
  checkValue: (value: unknown) => ReadResult<T>,
): ReadResult<T> {
  const { value, source, problems } = parseText(text);
  if (problems.length > 0 || !source) {
    return { problems, source };
  }
  const result = checkValue(value);
  return {
    ...result,
    source,
    problems: source
      .place(result.problems)
      .toSorted(
        (a, b) =>
          (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0),
      ),
  };
}

function check<T>(
  value: unknown,
  schema: z.ZodType<T>,
  createJsonSchema: () => object,
): ReadResult<T> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return {
      problems: [
        problemAt([], {
          code: 'not-an-object',
          message: 'The document is not a mapping.',
          suggestion: 'Begin it with apiVersion, kind, metadata and spec.',
        }),
      ],
    };
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) {
    return { value: parsed.data, problems: [] };
  }
  let jsonSchema = jsonSchemas.get(schema);
  if (!jsonSchema) {
    jsonSchema = createJsonSchema() as JsonSchema;
    jsonSchemas.set(schema, jsonSchema);
  }
  return { problems: toProblems(parsed.error.issues, value, jsonSchema) };
}
