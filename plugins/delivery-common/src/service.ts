import { z } from 'zod';
import { ciRunSchema } from './ci';
import {
  deliveryStateSchema,
  deploymentSchema,
  freshnessSchema,
  healthSchema,
  syncSchema,
} from './deployment';
import { commitSchema } from './history';

/** How many services a page of the list has, unless asked for otherwise. @public */
export const SERVICES_PAGE_SIZE = 100;

/** How many a page has at most. @public */
export const SERVICES_MOST = 500;

/** A service and where it runs. @public */
export const serviceSchema = z.object({
  entityRef: z.string(),
  title: z.string(),
  owner: z.string().optional(),
  system: z.string().optional(),
  lifecycle: z.string().optional(),
  tier: z.string().optional(),
  /** The worst of its deployments. */
  state: deliveryStateSchema,
  /** In the order of the environments. */
  deployments: z.array(deploymentSchema),
  /** Of CI, if one is known. */
  lastRun: ciRunSchema.optional(),
});

const list = z
  .union([z.string(), z.array(z.string())])
  .transform(value => [value].flat().flatMap(item => item.split(',')))
  .pipe(z.array(z.string().min(1).max(300)).max(100))
  .optional();

function listOf<S extends z.ZodType<unknown, string>>(schema: S) {
  return z
    .union([z.string(), z.array(z.string())])
    .transform(value => [value].flat().flatMap(item => item.split(',')))
    .pipe(z.array(schema).max(20))
    .optional();
}

/** The query of `GET /services`. Values of one key are alternatives, keys add up. @public */
export const servicesQuerySchema = z.strictObject({
  /** Refs of owners. */
  owner: list,
  /** Refs of systems. */
  system: list,
  /** Only deployments in these environments are looked at by the other keys. */
  environment: list,
  state: listOf(deliveryStateSchema),
  health: listOf(healthSchema),
  sync: listOf(syncSchema),
  /** Only those of which an environment is behind the one before. */
  behind: z.stringbool().optional(),
  /** Part of the name, the title, the version or the owner's name. */
  q: z.string().trim().max(200).optional(),
  /** @defaultValue `state`: the worst first */
  sort: z.enum(['state', 'name', 'owner', 'deployed']).default('state'),
  order: z.enum(['asc', 'desc']).default('asc'),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(SERVICES_MOST)
    .default(SERVICES_PAGE_SIZE),
  cursor: z
    .string()
    .regex(/^\d{1,6}$/, 'is not a cursor of this list')
    .optional(),
});

/** An environment, as a column. @public */
export const environmentColumnSchema = z.object({
  name: z.string(),
  title: z.string(),
  protected: z.boolean(),
});

const countSchema = z.object({ value: z.string(), count: z.number().int() });

/** `GET /services` @public */
export const servicesResponseSchema = z.object({
  items: z.array(serviceSchema),
  totalItems: z.number().int(),
  pageInfo: z.object({ nextCursor: z.string().optional() }),
  environments: z.array(environmentColumnSchema),
  /** Of all that the caller may see and that the filters leave, before paging. */
  summary: z.object({
    states: z.record(deliveryStateSchema, z.number().int()),
    drifted: z.number().int(),
    behind: z.number().int(),
  }),
  /** What there is to filter by, of all that the caller may see. */
  facets: z.object({
    owners: z.array(countSchema),
    systems: z.array(countSchema),
  }),
  /** Of every source. */
  freshness: z.array(freshnessSchema),
});

/** `GET /services/:namespace/:kind/:name` @public */
export const serviceResponseSchema = z.object({
  service: serviceSchema,
  /** The commits that are deployed, by their revision, as far as they are known. */
  commits: z.record(z.string(), commitSchema).default({}),
  environments: z.array(environmentColumnSchema),
  freshness: z.array(freshnessSchema),
});

/** @public */
export type Service = z.infer<typeof serviceSchema>;
/** @public */
export type ServicesQuery = z.infer<typeof servicesQuerySchema>;
/** What a client may send. @public */
export type ServicesFilter = Partial<
  Omit<z.input<typeof servicesQuerySchema>, 'behind' | 'limit'> & {
    behind: boolean;
    limit: number;
  }
>;
/** @public */
export type ServicesResponse = z.infer<typeof servicesResponseSchema>;
/** @public */
export type ServiceResponse = z.infer<typeof serviceResponseSchema>;
/** @public */
export type EnvironmentColumn = z.infer<typeof environmentColumnSchema>;
