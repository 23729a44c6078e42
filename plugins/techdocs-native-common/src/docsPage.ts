import { z } from 'zod';

/**
 * One page of an entity's docs: `GET /api/techdocs/native/pages/:namespace/:kind/:name?path=runbook/`. The path is the
 * page's address below the site, empty for its start page.
 */
export const docsPageSchema = z.object({
  path: z.string(),
  /** The Markdown file below the repository's root. */
  source: z.string().optional(),
  /** When that file last changed. ISO 8601 */
  updatedAt: z.string().optional(),
  /** Who changed it, as the source names them. */
  updatedBy: z.string().optional(),
  /** Where to report what is wrong with the page, when the site names its repository. */
  issueUrl: z.string().optional(),
});

/** See {@link docsPageSchema}. */
export type DocsPage = z.infer<typeof docsPageSchema>;

/**
 * That a page was opened: `POST /api/techdocs/native/reads/:namespace/:kind/:name`. Answered with 204; who reads is not
 * kept.
 */
export const docsReadSchema = z.object({ page: z.string().max(500) });

/** See {@link docsReadSchema}. */
export type DocsRead = z.infer<typeof docsReadSchema>;
