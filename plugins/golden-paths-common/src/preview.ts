import { z } from 'zod';

/** `GET /golden-paths/names/:name` @public */
export const nameCheckSchema = z.object({
  available: z.boolean(),
  /** Why it cannot be taken, as a sentence. */
  problem: z.string().optional(),
});

/** @public */
export type NameCheck = z.infer<typeof nameCheckSchema>;

/** `GET /golden-paths/forges` @public */
export const forgeListSchema = z.object({
  /** Those that the portal writes to; the default first. */
  items: z.array(z.object({ host: z.string(), system: z.string() })),
});

/** @public */
export type ForgeList = z.infer<typeof forgeListSchema>;

/** `POST /golden-paths/preview` @public */
export const previewRequestSchema = z.strictObject({
  templateRef: z.string().min(1).max(300),
  values: z.record(z.string(), z.json()),
});

/** What somebody has to know before a run. @public */
export const verdictSchema = z.object({
  severity: z.enum(['error', 'warning']),
  /** Who says so, such as a cluster. */
  source: z.string(),
  message: z.string(),
});

/** @public */
export type Verdict = z.infer<typeof verdictSchema>;

/** What a run would make. @public */
export const previewSchema = z.object({
  /** Why it cannot run, if so. */
  problem: z.string().optional(),
  files: z.array(
    z.object({
      path: z.string(),
      /** Undefined of what is no text, or long. */
      text: z.string().optional(),
      bytes: z.number(),
    }),
  ),
  verdicts: z.array(verdictSchema),
  /** What is asked for, a line each. */
  infrastructure: z.array(
    z.object({
      name: z.string(),
      kind: z.string(),
      environment: z.string(),
      monthly: z.number().optional(),
      currency: z.string().optional(),
      /** Why somebody has to approve it, if so. */
      approval: z.string().optional(),
    }),
  ),
});

/** @public */
export type Preview = z.infer<typeof previewSchema>;

/** `POST /golden-paths/service-requests` @public */
export const serviceRequestFileSchema = z.strictObject({
  text: z.string().max(100_000),
});

/** The form that a ServiceRequest fills in. @public */
export const filledFormSchema = z.object({
  /** What is wrong with it; then there is no form. */
  problems: z.array(
    z.object({
      message: z.string(),
      line: z.number().optional(),
      suggestion: z.string().optional(),
    }),
  ),
  template: z.string().optional(),
  values: z.record(z.string(), z.union([z.string(), z.boolean()])).optional(),
});

/** @public */
export type FilledForm = z.infer<typeof filledFormSchema>;
