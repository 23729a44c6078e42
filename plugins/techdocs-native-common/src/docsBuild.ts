import { z } from 'zod';

/** Something an author should know of, with where it is and what to do. */
export const docsProblemSchema = z.object({
  severity: z.enum(['error', 'warning', 'info']),
  code: z.string(),
  message: z.string(),
  fix: z.string(),
  file: z.string(),
  line: z.number().optional(),
  column: z.number().optional(),
});

/** See {@link docsProblemSchema}. */
export type DocsProblemReport = z.infer<typeof docsProblemSchema>;

/** The last build of an entity's docs, as the reader's page shows it. */
export const docsBuildSchema = z.object({
  entityRef: z.string(),
  /** `failed`: the pages are those of `builtAt`, and `error` says why there are no newer ones. */
  state: z.enum(['built', 'failed', 'unknown']),
  /** When the pages that are shown were built. ISO 8601 */
  builtAt: z.string().optional(),
  /** When their source last changed. ISO 8601 */
  changedAt: z.string().optional(),
  /** Who changed it, as the source names them: a person's name. */
  changedBy: z.string().optional(),
  /** When a build was last tried. ISO 8601 */
  attemptedAt: z.string().optional(),
  error: z.string().optional(),
  pages: z.number().optional(),
  milliseconds: z.number().optional(),
  /** Whether the person asking owns the entity. */
  owner: z.boolean(),
  /** For owners only; empty for everybody else. */
  problems: z.array(docsProblemSchema),
  problemCount: z.number(),
  /** When an owner last said that the docs are still right. ISO 8601 */
  confirmedAt: z.string().optional(),
  confirmedBy: z.string().optional(),
});

/** See {@link docsBuildSchema}. */
export type DocsBuild = z.infer<typeof docsBuildSchema>;

/**
 * How the last builds of all docs went, as other parts of the portal read it: `GET /api/techdocs/native/builds`, for
 * services only.
 */
export const docsBuildsSchema = z.object({
  items: z.array(
    z.object({
      entityRef: z.string(),
      state: z.enum(['built', 'failed', 'unknown']),
      pages: z.number().optional(),
      problemCount: z.number(),
      /** Neither changed nor confirmed for a year. */
      stale: z.boolean(),
    }),
  ),
});

/** See {@link docsBuildsSchema}. */
export type DocsBuilds = z.infer<typeof docsBuildsSchema>;

/** What a reader says of a page, named by its address below the site: empty for the start page. */
export const docsFeedbackSchema = z.object({
  page: z.string().max(500),
  helpful: z.boolean(),
  comment: z.string().trim().max(2000).optional(),
});

/** See {@link docsFeedbackSchema}. */
export type DocsFeedback = z.infer<typeof docsFeedbackSchema>;
