import { z } from 'zod';
import * as values from './values';
import { environmentSchema, workloadFields } from './workload';

/** The version of Application and ServiceRequest. @public */
export const API_VERSION = 'platform.waystone.dev/v1alpha1';

/** What `metadata` of both kinds has. */
export const metadataSchema = z.strictObject({
  name: values.applicationName,
  annotations: z
    .record(values.qualifiedName, values.programText.max(4000))
    .optional()
    .describe('Copied to the workload.'),
  labels: z
    .record(values.qualifiedName, values.labelValue)
    .optional()
    .describe("Added to all objects. The platform's own labels win."),
});

/** Who it belongs to. */
export const ownershipFields = {
  owner: values.ownerName.describe('The team that is called when it breaks.'),
  system: values.labelName.describe(
    'The system it is part of, which decides its namespace.',
  ),
  description: values.plainText.optional(),
  costCenter: values.labelName.optional().describe('Default: cc-<owner>.'),
  tier: z
    .union([z.literal(1), z.literal(2), z.literal(3)], {
      error: 'is not 1, 2 or 3',
    })
    .optional()
    .describe('1 is the most important. Default: 3.'),
};

/**
 * What a team says of its application. Nothing is filled in: what is left out is decided by the defaults of the
 * platform when it is compiled.
 *
 * @public
 */
export const applicationSchema = z
  .strictObject({
    apiVersion: z.literal(API_VERSION),
    kind: z.literal('Application'),
    metadata: metadataSchema,
    spec: z.strictObject({
      ...ownershipFields,
      repository: z
        .url({ protocol: /^https?$/, error: 'is not an https URL' })
        .max(500)
        .optional()
        .describe('Where Argo CD finds it. Default: by the platform.'),
      schedule: z
        .string()
        .max(100)
        .regex(
          /^(@(hourly|daily|weekly|monthly|yearly)|([0-9A-Za-z*,/-]+ ){4}[0-9A-Za-z*,/-]+)$/,
          'is not a schedule such as */30 * * * *',
        )
        .optional()
        .describe('Makes it a job that runs at these times.'),
      ...workloadFields,
      environments: z
        .record(values.shortName, environmentSchema)
        .optional()
        .describe(
          'Where it runs, and what differs there. Default: everywhere, without a difference.',
        ),
    }),
  })
  .meta({
    title: 'Application',
    description: 'An application, compiled to manifests for each environment.',
  });

/** @public */
export type Application = z.infer<typeof applicationSchema>;
/** @public */
export type ApplicationSpec = Application['spec'];
/** What may differ between environments. @public */
export type EnvironmentOverrides = z.infer<typeof environmentSchema>;
/** @public */
export type Workload = Omit<EnvironmentOverrides, 'promotion'>;
