/**
 * The contract of the governance pillar.
 *
 * @packageDocumentation
 */

export { freshnessSchema, GOVERNANCE_CHANNEL } from './freshness';
export type { Freshness } from './freshness';
export { SEVERITIES, severityCountsSchema, severitySchema } from './severity';
export type { Severity, SeverityCounts } from './severity';
export {
  cappedPolicySchema,
  FINDINGS_MOST,
  FINDINGS_PAGE_SIZE,
  findingsFacetsSchema,
  findingsQuerySchema,
  findingsSummarySchema,
  groupSchema,
  groupsQuerySchema,
  groupsResponseSchema,
  misconfigurationSchema,
  misconfigurationsResponseSchema,
  subjectSchema,
  violationSchema,
  violationsResponseSchema,
  vulnerabilitiesResponseSchema,
  vulnerabilitySchema,
} from './finding';
export type {
  CappedPolicy,
  FindingsFacets,
  FindingsFilter,
  FindingsQuery,
  FindingsSummary,
  Group,
  GroupsQuery,
  GroupsResponse,
  Misconfiguration,
  MisconfigurationsResponse,
  Subject,
  Violation,
  ViolationsResponse,
  VulnerabilitiesResponse,
  Vulnerability,
} from './finding';
export {
  governanceFindingReadPermission,
  governanceManifestCheckPermission,
  governancePermissions,
  governanceSecretReadPermission,
} from './permissions';
export {
  policiesResponseSchema,
  policyPlaceSchema,
  policySchema,
} from './policy';
export type { PoliciesResponse, Policy } from './policy';
export {
  governanceStateSchema,
  serviceGovernanceSchema,
  upgradeSchema,
} from './service';
export type { GovernanceState, ServiceGovernance, Upgrade } from './service';
export {
  trendPointSchema,
  trendQuerySchema,
  trendResponseSchema,
} from './trend';
export type { TrendPoint, TrendQuery, TrendResponse } from './trend';
export {
  CHECK_MOST_BYTES,
  CHECK_MOST_OBJECTS,
  checkedObjectSchema,
  checkRequestSchema,
  checkResponseSchema,
  verdictSchema,
} from './check';
export type {
  CheckedObject,
  CheckRequest,
  CheckResponse,
  Verdict,
} from './check';
export {
  secretMetadataSchema,
  secretsQuerySchema,
  secretsResponseSchema,
} from './secret';
export type { SecretMetadata, SecretsQuery, SecretsResponse } from './secret';
export {
  checkResultSchema,
  entityScorecardSchema,
  entityScorecardsResponseSchema,
  scorecardCheckSchema,
  scorecardsQuerySchema,
  scorecardsResponseSchema,
  scorecardSummarySchema,
} from './scorecard';
export type {
  CheckResult,
  EntityScorecard,
  EntityScorecardsResponse,
  ScorecardCheck,
  ScorecardsResponse,
  ScorecardSummary,
} from './scorecard';
