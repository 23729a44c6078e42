import { z } from 'zod';

/** A piece of a text to replace. Offsets count UTF-16 units, as JavaScript does. @public */
export const textEditSchema = z.object({
  offset: z.number().int(),
  /** How much is taken away; 0 inserts. */
  length: z.number().int(),
  text: z.string(),
});

/** What would put a problem right. @public */
export const catalogFixSchema = z.object({
  /** An imperative sentence. */
  description: z.string(),
  /** In the file as it was checked, in ascending order, none overlapping another. */
  patch: z.array(textEditSchema),
});

/**
 * `error`: the catalog does not take the entry, or the portal can't use the value.
 * `warning`: the entry is taken, but lacks something.
 *
 * @public
 */
export const problemSeveritySchema = z.enum(['error', 'warning']);

/** Something that is wrong in a catalog file. @public */
export const catalogProblemSchema = z.object({
  /** Of the rule, such as `tier-invalid`. */
  id: z.string(),
  severity: problemSeveritySchema,
  /** What is wrong and what is expected, in a sentence or two. */
  message: z.string(),
  /** Such as `metadata.annotations["waystone.dev/tier"]`; empty for the whole document. */
  field: z.string(),
  /** The name of the file as it was given. */
  file: z.string().optional(),
  /** From 1. */
  line: z.number().int(),
  /** From 1. */
  column: z.number().int(),
  /** The entity, if its kind and name can be read: a full ref in lower case. */
  entityRef: z.string().optional(),
  fix: catalogFixSchema.optional(),
});

/** @public */
export type TextEdit = z.infer<typeof textEditSchema>;
/** @public */
export type CatalogFix = z.infer<typeof catalogFixSchema>;
/** @public */
export type ProblemSeverity = z.infer<typeof problemSeveritySchema>;
/** @public */
export type CatalogProblem = z.infer<typeof catalogProblemSchema>;
