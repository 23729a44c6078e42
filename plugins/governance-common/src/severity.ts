import { z } from 'zod';

/** How bad a finding is, the worst first. @public */
export const severitySchema = z.enum([
  'critical',
  'high',
  'medium',
  'low',
  'unknown',
]);

/** @public */
export type Severity = z.infer<typeof severitySchema>;

/** Severities from the worst to the least. @public */
export const SEVERITIES: readonly Severity[] = severitySchema.options;

/** How many there are of each severity. @public */
export const severityCountsSchema = z.record(severitySchema, z.number().int());

/** @public */
export type SeverityCounts = z.infer<typeof severityCountsSchema>;
