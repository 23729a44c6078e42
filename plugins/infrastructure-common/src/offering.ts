import { z } from 'zod';

/** What a value of a field is called, where values are shown as cards. @public */
export const choiceSchema = z.object({
  title: z.string(),
  description: z.string().optional(),
});

/** Something that can be requested. @public */
export const offeringSchema = z.object({
  /** Name of the definition, such as `postgresqlinstances.platform.waystone.dev`. */
  id: z.string(),
  apiVersion: z.string(),
  kind: z.string(),
  title: z.string(),
  description: z.string(),
  category: z.string(),
  icon: z.string().optional(),
  docsUrl: z.string().optional(),
  /** `broken`: it cannot be requested, and `problem` says why. */
  state: z.enum(['available', 'broken']),
  problem: z.string().optional(),
  /** Names of the environments that have it. */
  environments: z.array(z.string()),
  /** JSON Schema of the parameters. */
  schema: z.record(z.string(), z.unknown()),
  /** Fields that the form folds away. */
  advancedFields: z.array(z.string()),
  /** By field and value. */
  choices: z.record(z.string(), z.record(z.string(), choiceSchema)),
  /** By field: what a change of it does to what is there, in a sentence. */
  effects: z.record(z.string(), z.string()),
  /** Whether it can be backed up and restored. */
  backups: z.boolean(),
  /** Whether it can get new credentials. */
  rotation: z.boolean(),
  approval: z.enum(['protected', 'always', 'never']),
  timeToLiveDays: z.number().int().optional(),
  /** What answers at its connection. */
  connection: z.string().optional(),
  /** A month with everything left as it is; undefined without a price. */
  priceFrom: z.object({ amount: z.number(), currency: z.string() }).optional(),
  /** Measured from being applied to being usable, over the last requests. */
  timeToReady: z
    .object({ medianSeconds: z.number(), samples: z.number().int() })
    .optional(),
});

/** @public */
export const offeringListSchema = z.object({
  items: z.array(offeringSchema),
  totalItems: z.number().int(),
  /** Clusters whose offerings may be missing or old, with the reason. */
  problems: z.array(
    z.object({
      cluster: z.string(),
      message: z.string(),
      since: z.string().optional(),
    }),
  ),
});

/** @public */
export type Choice = z.infer<typeof choiceSchema>;
/** @public */
export type Offering = z.infer<typeof offeringSchema>;
/** @public */
export type OfferingList = z.infer<typeof offeringListSchema>;
