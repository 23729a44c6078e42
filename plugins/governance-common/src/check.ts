import { z } from 'zod';

/** How large a request may be. @public */
export const CHECK_MOST_BYTES = 1_000_000;

/** How many objects it may have. @public */
export const CHECK_MOST_OBJECTS = 100;

/** The body of `POST /check`. @public */
export const checkRequestSchema = z.strictObject({
  /** Name of one of `waystone.environments`: where the manifests are to run. */
  environment: z.string().min(1).max(100),
  /** For manifests that name no namespace. */
  namespace: z.string().min(1).max(63).optional(),
  /** YAML with one or several documents, or objects. */
  manifests: z.union([
    z.string().max(CHECK_MOST_BYTES),
    z.array(z.record(z.string(), z.unknown())).max(CHECK_MOST_OBJECTS),
  ]),
});

/** What a cluster says of an object. @public */
export const verdictSchema = z.object({
  /** `error`: it would be refused. */
  severity: z.enum(['error', 'warning']),
  source: z.enum(['policy', 'schema', 'quota', 'access', 'cluster']),
  /** Where in the object, such as `spec.template.spec.containers[0].image`. */
  field: z.string().optional(),
  /** The constraint or policy, and the rule within it. */
  policy: z.string().optional(),
  message: z.string(),
  /** What to do, in a sentence. */
  fix: z.string().optional(),
});

/** An object and what the cluster says of it. @public */
export const checkedObjectSchema = z.object({
  /** Its place among the manifests, from 0. */
  index: z.number().int(),
  apiVersion: z.string().optional(),
  kind: z.string().optional(),
  namespace: z.string().optional(),
  name: z.string().optional(),
  /** `unknown` if the cluster could not be asked. */
  outcome: z.enum(['accepted', 'refused', 'unknown']),
  verdicts: z.array(verdictSchema),
});

/** What `POST /check` answers. @public */
export const checkResponseSchema = z.object({
  cluster: z.string(),
  /** Whether the cluster would take all of them. */
  outcome: z.enum(['accepted', 'refused', 'unknown']),
  objects: z.array(checkedObjectSchema),
  checkedAt: z.iso.datetime(),
});

/** @public */
export type CheckRequest = z.infer<typeof checkRequestSchema>;
/** @public */
export type Verdict = z.infer<typeof verdictSchema>;
/** @public */
export type CheckedObject = z.infer<typeof checkedObjectSchema>;
/** @public */
export type CheckResponse = z.infer<typeof checkResponseSchema>;
