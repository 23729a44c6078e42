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
