import { z } from 'zod';

/** A resource of an offered kind that nobody requested here. @public */
export const discoveredSchema = z.object({
  cluster: z.string(),
  namespace: z.string(),
  name: z.string(),
  offering: z.string(),
  offeringTitle: z.string(),
  kind: z.string(),
  /** Undefined if its namespace belongs to no environment; it can then not be adopted. */
  environment: z.string().optional(),
  /** Undefined if the namespace does not tell. */
  system: z.string().optional(),
  /** What it was made with, such as `Argo CD` or `kubectl`. */
  madeWith: z.string().optional(),
  /** The team's name, if a label tells. */
  owner: z.string().optional(),
  isReady: z.boolean(),
  createdAt: z.string().optional(),
});

/** `GET /discovered` @public */
export const discoveredListSchema = z.object({
  items: z.array(discoveredSchema),
  totalItems: z.number().int(),
});

/** `POST /discovered/adopt` @public */
export const adoptSchema = z.strictObject({
  cluster: z.string().min(1).max(100),
  namespace: z.string().min(1).max(63),
  name: z.string().min(1).max(63),
  offering: z.string().min(1).max(253),
  /** The team that it is to belong to, as in `group:default/orders`. */
  owner: z
    .string()
    .max(200)
    .regex(/^[a-z]+:[a-z0-9._-]+\/[A-Za-z0-9._-]+$/, 'is not a full reference'),
  /** Needed where the namespace does not tell it. */
  system: z.string().min(1).max(63).optional(),
  component: z.string().max(200).optional(),
  costCenter: z.string().max(63).optional(),
});

/** @public */
export type Discovered = z.infer<typeof discoveredSchema>;
/** @public */
export type DiscoveredList = z.infer<typeof discoveredListSchema>;
/** @public */
export type AdoptRequest = z.infer<typeof adoptSchema>;
