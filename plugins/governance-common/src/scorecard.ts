import { z } from 'zod';
import { freshnessSchema } from './freshness';

/** What comes out of a check. `unknown`: nobody could tell, which is not a failure. @public */
export const checkResultSchema = z.enum(['pass', 'fail', 'unknown']);

/** A check of a scorecard, for one entity. @public */
export const scorecardCheckSchema = z.object({
  id: z.string(),
  title: z.string(),
  level: z.string(),
  result: checkResultSchema,
  /** Why it matters. */
  why: z.string().optional(),
  /** What to do, if it fails. */
  fix: z.string().optional(),
  /** What was found, in a few words. */
  found: z.string(),
  /** Where to see it: a path of the portal. */
  evidence: z.string().optional(),
});

/** A scorecard and how one entity does. @public */
export const entityScorecardSchema = z.object({
  name: z.string(),
  title: z.string(),
  description: z.string().optional(),
  /** From the lowest. */
  levels: z.array(z.string()),
  /** The highest of which, and of all below it, every check passes; undefined if the lowest is not reached. */
  level: z.string().optional(),
  passed: z.number().int(),
  failed: z.number().int(),
  unknown: z.number().int(),
  checks: z.array(scorecardCheckSchema),
});

/** `GET /scorecards/:namespace/:kind/:name` @public */
export const entityScorecardsResponseSchema = z.object({
  entityRef: z.string(),
  items: z.array(entityScorecardSchema),
  freshness: z.array(freshnessSchema),
});

/** The query of `GET /scorecards`. @public */
export const scorecardsQuerySchema = z.strictObject({
  /** Ref of an owner. */
  owner: z.string().min(1).max(300).optional(),
});

const levelCountSchema = z.object({
  /** Empty for those that have not reached the lowest. */
  level: z.string(),
  count: z.number().int(),
});

/** A scorecard and how everybody does. @public */
export const scorecardSummarySchema = z.object({
  name: z.string(),
  title: z.string(),
  description: z.string().optional(),
  levels: z.array(z.string()),
  services: z.number().int(),
  /** How many services have reached a level, from the highest. */
  counts: z.array(levelCountSchema),
  /** The checks that fail most, first. */
  checks: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      level: z.string(),
      passed: z.number().int(),
      failed: z.number().int(),
      unknown: z.number().int(),
    }),
  ),
  teams: z.array(
    z.object({
      owner: z.string(),
      services: z.number().int(),
      counts: z.array(levelCountSchema),
    }),
  ),
});

/** `GET /scorecards` @public */
export const scorecardsResponseSchema = z.object({
  items: z.array(scorecardSummarySchema),
  freshness: z.array(freshnessSchema),
});

/** @public */
export type CheckResult = z.infer<typeof checkResultSchema>;
/** @public */
export type ScorecardCheck = z.infer<typeof scorecardCheckSchema>;
/** @public */
export type EntityScorecard = z.infer<typeof entityScorecardSchema>;
/** @public */
export type EntityScorecardsResponse = z.infer<
  typeof entityScorecardsResponseSchema
>;
/** @public */
export type ScorecardSummary = z.infer<typeof scorecardSummarySchema>;
/** @public */
export type ScorecardsResponse = z.infer<typeof scorecardsResponseSchema>;
