import { z } from 'zod';
import { freshnessSchema } from './freshness';

/** The query of `GET /secrets`. @public */
export const secretsQuerySchema = z.strictObject({
  /** Ref of an entity. */
  entity: z.string().min(1).max(300).optional(),
  /** Ref of an owner. */
  owner: z.string().min(1).max(300).optional(),
  /** Only those that are to be rotated by now. */
  due: z.stringbool().optional(),
  q: z.string().trim().max(200).optional(),
});

/** What is known of a secret, without its values. @public */
export const secretMetadataSchema = z.object({
  id: z.string(),
  entityRef: z.string(),
  title: z.string(),
  owner: z.string().optional(),
  /** Where it is kept, such as `vault/main`. */
  source: z.string(),
  /** With the engine, such as `secret/shop/orders/production`. */
  path: z.string(),
  environment: z.string().optional(),
  version: z.number().int(),
  createdAt: z.iso.datetime().optional(),
  /** When its values last changed. */
  rotatedAt: z.iso.datetime().optional(),
  /** When they are to change. */
  rotationDue: z.iso.datetime().optional(),
  overdue: z.boolean(),
  /** What is known to use it, such as an ExternalSecret. */
  consumers: z.array(
    z.object({
      cluster: z.string(),
      namespace: z.string().optional(),
      kind: z.string(),
      name: z.string(),
    }),
  ),
});

/** `GET /secrets` @public */
export const secretsResponseSchema = z.object({
  items: z.array(secretMetadataSchema),
  totalItems: z.number().int(),
  overdue: z.number().int(),
  freshness: z.array(freshnessSchema),
});

/** @public */
export type SecretsQuery = z.infer<typeof secretsQuerySchema>;
/** @public */
export type SecretMetadata = z.infer<typeof secretMetadataSchema>;
/** @public */
export type SecretsResponse = z.infer<typeof secretsResponseSchema>;
