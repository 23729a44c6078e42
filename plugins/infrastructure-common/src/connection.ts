import { z } from 'zod';

/** Text to copy that connects with it; it names the secret and never its values. @public */
export const snippetSchema = z.object({
  id: z.string(),
  title: z.string(),
  language: z.string(),
  code: z.string(),
});

/** `GET /requests/:id/connection` @public */
export const connectionSchema = z.object({
  cluster: z.string(),
  namespace: z.string(),
  secret: z.string(),
  keys: z.array(z.string()),
  engine: z.string().optional(),
  snippets: z.array(snippetSchema),
});

/** `POST /requests/:id/connection/reveal` @public */
export const revealRequestSchema = z.strictObject({
  key: z.string().min(1).max(253),
});

/** @public */
export const revealedSchema = z.object({ key: z.string(), value: z.string() });

/** A step on the way from the resource to what it consists of. @public */
export const liveObjectSchema = z.object({
  apiVersion: z.string(),
  kind: z.string(),
  name: z.string(),
  /** 0 for the resource itself. */
  depth: z.number().int(),
  state: z.enum(['ready', 'progressing', 'failed', 'missing', 'unknown']),
  conditions: z.array(
    z.object({
      type: z.string(),
      status: z.string(),
      reason: z.string().optional(),
      message: z.string().optional(),
      since: z.string().optional(),
    }),
  ),
  events: z.array(
    z.object({
      type: z.string(),
      reason: z.string(),
      message: z.string(),
      at: z.string().optional(),
    }),
  ),
});

/** `GET /requests/:id/live`: why it is not ready, and all that it consists of. @public */
export const liveStateSchema = z.object({
  /** What blocks, in one sentence; undefined if nothing does. */
  blocker: z.string().optional(),
  objects: z.array(liveObjectSchema),
  observedAt: z.iso.datetime(),
});

/** @public */
export type Snippet = z.infer<typeof snippetSchema>;
/** @public */
export type Connection = z.infer<typeof connectionSchema>;
/** @public */
export type Revealed = z.infer<typeof revealedSchema>;
/** @public */
export type LiveObject = z.infer<typeof liveObjectSchema>;
/** @public */
export type LiveState = z.infer<typeof liveStateSchema>;
