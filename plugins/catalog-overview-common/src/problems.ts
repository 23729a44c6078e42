import {
  catalogProblemSchema,
  problemSeveritySchema,
} from '@waystone/plugin-catalog-checks-common';
import { createPermission } from '@backstage/plugin-permission-common';
import { z } from 'zod';

/** How many problems a page holds if nothing else is asked for. @public */
export const PROBLEMS_PAGE_SIZE = 50;

/** To see the problems of all entities. Those of what one owns need no permission. @public */
export const catalogProblemReadPermission = createPermission({
  name: 'catalog.problem.read',
  attributes: { action: 'read' },
});

/** The query of `GET /waystone/problems`. @public */
export const problemsQuerySchema = z.object({
  /** Only entities of this owner, as a full entity ref. */
  owner: z.string().max(500).optional(),
  severity: problemSeveritySchema.optional(),
  /** Only entities of this kind. */
  kind: z.string().max(100).optional(),
  /** Only what has this in its entity ref or the id of the problem. */
  q: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(PROBLEMS_PAGE_SIZE),
  /** The `nextCursor` of the page before. */
  cursor: z.coerce.number().int().min(0).default(0),
});

/** A problem in the list of all. Where it is in the file, only the entity's own list says. @public */
export const problemItemSchema = z.object({
  /** The full entity ref, in lower case. */
  entityRef: z.string(),
  /** Of the rule, such as `tier-missing`. */
  id: z.string(),
  severity: problemSeveritySchema,
  message: z.string(),
  /** Entity refs; of a location, the owners of what it brings. */
  owners: z.array(z.string()),
});

/** @public */
export const problemsResponseSchema = z.object({
  items: z.array(problemItemSchema),
  totalItems: z.number().int(),
  pageInfo: z.object({ nextCursor: z.string().optional() }),
  summary: z.object({
    errors: z.number().int(),
    warnings: z.number().int(),
    /** Of all that the caller may see, whatever the filters; the most frequent first. */
    kinds: z.array(z.object({ kind: z.string(), count: z.number().int() })),
    owners: z.array(
      z.object({ entityRef: z.string(), count: z.number().int() }),
    ),
    /** Whether these are the problems of everybody, or only of what the caller owns. */
    everybody: z.boolean(),
  }),
});

/** A problem of one entity, with the lines that a patch would change. @public */
export const entityProblemSchema = catalogProblemSchema
  .partial({ line: true, column: true, field: true })
  .extend({
    diff: z
      .object({
        line: z.number().int(),
        removed: z.array(z.string()),
        added: z.array(z.string()),
      })
      .optional(),
  });

/** `GET /waystone/problems/:kind/:namespace/:name` @public */
export const entityProblemsResponseSchema = z.object({
  /** Whether the caller may know. If not, there are no items. */
  allowed: z.boolean(),
  items: z.array(entityProblemSchema),
  /** Whether the catalog could not take the newest version, so that an older one is shown. */
  outdated: z.boolean(),
  /** When the version that is shown came to be, as RFC 3339. */
  shownSince: z.iso.datetime().optional(),
  /** Why there are no lines: the file could not be read. */
  unreadable: z.string().optional(),
});

/** @public */
export type ProblemsQuery = z.infer<typeof problemsQuerySchema>;
/** @public */
export type ProblemItem = z.infer<typeof problemItemSchema>;
/** @public */
export type ProblemsResponse = z.infer<typeof problemsResponseSchema>;
/** @public */
export type EntityProblem = z.infer<typeof entityProblemSchema>;
/** @public */
export type EntityProblemsResponse = z.infer<
  typeof entityProblemsResponseSchema
>;
