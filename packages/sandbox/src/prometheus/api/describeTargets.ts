import { applicationLabels, SCRAPE_INTERVAL } from '../series/MetricFamily';
import type { Simulation } from '../series/Simulation';
import { covers } from '../series/WorkloadRecord';
import { hashText } from '../series/hashText';

/**
 * The pods that are scraped, as `/api/v1/targets` shows them.
 *
 * @internal
 */
export function describeTargets(
  simulation: Simulation,
  parameters: URLSearchParams,
  now: number,
) {
  const state = (parameters.get('state') ?? 'any').toLowerCase();
  const wantedPool = parameters.get('scrapePool') ?? '';
  const active = ['any', 'active'].includes(state)
    ? [...activeTargets(simulation, wantedPool, now)]
    : [];
  return {
    activeTargets: active,
    droppedTargets: [],
    droppedTargetCounts: ['any', 'dropped'].includes(state) ? {} : null,
  };
}

function* activeTargets(
  simulation: Simulation,
  wantedPool: string,
  now: number,
) {
  for (const { record } of simulation.workloads()) {
    const scrapePool = `serviceMonitor/${record.namespace}/${record.name}/0`;
    if (wantedPool && wantedPool !== scrapePool) {
      continue;
    }
    for (const pod of record.pods.filter(candidate => covers(candidate, now))) {
      const labels = applicationLabels(record, pod);
      const up = pod.runs.some(run => covers(run, now));
      const scrapeUrl = `http://${labels.instance}/metrics`;
      const offset = Math.floor(hashText(`pod ${pod.uid}`) * SCRAPE_INTERVAL);
      const lastScrape =
        Math.floor((now - offset) / SCRAPE_INTERVAL) * SCRAPE_INTERVAL + offset;
      yield {
        discoveredLabels: {
          __address__: labels.instance,
          __metrics_path__: '/metrics',
          __scheme__: 'http',
          __scrape_interval__: `${SCRAPE_INTERVAL / 1000}s`,
          __scrape_timeout__: '10s',
          __meta_kubernetes_namespace: record.namespace,
          __meta_kubernetes_pod_name: pod.name,
          __meta_kubernetes_service_name: record.service,
          job: scrapePool,
        },
        labels,
        scrapePool,
        scrapeUrl,
        globalUrl: scrapeUrl,
        lastError: up
          ? ''
          : `Get "${scrapeUrl}": dial tcp ${labels.instance}: connect: connection refused`,
        lastScrape: new Date(lastScrape).toISOString(),
        lastScrapeDuration: 0.002 + 0.004 * hashText(pod.uid),
        health: up ? 'up' : 'down',
        scrapeInterval: `${SCRAPE_INTERVAL / 1000}s`,
        scrapeTimeout: '10s',
      };
    }
  }
}
