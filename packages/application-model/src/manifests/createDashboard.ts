import type {
  ResolvedApplication,
  ResolvedMonitoring,
} from '../resolve/ResolvedApplication';

interface Query {
  readonly expr: string;
  readonly legend: string;
}

interface Panel {
  readonly title: string;
  readonly unit: string;
  readonly queries: readonly Query[];
}

const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };
const WIDTH = 12;
const HEIGHT = 8;

/** Rate, errors, duration, saturation and dependencies, in Grafana's classic model. */
export function createDashboard(
  resolved: ResolvedApplication,
  monitoring: ResolvedMonitoring,
): object {
  const { environment, name, owner, system } = resolved;
  return {
    uid: `ws-${hash(`${system}/${name}/${environment.name}`)}`,
    title: `${name} (${environment.name})`,
    tags: ['waystone', system, owner, environment.name],
    schemaVersion: 39,
    editable: false,
    graphTooltip: 1,
    refresh: '30s',
    time: { from: 'now-3h', to: 'now' },
    templating: {
      list: [
        {
          type: 'datasource',
          name: 'datasource',
          label: 'Data source',
          query: 'prometheus',
        },
      ],
    },
    panels: createPanels(resolved, monitoring).map((panel, index) => ({
      id: index + 1,
      type: 'timeseries',
      title: panel.title,
      datasource: DATASOURCE,
      gridPos: {
        x: (index % 2) * WIDTH,
        y: Math.floor(index / 2) * HEIGHT,
        w: WIDTH,
        h: HEIGHT,
      },
      fieldConfig: {
        defaults: { unit: panel.unit, min: 0 },
        overrides: [],
      },
      targets: panel.queries.map(({ expr, legend }, query) => ({
        refId: String.fromCharCode(65 + query),
        datasource: DATASOURCE,
        expr,
        legendFormat: legend,
      })),
    })),
  };
}

function createPanels(
  { limits, name, namespace }: ResolvedApplication,
  { duration, status }: ResolvedMonitoring,
): Panel[] {
  const service = `namespace="${namespace}",service="${name}"`;
  const pods = `namespace="${namespace}",container="${name}"`;
  const rate = (more = '') =>
    `sum(rate(${duration}_count{${service}${more}}[$__rate_interval]))`;
  const quantile = (share: number) => ({
    expr: `histogram_quantile(${share}, sum by (le) (rate(${duration}_bucket{${service}}[$__rate_interval])))`,
    legend: `p${share * 100}`,
  });
  return [
    {
      title: 'Request rate',
      unit: 'reqps',
      queries: [{ expr: rate(), legend: 'requests' }],
    },
    {
      title: 'Error rate',
      unit: 'percentunit',
      queries: [
        {
          expr: `(${rate(`,${status}=~"5.."`)} or vector(0)) / ${rate()}`,
          legend: 'failed',
        },
      ],
    },
    {
      title: 'Duration',
      unit: 's',
      queries: [quantile(0.5), quantile(0.95), quantile(0.99)],
    },
    {
      title: 'Replicas',
      unit: 'short',
      queries: [
        {
          expr: `sum(kube_deployment_status_replicas_available{namespace="${namespace}",deployment="${name}"})`,
          legend: 'available',
        },
        {
          expr: `sum(kube_deployment_spec_replicas{namespace="${namespace}",deployment="${name}"})`,
          legend: 'wanted',
        },
      ],
    },
    {
      title: `Saturation: CPU (limit ${limits.cpu.value})`,
      unit: 'percentunit',
      queries: [
        {
          expr: `sum by (pod) (rate(container_cpu_usage_seconds_total{${pods}}[$__rate_interval])) / sum by (pod) (kube_pod_container_resource_limits{${pods},resource="cpu"})`,
          legend: '{{pod}}',
        },
      ],
    },
    {
      title: `Saturation: memory (limit ${limits.memory.value})`,
      unit: 'percentunit',
      queries: [
        {
          expr: `sum by (pod) (container_memory_working_set_bytes{${pods}}) / sum by (pod) (kube_pod_container_resource_limits{${pods},resource="memory"})`,
          legend: '{{pod}}',
        },
      ],
    },
    {
      title: 'Dependencies: calls by HTTP, p95',
      unit: 's',
      queries: [
        {
          expr: `histogram_quantile(0.95, sum by (le, server_address) (rate(http_client_request_duration_seconds_bucket{${service}}[$__rate_interval])))`,
          legend: '{{server_address}}',
        },
      ],
    },
    {
      title: 'Dependencies: databases, p95',
      unit: 's',
      queries: [
        {
          expr: `histogram_quantile(0.95, sum by (le, db_system_name) (rate(db_client_operation_duration_seconds_bucket{${service}}[$__rate_interval])))`,
          legend: '{{db_system_name}}',
        },
      ],
    },
  ];
}

/** FNV-1a, twice with other beginnings: 16 letters, as the same text always has them. */
function hash(text: string): string {
  return [0x811c9dc5, 0x01234567]
    .map(start => {
      let value = start;
      for (let index = 0; index < text.length; index++) {
        value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
      }
      return (value >>> 0).toString(16).padStart(8, '0');
    })
    .join('');
}
