import { z } from 'zod';
import { freshnessSchema } from './deployment';

/** How a run, a job or a step of CI stands. @public */
export const ciStatusSchema = z.enum([
  'queued',
  'running',
  'succeeded',
  'failed',
  'cancelled',
  'skipped',
]);

/** A run of CI. @public */
export const ciRunSchema = z.object({
  id: z.string(),
  /** The number that people see. */
  number: z.number().int(),
  title: z.string(),
  /** Such as the name of the workflow's file. */
  workflow: z.string(),
  /** What set it off, such as `push`. */
  event: z.string(),
  branch: z.string().optional(),
  revision: z.string(),
  status: ciStatusSchema,
  startedAt: z.string().optional(),
  finishedAt: z.string().optional(),
  /** For people. */
  url: z.string().optional(),
});

/** A step of a job. @public */
export const ciStepSchema = z.object({
  name: z.string(),
  status: ciStatusSchema,
  startedAt: z.string().optional(),
  finishedAt: z.string().optional(),
});

/** A job of a run. @public */
export const ciJobSchema = ciStepSchema.extend({
  id: z.string(),
  url: z.string().optional(),
  steps: z.array(ciStepSchema),
});

/** `GET /services/:namespace/:kind/:name/runs` @public */
export const ciRunsResponseSchema = z.object({
  /** Newest first. */
  items: z.array(ciRunSchema),
  /** Who knows of them, such as `gitea/git.example.com`; undefined if nobody does. */
  provider: z.string().optional(),
  /** How current they are; undefined if nobody knows of them. */
  freshness: freshnessSchema.optional(),
});

/** `GET /services/:namespace/:kind/:name/runs/:run/jobs` @public */
export const ciJobsResponseSchema = z.object({ items: z.array(ciJobSchema) });

/** @public */
export type CiStatus = z.infer<typeof ciStatusSchema>;
/** @public */
export type CiRun = z.infer<typeof ciRunSchema>;
/** @public */
export type CiStep = z.infer<typeof ciStepSchema>;
/** @public */
export type CiJob = z.infer<typeof ciJobSchema>;
/** @public */
export type CiRunsResponse = z.infer<typeof ciRunsResponseSchema>;
/** @public */
export type CiJobsResponse = z.infer<typeof ciJobsResponseSchema>;
