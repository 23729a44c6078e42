import { z } from 'zod';

const labels = z.record(z.string(), z.string());

/** @internal */
export const alertSchema = z
  .object({
    fingerprint: z.string(),
    labels,
    annotations: labels,
    receivers: z.array(z.object({ name: z.string() })),
    startsAt: z.string(),
    endsAt: z.string(),
    updatedAt: z.string(),
    generatorURL: z.string().optional(),
    status: z.object({
      state: z.enum(['unprocessed', 'active', 'suppressed']),
      silencedBy: z.array(z.string()),
      inhibitedBy: z.array(z.string()),
      mutedBy: z.array(z.string()).default([]),
    }),
  })
  .transform(({ generatorURL, receivers, ...alert }) => ({
    ...alert,
    receivers: receivers.map(({ name }) => name),
    /** Where the rule's query is shown. */
    generatorUrl: generatorURL,
  }));

/** A firing alert; `endsAt` is when it ends unless it is told again. @public */
export type AlertmanagerAlert = z.output<typeof alertSchema>;

/** @internal */
export const alertGroupSchema = z.object({
  labels,
  receiver: z.object({ name: z.string() }).transform(({ name }) => name),
  alerts: z.array(alertSchema),
});

/** Alerts that a receiver is told of together. @public */
export type AlertmanagerAlertGroup = z.output<typeof alertGroupSchema>;

/** @internal */
export const silenceSchema = z.object({
  id: z.string(),
  status: z.object({ state: z.enum(['active', 'pending', 'expired']) }),
  matchers: z.array(
    z.object({
      name: z.string(),
      value: z.string(),
      isRegex: z.boolean(),
      // An absent one means equal; servers before 0.22 do not know it.
      isEqual: z.boolean().default(true),
    }),
  ),
  startsAt: z.string(),
  endsAt: z.string(),
  updatedAt: z.string(),
  createdBy: z.string(),
  comment: z.string(),
  // Required by the OpenAPI document, but left out by the server if there are none.
  annotations: labels.default({}),
});

/** @public */
export type AlertmanagerSilence = z.output<typeof silenceSchema>;

/** @internal */
export const silenceIdSchema = z.object({ silenceID: z.string() });

/** @internal */
export const receiversSchema = z.array(z.object({ name: z.string() }));

/** @internal */
export const statusSchema = z.object({
  cluster: z.object({
    status: z.enum(['ready', 'settling', 'disabled']),
    peers: z
      .array(z.object({ name: z.string(), address: z.string() }))
      .nullish(),
  }),
  versionInfo: z.object({ version: z.string(), revision: z.string() }),
  config: z.object({ original: z.string() }),
  uptime: z.string(),
});

/** @public */
export interface AlertmanagerStatus {
  /** Empty if who built it left it out. */
  readonly version: string;
  /** Whether it talks to its peers; `disabled` if it has none. */
  readonly cluster: 'ready' | 'settling' | 'disabled';
  readonly peers: number;
  /** Since when it runs. */
  readonly startedAt: string;
}
