/**
 * The contract of the observability pillar.
 *
 * @packageDocumentation
 */

export {
  alertSchema,
  alertSeveritySchema,
  alertsQuerySchema,
  alertsResponseSchema,
  alertStateSchema,
} from './alert';
export type {
  Alert,
  AlertSeverity,
  AlertsFilter,
  AlertsQuery,
  AlertsResponse,
  AlertState,
} from './alert';
export {
  METRICS_RECIPE_ANNOTATION,
  METRICS_SERVICE_ANNOTATION,
  SLO_ANNOTATION,
} from './annotations';
export { freshnessSchema, OBSERVABILITY_CHANNEL } from './freshness';
export type { Freshness } from './freshness';
export {
  chartIdSchema,
  chartSchema,
  environmentQuerySchema,
  metricsQuerySchema,
  metricsResponseSchema,
  RANGES,
  seriesSchema,
  slosResponseSchema,
} from './metrics';
export type {
  Chart,
  ChartSeries,
  MetricsQuery,
  MetricsResponse,
  RangeName,
  SlosResponse,
} from './metrics';
export {
  burnRateSchema,
  objectiveSchema,
  sloSchema,
  sloStateSchema,
} from './objective';
export type { BurnRate, Objective, Slo, SloState } from './objective';
export {
  observabilityPermissions,
  observabilityServiceReadPermission,
} from './permissions';
export {
  environmentColumnSchema,
  environmentHealthSchema,
  HEALTH_STATES,
  healthStateSchema,
  instrumentationSchema,
  serviceHealthSchema,
  serviceRowSchema,
  SERVICES_MOST,
  SERVICES_PAGE_SIZE,
  servicesQuerySchema,
  servicesResponseSchema,
  summaryResponseSchema,
  trendSchema,
  worstHealth,
} from './service';
export type {
  EnvironmentColumn,
  EnvironmentHealth,
  HealthState,
  Instrumentation,
  ServiceHealth,
  ServiceRow,
  ServicesFilter,
  ServicesQuery,
  ServicesResponse,
  SummaryResponse,
  Trend,
} from './service';
