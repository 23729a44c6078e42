import { namespaceOf } from './environments';
import type { SeedEnvironment } from './environments';
import type { SeedService } from './readServices';

interface Promised {
  readonly slo: 'availability' | 'latency';
  readonly target: number;
  readonly window: string;
  /** In seconds. */
  readonly threshold?: string;
}

/** What an Application promises, as its rules record it; of the others the platform promises something. */
const PROMISED: Readonly<Record<string, readonly Promised[]>> = {
  'pricing-service': [
    { slo: 'availability', target: 0.995, window: '30d' },
    { slo: 'latency', target: 0.95, window: '30d', threshold: '0.5' },
  ],
};

/** The rules that a service brings along: what it promises, and an alert. */
export function createRuleGroup(options: {
  readonly service: SeedService;
  readonly environment: SeedEnvironment;
}) {
  const { environment, service } = options;
  const namespace = namespaceOf(service.system, environment.name);
  const requests = `http_server_request_duration_seconds_count{namespace="${namespace}",service="${service.name}"`;
  return {
    name: `${service.name}.${environment.name}`,
    rules: [
      ...(PROMISED[service.name] ?? []).map(({ target, ...labels }) => ({
        record: 'application:objective:ratio',
        expr: `vector(${target})`,
        labels: { namespace, service: service.name, ...labels },
      })),
      {
        alert: 'HighErrorRatio',
        expr: `sum(rate(${requests},http_response_status_code=~"5.."}[5m])) / sum(rate(${requests}}[5m])) > 0.05`,
        for: '1m',
        labels: {
          severity:
            environment.name === 'production' && service.tier === 1
              ? 'critical'
              : 'warning',
          service: service.name,
          namespace,
          team: service.owner,
          environment: environment.name,
        },
        annotations: {
          summary: `${service.name} fails {{ $value | humanizePercentage }} of its requests in ${environment.name}`,
          runbook_url: `https://portal.fernway.example/docs/default/component/${service.name}/runbook`,
        },
      },
    ],
  };
}
