import { z } from 'zod';

const operators = {
  exists: z.literal(true),
  equals: z.union([z.string(), z.number(), z.boolean()]),
  in: z.array(z.string()).min(1),
  notIn: z.array(z.string()).min(1),
  atLeast: z.number(),
  atMost: z.number(),
  excludes: z.array(z.string()).min(1),
} as const;

const OPERATORS = Object.keys(operators) as (keyof typeof operators)[];

const checkSchema = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/),
    title: z.string().min(1),
    level: z.string().min(1),
    /** Such as `catalog.owner`. */
    fact: z.string().regex(/^[a-z]+\.\S+$/),
    exists: operators.exists.optional(),
    equals: operators.equals.optional(),
    in: operators.in.optional(),
    notIn: operators.notIn.optional(),
    atLeast: operators.atLeast.optional(),
    atMost: operators.atMost.optional(),
    excludes: operators.excludes.optional(),
    why: z.string().optional(),
    fix: z.string().optional(),
    evidence: z
      .enum(['governance', 'delivery', 'observability', 'docs'])
      .optional(),
  })
  .refine(
    check => OPERATORS.filter(name => check[name] !== undefined).length === 1,
    { error: `has to have one of ${OPERATORS.join(', ')}` },
  );

/** A scorecard, as its file has it. */
export const scorecardDefinitionSchema = z
  .strictObject({
    name: z.string().regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/),
    title: z.string().min(1),
    description: z.string().optional(),
    appliesTo: z
      .strictObject({
        kinds: z.array(z.string()).optional(),
        types: z.array(z.string()).optional(),
        lifecycles: z.array(z.string()).optional(),
      })
      .default({}),
    /** From the lowest. */
    levels: z.array(z.string().min(1)).min(1),
    checks: z.array(checkSchema).min(1),
  })
  .refine(
    ({ checks, levels }) => checks.every(({ level }) => levels.includes(level)),
    { error: 'has a check of a level that is not in levels' },
  );

/** A scorecard. */
export type ScorecardDefinition = z.output<typeof scorecardDefinitionSchema>;

/** A check of a scorecard. */
export type CheckDefinition = ScorecardDefinition['checks'][number];
