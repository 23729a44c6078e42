import { z } from 'zod';
import { freshnessSchema, healthSchema, syncSchema } from './deployment';
import { objectNameSchema } from './explanation';

/** How many objects of a deployment are listed. @public */
export const OBJECTS_MOST = 500;

/** A container of a pod. @public */
export const containerSchema = z.object({
  name: z.string(),
  image: z.string(),
  /** Whether it runs before the others. */
  init: z.boolean(),
  ready: z.boolean(),
  restarts: z.number().int(),
  /** In Kubernetes' words, such as `Running` or `CrashLoopBackOff`. */
  state: z.string(),
  message: z.string().optional(),
});

/** An object that runs for a deployment. @public */
export const runningObjectSchema = objectNameSchema.extend({
  /** Unique within the answer. */
  id: z.string(),
  /** The id of the object that it came from; undefined if Git has it. */
  parent: z.string().optional(),
  health: healthSchema.optional(),
  /** Why, in the source's words. */
  message: z.string().optional(),
  /** Of what Git has. */
  sync: syncSchema.optional(),
  createdAt: z.iso.datetime().optional(),
  /** Of a pod. */
  containers: z.array(containerSchema).optional(),
  /** The node of a pod. */
  node: z.string().optional(),
});

/** What a controller recorded of an object. @public */
export const objectEventSchema = z.object({
  object: objectNameSchema,
  warning: z.boolean(),
  reason: z.string(),
  message: z.string(),
  count: z.number().int(),
  at: z.iso.datetime().optional(),
});

/** `GET /services/:namespace/:kind/:name/environments/:environment/objects` @public */
export const objectsResponseSchema = z.object({
  items: z.array(runningObjectSchema),
  totalItems: z.number().int(),
  /** Newest first. */
  events: z.array(objectEventSchema),
  /** What could not be asked, each in a sentence. */
  gaps: z.array(z.string()),
  freshness: z.array(freshnessSchema),
});

/** @public */
export type Container = z.infer<typeof containerSchema>;
/** @public */
export type RunningObject = z.infer<typeof runningObjectSchema>;
/** @public */
export type ObjectEvent = z.infer<typeof objectEventSchema>;
/** @public */
export type ObjectsResponse = z.infer<typeof objectsResponseSchema>;
