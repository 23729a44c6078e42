import { z } from 'zod';
import { applicationSchema } from './Application';
import { serviceRequestSchema } from './ServiceRequest';

/** A JSON Schema, as far as it is walked through. */
export interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
}

/**
 * The JSON Schema (draft 7, which editors know best) of an Application.
 *
 * @public
 */
export function createApplicationJsonSchema(): object {
  return toJsonSchema(applicationSchema);
}

/**
 * The JSON Schema (draft 7) of a ServiceRequest.
 *
 * @public
 */
export function createServiceRequestJsonSchema(): object {
  return toJsonSchema(serviceRequestSchema);
}

function toJsonSchema(schema: z.ZodType): object {
  return z.toJSONSchema(schema, { target: 'draft-7', io: 'input' });
}
