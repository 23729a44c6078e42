import type { Recipe } from './Recipe';

const SERVER_ERROR = { operator: '=~', value: '5..' } as const;
const PRESENT = { operator: '!=', value: '' } as const;

/** What the Prometheus operator adds to whatever a Service exposes. */
const OPERATOR_LABELS = { namespace: 'namespace', service: 'service' } as const;

/** What counts as the server's fault; the rest is the caller's. */
const GRPC_ERRORS = {
  operator: '=~',
  value: 'Unknown|DeadlineExceeded|Unimplemented|Internal|Unavailable|DataLoss',
} as const;

/** The same as numbers. */
const RPC_ERRORS = { operator: '=~', value: '2|4|12|13|14|15' } as const;

/** Of clients of Prometheus that follow its advice on names; how the status is called differs. */
function createClientRecipes(label: 'code' | 'status' | 'status_code') {
  const shared = {
    where: { [label]: PRESENT },
    // Some write `5xx`.
    errors: { [label]: { operator: '=~', value: '5(..|xx)' } },
    labels: OPERATOR_LABELS,
  } as const;
  return [
    {
      ...shared,
      id: `prometheus-histogram-${label.replace('_', '-')}`,
      title: `Prometheus client, histogram with '${label}'`,
      count: 'http_request_duration_seconds_count',
      duration: { buckets: 'http_request_duration_seconds_bucket', seconds: 1 },
      breakdown: { method: 'method', route: 'route', status: label },
    },
    {
      ...shared,
      id: `prometheus-counter-${label.replace('_', '-')}`,
      title: `Prometheus client, counter with '${label}'`,
      count: 'http_requests_total',
      duration: {
        buckets: 'http_request_duration_seconds_bucket',
        where: {},
        seconds: 1,
      },
      breakdown: { method: 'method', route: 'handler', status: label },
    },
  ] satisfies Recipe[];
}

/**
 * All recipes. Of those whose metrics a service has, the first is taken: what the service says itself is nearer to the
 * truth than what a mesh or an ingress sees of it.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/http/http-metrics/
 * @see https://istio.io/latest/docs/reference/config/metrics/
 * @see https://linkerd.io/2/reference/proxy-metrics/
 * @see https://kubernetes.github.io/ingress-nginx/user-guide/monitoring/
 */
export const RECIPES: readonly Recipe[] = [
  {
    id: 'otel-http',
    title: 'OpenTelemetry HTTP',
    count: 'http_server_request_duration_seconds_count',
    where: {},
    errors: { http_response_status_code: SERVER_ERROR },
    duration: {
      buckets: 'http_server_request_duration_seconds_bucket',
      seconds: 1,
    },
    labels: OPERATOR_LABELS,
    breakdown: {
      method: 'http_request_method',
      route: 'http_route',
      status: 'http_response_status_code',
    },
  },
  {
    id: 'otel-http-old',
    title: 'OpenTelemetry HTTP before 1.23',
    count: 'http_server_duration_milliseconds_count',
    where: {},
    errors: { http_status_code: SERVER_ERROR },
    duration: {
      buckets: 'http_server_duration_milliseconds_bucket',
      seconds: 0.001,
    },
    labels: OPERATOR_LABELS,
    breakdown: {
      method: 'http_method',
      route: 'http_route',
      status: 'http_status_code',
    },
  },
  {
    id: 'micrometer',
    title: 'Micrometer (Spring Boot)',
    count: 'http_server_requests_seconds_count',
    where: {},
    errors: { status: SERVER_ERROR },
    duration: { buckets: 'http_server_requests_seconds_bucket', seconds: 1 },
    labels: OPERATOR_LABELS,
    breakdown: { method: 'method', route: 'uri', status: 'status' },
  },
  {
    id: 'aspnetcore',
    title: 'ASP.NET Core (prometheus-net)',
    count: 'http_request_duration_seconds_count',
    where: { controller: PRESENT },
    errors: { code: SERVER_ERROR },
    duration: { buckets: 'http_request_duration_seconds_bucket', seconds: 1 },
    labels: OPERATOR_LABELS,
    breakdown: { method: 'method', route: 'endpoint', status: 'code' },
  },
  ...createClientRecipes('code'),
  ...createClientRecipes('status_code'),
  ...createClientRecipes('status'),
  {
    id: 'otel-rpc',
    title: 'OpenTelemetry RPC',
    count: 'rpc_server_duration_milliseconds_count',
    where: {},
    errors: { rpc_grpc_status_code: RPC_ERRORS },
    duration: {
      buckets: 'rpc_server_duration_milliseconds_bucket',
      seconds: 0.001,
    },
    labels: OPERATOR_LABELS,
    breakdown: {
      method: 'rpc_service',
      route: 'rpc_method',
      status: 'rpc_grpc_status_code',
    },
  },
  {
    id: 'grpc-prometheus',
    title: 'gRPC with go-grpc-middleware',
    count: 'grpc_server_handled_total',
    where: {},
    errors: { grpc_code: GRPC_ERRORS },
    duration: { buckets: 'grpc_server_handling_seconds_bucket', seconds: 1 },
    labels: OPERATOR_LABELS,
    breakdown: {
      method: 'grpc_service',
      route: 'grpc_method',
      status: 'grpc_code',
    },
  },
  {
    id: 'istio',
    title: 'Istio',
    count: 'istio_requests_total',
    where: { reporter: 'destination' },
    errors: { response_code: SERVER_ERROR },
    duration: {
      buckets: 'istio_request_duration_milliseconds_bucket',
      seconds: 0.001,
    },
    labels: {
      namespace: 'destination_service_namespace',
      service: 'destination_service_name',
    },
    breakdown: { method: 'request_protocol', status: 'response_code' },
  },
  {
    id: 'linkerd',
    title: 'Linkerd',
    count: 'response_total',
    where: { direction: 'inbound' },
    errors: { classification: 'failure' },
    duration: { buckets: 'response_latency_ms_bucket', seconds: 0.001 },
    labels: { namespace: 'namespace', service: 'deployment' },
    breakdown: { status: 'status_code' },
  },
  {
    id: 'nginx-ingress',
    title: 'NGINX ingress',
    count: 'nginx_ingress_controller_requests',
    where: {},
    errors: { status: SERVER_ERROR },
    duration: {
      buckets: 'nginx_ingress_controller_request_duration_seconds_bucket',
      seconds: 1,
    },
    // Without `exported_` they are those of the controller itself.
    labels: { namespace: 'exported_namespace', service: 'exported_service' },
    breakdown: { method: 'method', route: 'path', status: 'status' },
  },
];

/** The recipe of this id. */
export function findRecipe(id: string | undefined): Recipe | undefined {
  return RECIPES.find(recipe => recipe.id === id);
}
