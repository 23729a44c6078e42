import { z } from 'zod';
import { freshnessSchema } from './freshness';
import { severitySchema } from './severity';

/** A policy in one cluster. @public */
export const policyPlaceSchema = z.object({
  cluster: z.string(),
  action: z.enum(['deny', 'warn', 'audit']),
  /** How many violations there are; undefined before the first audit. */
  total: z.number().int().optional(),
  /** When the engine last looked. */
  auditedAt: z.iso.datetime().optional(),
  /** Why it does not work, in the engine's words. */
  problem: z.string().optional(),
});

/** A policy: a constraint of Gatekeeper, or a policy of Kyverno. @public */
export const policySchema = z.object({
  engine: z.enum(['gatekeeper', 'kyverno', 'other']),
  /** The kind of the constraint or policy. */
  kind: z.string(),
  name: z.string(),
  title: z.string(),
  description: z.string().optional(),
  category: z.string().optional(),
  severity: severitySchema,
  fix: z.string().optional(),
  places: z.array(policyPlaceSchema),
  /** Of those that the caller may see. */
  violations: z.number().int(),
  services: z.number().int(),
});

/** `GET /policies` @public */
export const policiesResponseSchema = z.object({
  items: z.array(policySchema),
  totalItems: z.number().int(),
  freshness: z.array(freshnessSchema),
});

/** @public */
export type Policy = z.infer<typeof policySchema>;
/** @public */
export type PoliciesResponse = z.infer<typeof policiesResponseSchema>;
