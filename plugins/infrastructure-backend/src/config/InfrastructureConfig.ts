import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { z } from 'zod';

const KEY = 'waystone.infrastructure';

const partSchema = z.strictObject({
  /** A field of the parameters, such as `size` or `backup.retentionDays`. */
  field: z.string().min(1),
  /** What people read. @defaultValue the field */
  label: z.string().optional(),
  /** Counts where the field is not set. */
  default: z.union([z.string(), z.number(), z.boolean()]).optional(),
  /** By value of the field. */
  amounts: z.record(z.string(), z.number().min(0)).optional(),
  /** For each unit of a number. */
  perUnit: z.number().min(0).optional(),
  /** By value of the field: what everything else is multiplied with. */
  factors: z.record(z.string(), z.number().min(0)).optional(),
});

const priceRuleSchema = z.strictObject({
  base: z.number().min(0).default(0),
  parts: z.array(partSchema).default([]),
});

const configSchema = z.strictObject({
  currency: z.string().length(3).default('EUR'),
  prices: z.record(z.string(), priceRuleSchema).default({}),
  budgets: z
    .strictObject({
      default: z.number().positive().optional(),
      teams: z.record(z.string(), z.number().positive()).default({}),
    })
    .default({ teams: {} }),
  approvals: z
    .strictObject({
      costLimit: z.number().positive().optional(),
      expireAfterDays: z.number().int().positive().default(14),
    })
    .default({ expireAfterDays: 14 }),
  connectionChecks: z.boolean().default(true),
});

/** How the price of a month comes about. */
export type PriceRule = z.infer<typeof priceRuleSchema>;

/** The settings of `waystone.infrastructure`. */
export type InfrastructureConfig = z.infer<typeof configSchema> & {
  /** References of the groups that may approve everything. */
  readonly platformGroups: readonly string[];
};

/**
 * Reads `waystone.infrastructure` and the platform groups of `waystone.permissions`.
 *
 * @throws InputError that names the key and what is wrong with its value.
 */
export function readInfrastructureConfig(config: Config): InfrastructureConfig {
  const parsed = configSchema.safeParse(config.getOptional(KEY) ?? {});
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new InputError(
      `Invalid configuration at '${[KEY, ...issue.path].join('.')}': ${
        issue.message
      }`,
    );
  }
  return {
    ...parsed.data,
    platformGroups: (
      config.getOptionalStringArray('waystone.permissions.platformGroups') ?? []
    ).map(ref => ref.toLocaleLowerCase('en-US')),
  };
}
