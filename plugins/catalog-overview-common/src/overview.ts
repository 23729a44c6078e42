import { stackStateSchema } from '@waystone/plugin-catalog-checks-common';
import { z } from 'zod';

/** How many entities a list of an overview holds at most; its total says how many there are. @public */
export const OVERVIEW_LIST_SIZE = 20;

/** How many members of the owner are named. @public */
export const OVERVIEW_MEMBERS = 10;

/** An entity beside the one that is looked at. @public */
export const overviewItemSchema = z.object({
  /** The full entity ref, in lower case. */
  entityRef: z.string(),
  title: z.string(),
  kind: z.string(),
  type: z.string().optional(),
  lifecycle: z.string().optional(),
  tier: z.string().optional(),
  owner: z.object({ entityRef: z.string(), title: z.string() }).optional(),
  /** The API by which it depends on the entity, if it does so by one. */
  via: z.string().optional(),
  /** Whether the catalog has it; what is only referred to has no other fields. */
  exists: z.boolean(),
});

/** @public */
export const overviewListSchema = z.object({
  items: z.array(overviewItemSchema),
  /** How many there are that the caller may see. */
  total: z.number().int(),
});

/** A way out of the page: an HTTP address, or a path of the portal. @public */
export const overviewLinkSchema = z.object({
  url: z.string(),
  title: z.string(),
});

/** What an entity is built with, by its annotation `waystone.dev/stack`. @public */
export const overviewStackSchema = z.object({
  /** Such as 'Java'. */
  title: z.string(),
  version: z.string().optional(),
  /** By the organisation's stacks file; undefined if that does not say. */
  state: stackStateSchema.optional(),
  /** When it ends or has ended, such as 2027-09-30. */
  date: z.string().optional(),
  /** What to use instead, such as `java@21`. */
  replacement: z.string().optional(),
});

/** The answer of `GET /waystone/overview/:kind/:namespace/:name`. @public */
export const overviewResponseSchema = z.object({
  entityRef: z.string(),
  owner: z
    .object({
      entityRef: z.string(),
      title: z.string(),
      kind: z.string(),
      exists: z.boolean(),
      description: z.string().optional(),
      members: z.object({
        items: z.array(
          z.object({
            entityRef: z.string(),
            title: z.string(),
            picture: z.string().optional(),
          }),
        ),
        total: z.number().int(),
      }),
    })
    .optional(),
  /** Where people talk about it: its own link, else that of its owner. */
  chat: overviewLinkSchema.optional(),
  /** Who is on call, by the annotation of the entity or else of its owner. */
  onCall: z.string().optional(),
  stack: overviewStackSchema.optional(),
  runbook: z.string().optional(),
  docs: z.string().optional(),
  /** Its other links. */
  links: z.array(overviewLinkSchema),
  system: z
    .object({ entity: overviewItemSchema, otherParts: overviewListSchema })
    .optional(),
  parts: overviewListSchema,
  dependencies: overviewListSchema,
  /** What depends on it, directly or by way of an API that it provides. */
  dependents: overviewListSchema,
  providesApis: overviewListSchema,
  consumesApis: overviewListSchema,
  /** Of an API. */
  providers: overviewListSchema,
  consumers: overviewListSchema,
  impact: z.object({
    /** How many entities break or lose something without it, over any number of steps. */
    total: z.number().int(),
    /** Whether there are more than were counted. */
    truncated: z.boolean(),
  }),
  entry: z.object({
    /** RFC 3339: when the entry last changed, and when its source is read next. */
    changedAt: z.string().optional(),
    refreshAt: z.string().optional(),
    /** The annotation `backstage.io/managed-by-location`. */
    location: z.string().optional(),
    sourceUrl: z.string().optional(),
    /** Whether the source no longer names it. */
    orphan: z.boolean(),
    /** How many errors the last processing had. Only for who owns it. */
    errors: z.number().int().optional(),
  }),
});

/** @public */
export type OverviewItem = z.infer<typeof overviewItemSchema>;
/** @public */
export type OverviewList = z.infer<typeof overviewListSchema>;
/** @public */
export type OverviewLink = z.infer<typeof overviewLinkSchema>;
/** @public */
export type OverviewStack = z.infer<typeof overviewStackSchema>;
/** @public */
export type OverviewResponse = z.infer<typeof overviewResponseSchema>;
