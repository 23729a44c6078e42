import { z } from 'zod';

/** Something that is shown by name and links to its entry in the catalog. */
const namedEntitySchema = z.object({
  entityRef: z.string(),
  title: z.string(),
});

/**
 * What `GET /api/techdocs/native/sites` is asked. Filters narrow each other; without any, all docs that the person may
 * see are listed.
 */
export const docsSitesQuerySchema = z.object({
  /** Part of a name, title or description. */
  q: z.string().trim().max(200).optional(),
  /** `mine`: of entities that the person or one of her groups owns. `stale`: see {@link docsSiteSchema}. */
  view: z.enum(['all', 'mine', 'stale']).default('all'),
  /** Entity ref of a system; `none` for docs of entities without one. */
  system: z.string().max(300).optional(),
  /** Entity ref of an owner. */
  owner: z.string().max(300).optional(),
  /** `system`: by the system's name, then by title. `changed`, `reads`: newest and most first. */
  sort: z.enum(['system', 'title', 'changed', 'reads']).default('system'),
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(100).default(25),
});

/** See {@link docsSitesQuerySchema}. */
export type DocsSitesQuery = z.infer<typeof docsSitesQuerySchema>;

/** The docs of one entity, as the docs home lists them. */
export const docsSiteSchema = namedEntitySchema.extend({
  kind: z.string(),
  description: z.string().optional(),
  system: namedEntitySchema.optional(),
  owners: z.array(namedEntitySchema),
  /** Whether the person asking owns the entity. */
  mine: z.boolean(),
  /** `unknown`: never built on this portal. `failed`: the last build failed; older pages may be there. */
  state: z.enum(['built', 'failed', 'unknown']),
  pages: z.number().optional(),
  /** When the source last changed. ISO 8601 */
  changedAt: z.string().optional(),
  /** Who changed it, as the source names them: a person's name. */
  changedBy: z.string().optional(),
  /** When an owner last said that the docs are still right. ISO 8601 */
  confirmedAt: z.string().optional(),
  /** Neither changed nor confirmed for a year. */
  stale: z.boolean(),
  /** How often pages were opened in the last 30 days. */
  reads: z.number(),
  /** Things to fix, for owners only. */
  problemCount: z.number().optional(),
});

/** See {@link docsSiteSchema}. */
export type DocsSite = z.infer<typeof docsSiteSchema>;

const facetSchema = namedEntitySchema.extend({ count: z.number() });

/** One page of the docs home. */
export const docsSitesResponseSchema = z.object({
  items: z.array(docsSiteSchema),
  totalItems: z.number(),
  /** Of all docs that the person may see, whatever the filters. */
  summary: z.object({
    all: z.number(),
    mine: z.number(),
    stale: z.number(),
    systems: z.array(facetSchema),
    owners: z.array(facetSchema),
  }),
});

/** See {@link docsSitesResponseSchema}. */
export type DocsSitesResponse = z.infer<typeof docsSitesResponseSchema>;
