import { z } from 'zod';
import { API_VERSION, metadataSchema, ownershipFields } from './Application';
import * as values from './values';
import { sizeSchema, workloadFields } from './workload';

const sized = {
  size: sizeSchema.optional().describe('Default: small.'),
  highAvailability: z
    .boolean()
    .optional()
    .describe(
      'Keeps replicas that can take over. Default: in protected environments.',
    ),
};

const database = z.union(
  [
    z.enum(['postgresql', 'mongodb']),
    z.strictObject({
      engine: z.enum(['postgresql', 'mongodb']),
      version: z
        .string()
        .max(20)
        .regex(/^[0-9]+(\.[0-9]+)?$/, 'is not a version such as 18')
        .optional(),
      storageGB: z.number().int().min(1).max(1000).optional(),
      ...sized,
    }),
  ],
  {
    error:
      'is neither postgresql or mongodb, nor an object such as {engine: postgresql, size: small}',
  },
);

const cache = z.union(
  [
    z.literal('redis'),
    z.strictObject({ engine: z.literal('redis'), ...sized }),
  ],
  {
    error:
      'is neither redis nor an object such as {engine: redis, size: small}',
  },
);

const queue = z.union(
  [
    z.literal('rabbitmq'),
    z.strictObject({ engine: z.literal('rabbitmq'), ...sized }),
  ],
  {
    error:
      'is neither rabbitmq nor an object such as {engine: rabbitmq, size: small}',
  },
);

/**
 * The few things that a team says to get a service: expanded to an Application and to requests for infrastructure.
 *
 * @public
 */
export const serviceRequestSchema = z
  .strictObject({
    apiVersion: z.literal(API_VERSION),
    kind: z.literal('ServiceRequest'),
    metadata: metadataSchema,
    spec: z.strictObject({
      type: z
        .enum(['service', 'website', 'worker', 'job'])
        .describe('What it is.'),
      language: z
        .enum(['nodejs', 'python', 'java', 'go', 'react'])
        .describe('What it is written in.'),
      ...ownershipFields,
      database: database.optional(),
      cache: cache.optional(),
      queue: queue.optional(),
      storage: z.literal('bucket').optional().describe('A bucket for files.'),
      exposure: z
        .enum(['internal', 'public'])
        .optional()
        .describe(
          'Who reaches it. Default: public for a website, else internal.',
        ),
      schedule: z
        .string()
        .max(100)
        .optional()
        .describe('When a job runs. Default: every night at three.'),
      monitoring: z
        .union([z.enum(['standard', 'none']), workloadFields.slos.unwrap()], {
          error:
            'is neither standard, none nor objectives such as {availability: {objective: 99.9}}',
        })
        .optional(),
      scaling: z
        .union(
          [
            z.literal('auto'),
            z.number().int().min(0).max(500),
            workloadFields.scaling.unwrap(),
          ],
          {
            error:
              'is neither auto, a number of replicas nor an object such as {min: 2, max: 6}',
          },
        )
        .optional(),
      resources: sizeSchema.optional(),
      version: values.version.optional().describe('Default: 0.1.0.'),
    }),
  })
  .meta({
    title: 'ServiceRequest',
    description:
      'A service in a few words, expanded to an Application and its infrastructure.',
  });

/** @public */
export type ServiceRequest = z.infer<typeof serviceRequestSchema>;
