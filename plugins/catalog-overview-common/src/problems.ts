import {
  catalogProblemSchema,
  problemSeveritySchema,
} from '@waystone/plugin-catalog-checks-common';
import { RESOURCE_TYPE_CATALOG_ENTITY } from '@backstage/plugin-catalog-common/alpha';
import { createPermission } from '@backstage/plugin-permission-common';
import { z } from 'zod';

/** How many problems a page holds if nothing else is asked for. @public */
export const PROBLEMS_PAGE_SIZE = 50;

/** To see the problems of all entities. Those of what one owns need no permission. @public */
export const catalogProblemReadPermission = createPermission({
  name: 'catalog.problem.read',
  attributes: { action: 'read' },
});

/**
 * To open pull requests that put problems of an entity right.
 *
 * @public
 */
export const catalogProblemFixPermission = createPermission({
  name: 'catalog.problem.fix',
  attributes: { action: 'update' },
  resourceType: RESOURCE_TYPE_CATALOG_ENTITY,
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
  /** Only of what the caller or a group of the caller owns, whatever else the caller may see. */
  mine: z.stringbool().default(false),
  limit: z.coerce.number().int().min(1).max(500).default(PROBLEMS_PAGE_SIZE),
  /** The `nextCursor` of the page before. */
  cursor: z.coerce.number().int().min(0).default(0),
});

/** A problem in the list of all. Where it is in the file, only the entity's own list says. @public */
export const problemItemSchema = z.object({
  /** The full entity ref, in lower case. */
  entityRef: z.string(),
  /** Of a location, an entity that it brings: what people know it by. */
  subjectRef: z.string().optional(),
  /** Of the rule, such as `tier-missing`. */
  id: z.string(),
  severity: problemSeveritySchema,
  message: z.string(),
  /** Entity refs; of a location, the owners of what it brings. */
  owners: z.array(z.string()),
  /** When the portal first saw it, as RFC 3339; of errors only, and within a minute of it. */
  since: z.iso.datetime().optional(),
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

/** A pull request, for people. @public */
export const pullRequestSchema = z.object({
  number: z.number().int(),
  title: z.string(),
  url: z.string(),
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
    /** Names this fix of this text, to ask for a pull request. */
    fixId: z.string().optional(),
    /** The open pull request with this fix. */
    pullRequest: pullRequestSchema.optional(),
  });

/** A commit, for people. @public */
export const sourceCommitSchema = z.object({
  sha: z.string(),
  /** RFC 3339. */
  at: z.string(),
  author: z.string(),
  url: z.string(),
});

/**
 * Whether the portal can propose a change of an entity's file, and where.
 *
 * @public
 */
export const proposalTargetSchema = z.discriminatedUnion('possible', [
  z.object({
    possible: z.literal(true),
    /** Such as `shop/order-service`. */
    repository: z.string(),
    path: z.string(),
    /** What the pull request goes to. */
    branch: z.string(),
  }),
  z.object({ possible: z.literal(false), reason: z.string() }),
]);

/** The body of `POST /waystone/problems/:kind/:namespace/:name/pull-request` @public */
export const proposeFixSchema = z.object({
  fixId: z.string().regex(/^[0-9a-f]{16}$/),
});

/** A pull request that was opened, or was open already. @public */
export const proposalSchema = pullRequestSchema.extend({
  created: z.boolean(),
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
  /** Left out if there is nothing to propose. */
  proposal: proposalTargetSchema.optional(),
  /** Of a file that can't be taken. */
  broken: z
    .object({
      /** Since when, as RFC 3339; left out if nobody knows. */
      since: z.string().optional(),
      /** The commit that broke it, if the source is a forge. */
      by: sourceCommitSchema.optional(),
      /** The commit whose version is shown. */
      shown: sourceCommitSchema.optional(),
    })
    .optional(),
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
/** @public */
export type Proposal = z.infer<typeof proposalSchema>;
/** @public */
export type ProposalTarget = z.infer<typeof proposalTargetSchema>;
/** @public */
export type SourceCommit = z.infer<typeof sourceCommitSchema>;
