export {
  catalogHistoryDeletedReadPermission,
  deletedEntitiesQuerySchema,
  deletedEntitiesResponseSchema,
  HISTORY_PAGE_SIZE,
  historyFieldChangeSchema,
  historyItemSchema,
  historyQuerySchema,
  historyResponseSchema,
} from './history';
export type {
  DeletedEntitiesQuery,
  DeletedEntitiesResponse,
  HistoryFieldChange,
  HistoryItem,
  HistoryQuery,
  HistoryResponse,
} from './history';
export {
  IMPACT_PAGE_SIZE,
  impactItemSchema,
  impactQuerySchema,
  impactResponseSchema,
} from './impact';
export type {
  ImpactDirection,
  ImpactItem,
  ImpactQuery,
  ImpactResponse,
} from './impact';
export {
  LISTING_MINE,
  LISTING_MOST_EXPORTED,
  LISTING_MOST_NAMED,
  LISTING_NONE,
  LISTING_PAGE_SIZE,
  listingFieldSchema,
  listingFilterSchema,
  listingItemSchema,
  listingProblemsQuerySchema,
  listingProblemsResponseSchema,
  listingQuerySchema,
  listingReferenceSchema,
  listingResponseSchema,
  listingSortSchema,
  listingValuesQuerySchema,
  listingValuesResponseSchema,
} from './listing';
export type {
  ListingField,
  ListingFilter,
  ListingItem,
  ListingProblemsQuery,
  ListingProblemsResponse,
  ListingQuery,
  ListingReference,
  ListingResponse,
  ListingSort,
  ListingValuesQuery,
  ListingValuesResponse,
} from './listing';
export {
  OVERVIEW_LIST_SIZE,
  OVERVIEW_MEMBERS,
  overviewItemSchema,
  overviewLinkSchema,
  overviewListSchema,
  overviewResponseSchema,
  overviewStackSchema,
} from './overview';
export type {
  OverviewItem,
  OverviewLink,
  OverviewList,
  OverviewResponse,
  OverviewStack,
} from './overview';
export {
  OWNERSHIP_LIST_SIZE,
  ownershipItemSchema,
  ownershipPersonSchema,
  ownershipResponseSchema,
  ownershipTeamSchema,
  UNOWNED_MOST_EXPORTED,
  UNOWNED_PAGE_SIZE,
  unownedItemSchema,
  unownedQuerySchema,
  unownedReasonSchema,
  unownedResponseSchema,
} from './ownership';
export type {
  OwnershipItem,
  OwnershipPerson,
  OwnershipResponse,
  OwnershipTeam,
  UnownedItem,
  UnownedQuery,
  UnownedReason,
  UnownedResponse,
} from './ownership';
export {
  catalogProblemFixPermission,
  catalogProblemReadPermission,
  entityProblemSchema,
  entityProblemsResponseSchema,
  problemItemSchema,
  PROBLEMS_PAGE_SIZE,
  problemsQuerySchema,
  problemsResponseSchema,
  proposalSchema,
  proposalTargetSchema,
  proposeFixSchema,
  pullRequestSchema,
  sourceCommitSchema,
} from './problems';
export type {
  EntityProblem,
  EntityProblemsResponse,
  ProblemItem,
  ProblemsQuery,
  ProblemsResponse,
  Proposal,
  ProposalTarget,
  SourceCommit,
} from './problems';
export {
  placedWorkloadQuerySchema,
  proposeWorkloadSchema,
  unregisteredResponseSchema,
  unregisteredWorkloadSchema,
  workloadRepositoriesQuerySchema,
  workloadRepositoriesResponseSchema,
} from './workloads';
export type {
  ProposeWorkload,
  UnregisteredResponse,
  UnregisteredWorkload,
  WorkloadRepositoriesResponse,
} from './workloads';
