import { z } from 'zod';
import { freshnessSchema } from './freshness';
import { findingsSummarySchema } from './finding';
import { severitySchema } from './severity';

/**
 * What is found at a service in one word, worst first: `critical` (something critical, or past due), `attention`
 * (something high, or due within a week), `healthy`, `unknown` (nothing was looked at).
 *
 * @public
 */
export const governanceStateSchema = z.enum([
  'critical',
  'attention',
  'unknown',
  'healthy',
]);

/** One act that repairs several vulnerabilities. @public */
export const upgradeSchema = z.object({
  package: z.string(),
  installed: z.string(),
  /** The version that repairs them. */
  to: z.string(),
  /** How many vulnerabilities it repairs. */
  repairs: z.number().int(),
  worst: severitySchema,
});

/** `GET /services/:namespace/:kind/:name` @public */
export const serviceGovernanceSchema = z.object({
  entityRef: z.string(),
  title: z.string(),
  owner: z.string().optional(),
  state: governanceStateSchema,
  /** Why it is in this state, in a sentence. */
  reason: z.string(),
  /** Since when the worst is there. */
  since: z.iso.datetime().optional(),
  /** Whether anything that is looked at runs for it. */
  observed: z.boolean(),
  violations: findingsSummarySchema,
  vulnerabilities: findingsSummarySchema,
  misconfigurations: findingsSummarySchema,
  /** What repairs most, first. */
  upgrades: z.array(upgradeSchema),
  freshness: z.array(freshnessSchema),
});

/** @public */
export type GovernanceState = z.infer<typeof governanceStateSchema>;
/** @public */
export type Upgrade = z.infer<typeof upgradeSchema>;
/** @public */
export type ServiceGovernance = z.infer<typeof serviceGovernanceSchema>;
