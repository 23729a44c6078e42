import { z } from 'zod';
import { freshnessSchema } from './freshness';
import { severityCountsSchema, severitySchema } from './severity';

/** How many findings a page of a list has, unless asked for otherwise. @public */
export const FINDINGS_PAGE_SIZE = 100;

/** How many a page has at most. @public */
export const FINDINGS_MOST = 500;

/** The workload that something was found at: where people change it, not the pods that follow from it. @public */
export const subjectSchema = z.object({
  cluster: z.string(),
  /** Name of one of `waystone.environments`; undefined if it is in none of them. */
  environment: z.string().optional(),
  namespace: z.string().optional(),
  kind: z.string(),
  name: z.string(),
  /** The entity of the catalog that it belongs to; undefined if none says so. */
  entityRef: z.string().optional(),
  title: z.string().optional(),
  /** The entity's owner, or the team of the label `owner`. */
  owner: z.string().optional(),
  system: z.string().optional(),
});

const findingFields = {
  /** Stable, and unique among all findings. */
  id: z.string(),
  severity: severitySchema,
  subject: subjectSchema,
  /** In the source's words. Plain text, whatever it looks like. */
  message: z.string(),
  /** What to do, in a sentence. */
  fix: z.string().optional(),
  /** When the portal saw it first. */
  since: z.iso.datetime().optional(),
  /** When it is to be repaired. */
  due: z.iso.datetime().optional(),
  overdue: z.boolean(),
  /** Where it is known from, such as `gatekeeper/prod`. */
  source: z.string(),
};

/** What breaks a policy. @public */
export const violationSchema = z.object({
  ...findingFields,
  engine: z.enum(['gatekeeper', 'kyverno', 'other']),
  /** Name of the constraint or policy. */
  policy: z.string(),
  /** The rule within the policy, where there are several. */
  rule: z.string().optional(),
  /** What people call the policy. */
  title: z.string(),
  /** What happens to who writes it again. */
  action: z.enum(['deny', 'warn', 'audit']),
  /** How many objects of the workload break it, such as its pods. */
  objects: z.number().int(),
});

/** A known weakness of a package in an image that runs. @public */
export const vulnerabilitySchema = z.object({
  ...findingFields,
  /** Such as `CVE-2021-44228`. */
  vulnerability: z.string(),
  title: z.string(),
  /** CVSS, if somebody has scored it. */
  score: z.number().optional(),
  /** For people. */
  url: z.string().optional(),
  package: z.string(),
  installed: z.string(),
  /** The version that repairs it; undefined if there is none. */
  fixed: z.string().optional(),
  image: z.string(),
  container: z.string(),
  /** When it became known to the world. */
  published: z.iso.datetime().optional(),
});

/** A setting of a workload that a scanner advises against. @public */
export const misconfigurationSchema = z.object({
  ...findingFields,
  /** Such as `KSV014`. */
  check: z.string(),
  title: z.string(),
  category: z.string().optional(),
  /** How many containers or settings it is about. */
  objects: z.number().int(),
});

function listOf<S extends z.ZodType<unknown, string>>(schema: S, most = 100) {
  return z
    .union([z.string(), z.array(z.string())])
    .transform(value => [value].flat().flatMap(item => item.split(',')))
    .pipe(z.array(schema).max(most))
    .optional();
}

const text = z.string().min(1).max(300);

const filterFields = {
  severity: listOf(severitySchema),
  /** Refs of owners. */
  owner: listOf(text),
  /** Refs of systems. */
  system: listOf(text),
  environment: listOf(text),
  cluster: listOf(text),
  /** Refs of entities. */
  entity: listOf(text),
  /** Names of policies, vulnerabilities or checks. */
  key: listOf(text),
  /** Only those that are past due. */
  overdue: z.stringbool().optional(),
  /** Only vulnerabilities for which there is a repaired version. */
  fixable: z.stringbool().optional(),
  /** Part of a name, a title, a message, a package. */
  q: z.string().trim().max(200).optional(),
};

const pagingFields = {
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(FINDINGS_MOST)
    .default(FINDINGS_PAGE_SIZE),
  cursor: z
    .string()
    .regex(/^\d{1,7}$/, 'is not a cursor of this list')
    .optional(),
};

/**
 * The query of `GET /violations`, `/vulnerabilities` and `/misconfigurations`. Values of one key are alternatives, keys
 * add up.
 *
 * @public
 */
export const findingsQuerySchema = z.strictObject({
  ...filterFields,
  /** @defaultValue `severity`: the worst first */
  sort: z
    .enum(['severity', 'key', 'service', 'owner', 'since', 'due'])
    .default('severity'),
  order: z.enum(['asc', 'desc']).default('asc'),
  ...pagingFields,
});

/** The query of `GET /violations/groups` and its like. @public */
export const groupsQuerySchema = z.strictObject({
  ...filterFields,
  by: z.enum(['key', 'service', 'owner', 'package']),
  ...pagingFields,
});

const countSchema = z.object({
  value: z.string(),
  title: z.string().optional(),
  count: z.number().int(),
});

const pageInfoSchema = z.object({ nextCursor: z.string().optional() });

/** What a list of findings says besides its items. @public */
export const findingsSummarySchema = z.object({
  severities: severityCountsSchema,
  overdue: z.number().int(),
  /** How many services have any. */
  services: z.number().int(),
});

/** What there is to filter by, of all that the caller may see. @public */
export const findingsFacetsSchema = z.object({
  owners: z.array(countSchema),
  systems: z.array(countSchema),
  environments: z.array(countSchema),
  /** Policies, vulnerabilities or checks: those with most findings. */
  keys: z.array(countSchema),
});

function responseOf<S extends z.ZodType>(item: S) {
  return z.object({
    items: z.array(item),
    totalItems: z.number().int(),
    pageInfo: pageInfoSchema,
    /** Of all that the filters leave, before paging. */
    summary: findingsSummarySchema,
    facets: findingsFacetsSchema,
    /** Of every source. */
    freshness: z.array(freshnessSchema),
  });
}

/** A policy of which not all violations are known. @public */
export const cappedPolicySchema = z.object({
  cluster: z.string(),
  policy: z.string(),
  title: z.string(),
  /** How many violations the engine has counted. */
  total: z.number().int(),
  /** How many objects are known: those that it lists, and their likes. */
  known: z.number().int(),
});

/** `GET /violations` @public */
export const violationsResponseSchema = responseOf(violationSchema).extend({
  /** Policies of which the engine counts more violations than it tells. */
  capped: z.array(cappedPolicySchema),
});

/** `GET /vulnerabilities` @public */
export const vulnerabilitiesResponseSchema = responseOf(vulnerabilitySchema);

/** `GET /misconfigurations` @public */
export const misconfigurationsResponseSchema = responseOf(
  misconfigurationSchema,
);

/** Findings that have something in common. @public */
export const groupSchema = z.object({
  /** Name of a policy, vulnerability or check, or ref of a service or team. Empty for what belongs to none. */
  value: z.string(),
  title: z.string(),
  count: z.number().int(),
  severities: severityCountsSchema,
  overdue: z.number().int(),
  services: z.number().int(),
  /** The oldest. */
  since: z.iso.datetime().optional(),
  fix: z.string().optional(),
  url: z.string().optional(),
});

/** `GET /violations/groups` and its like @public */
export const groupsResponseSchema = z.object({
  items: z.array(groupSchema),
  totalItems: z.number().int(),
  pageInfo: pageInfoSchema,
  freshness: z.array(freshnessSchema),
});

/** @public */
export type Subject = z.infer<typeof subjectSchema>;
/** @public */
export type Violation = z.infer<typeof violationSchema>;
/** @public */
export type Vulnerability = z.infer<typeof vulnerabilitySchema>;
/** @public */
export type Misconfiguration = z.infer<typeof misconfigurationSchema>;
/** @public */
export type FindingsQuery = z.infer<typeof findingsQuerySchema>;
/** @public */
export type GroupsQuery = z.infer<typeof groupsQuerySchema>;
/** What a client may send. @public */
export type FindingsFilter = Partial<
  Omit<z.input<typeof findingsQuerySchema>, 'overdue' | 'fixable' | 'limit'> & {
    overdue: boolean;
    fixable: boolean;
    limit: number;
  }
>;
/** @public */
export type FindingsSummary = z.infer<typeof findingsSummarySchema>;
/** @public */
export type FindingsFacets = z.infer<typeof findingsFacetsSchema>;
/** @public */
export type CappedPolicy = z.infer<typeof cappedPolicySchema>;
/** @public */
export type ViolationsResponse = z.infer<typeof violationsResponseSchema>;
/** @public */
export type VulnerabilitiesResponse = z.infer<
  typeof vulnerabilitiesResponseSchema
>;
/** @public */
export type MisconfigurationsResponse = z.infer<
  typeof misconfigurationsResponseSchema
>;
/** @public */
export type Group = z.infer<typeof groupSchema>;
/** @public */
export type GroupsResponse = z.infer<typeof groupsResponseSchema>;
