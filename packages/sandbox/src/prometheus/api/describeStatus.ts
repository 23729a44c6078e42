import { createSeries } from '../series/MetricFamily';
import { METRIC_FAMILIES } from '../series/SimulatedSource';
import type { Simulation } from '../series/Simulation';
import { PromqlError } from '../promql/PromqlError';

const CONFIG = `global:
  scrape_interval: 30s
  scrape_timeout: 10s
  evaluation_interval: 30s
alerting:
  alertmanagers:
  - scheme: http
    api_version: v2
    static_configs:
    - targets:
      - sandbox
rule_files:
- /etc/prometheus/rules/prometheus-k8s-rulefiles-0/*.yaml
`;

/**
 * What does not change of `/api/v1/status/…`. The version is the one whose behaviour is reproduced.
 *
 * @internal
 */
export const STATUS = {
  buildinfo: {
    version: '3.14.0',
    revision: 'sandbox',
    branch: 'sandbox',
    buildUser: 'waystone-sandbox',
    buildDate: '',
    goVersion: '',
  },
  runtimeinfo: {
    CWD: '/prometheus',
    hostname: 'sandbox',
    reloadConfigSuccess: true,
    corruptionCount: 0,
    goroutineCount: 1,
    GOMAXPROCS: 1,
    GOMEMLIMIT: 0,
    GOGC: '',
    GODEBUG: '',
    storageRetention: '30d',
  },
  flags: {
    'query.lookback-delta': '5m',
    'query.max-concurrency': '20',
    'query.max-samples': '50000000',
    'query.timeout': '2m',
    'storage.tsdb.retention.time': '30d',
    'web.enable-admin-api': 'false',
    'web.enable-lifecycle': 'false',
    'web.enable-remote-write-receiver': 'false',
  },
  config: { yaml: CONFIG },
} as const;

/**
 * How many series there are, as `/api/v1/status/tsdb` shows it.
 *
 * @internal
 */
export function describeTsdb(
  simulation: Simulation,
  parameters: URLSearchParams,
  now: number,
) {
  const text = parameters.get('limit');
  const limit = text === null ? 10 : Number(text);
  if (!Number.isInteger(limit) || limit < 1) {
    throw new PromqlError('bad_data', 'limit must be a positive number');
  }
  const counts = new Map<string, number>();
  let pairs = 0;
  for (const workload of simulation.workloads()) {
    for (const family of METRIC_FAMILIES) {
      const { length } = createSeries(family, workload);
      counts.set(family.name, (counts.get(family.name) ?? 0) + length);
    }
    pairs += 8;
  }
  const seriesCountByMetricName = [...counts]
    .map(([name, value]) => ({ name, value }))
    .sort((left, right) => right.value - left.value);
  const numSeries = seriesCountByMetricName.reduce(
    (sum, { value }) => sum + value,
    0,
  );
  return {
    headStats: {
      numSeries,
      numLabelPairs: pairs,
      chunkCount: numSeries,
      minTime: now - 2 * 3600 * 1000,
      maxTime: now,
    },
    seriesCountByMetricName: seriesCountByMetricName.slice(0, limit),
    labelValueCountByLabelName: [],
    memoryInBytesByLabelName: [],
    seriesCountByLabelValuePair: [],
  };
}
