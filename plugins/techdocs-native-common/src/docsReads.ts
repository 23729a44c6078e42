import { z } from 'zod';

/** What `GET /api/techdocs/native/reads/:namespace/:kind/:name` is asked. */
export const docsReadsQuerySchema = z.object({
  /** Whole days back, today included. */
  days: z.coerce.number().int().min(1).max(365).default(30),
  /** Pages in the answer. */
  limit: z.coerce.number().int().min(1).max(100).default(10),
});

/** See {@link docsReadsQuerySchema}. */
export type DocsReadsQuery = z.infer<typeof docsReadsQuerySchema>;

/** How often the pages of an entity's docs were opened, most read first. For everybody who may read them. */
export const docsSiteReadsSchema = z.object({
  entityRef: z.string(),
  days: z.number(),
  /** Of all pages. */
  reads: z.number(),
  pages: z.array(
    z.object({
      /** Address below the site, empty for the start page. */
      page: z.string(),
      /** Title in the last build, when it still has the page. */
      title: z.string().optional(),
      reads: z.number(),
    }),
  ),
});

/** See {@link docsSiteReadsSchema}. */
export type DocsSiteReads = z.infer<typeof docsSiteReadsSchema>;
