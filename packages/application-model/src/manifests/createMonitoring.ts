import type { ResolvedApplication } from '../resolve/ResolvedApplication';
import { createDashboard } from './createDashboard';
import { createRuleGroups } from './createRuleGroups';
import { metadataOf } from './Draft';
import type { Draft } from './Draft';

/** Says Prometheus where the metrics are. */
export function createServiceMonitor(
  resolved: ResolvedApplication,
): Draft | undefined {
  const { monitoring, selector } = resolved;
  if (!monitoring) {
    return undefined;
  }
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'ServiceMonitor',
    metadata: metadataOf(resolved),
    spec: {
      selector: { matchLabels: selector },
      endpoints: [
        {
          port: monitoring.port.name,
          path: monitoring.path,
          interval: monitoring.interval,
        },
      ],
    },
  };
}

/** What is recorded and alerted on. */
export function createPrometheusRule(
  resolved: ResolvedApplication,
): Draft | undefined {
  const { monitoring, objectives } = resolved;
  if (!monitoring || !objectives) {
    return undefined;
  }
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: metadataOf(resolved),
    spec: { groups: createRuleGroups(resolved, monitoring, objectives) },
  };
}

/** The ConfigMap from which Grafana's sidecar takes the dashboard. */
export function createDashboardConfigMap(
  resolved: ResolvedApplication,
): Draft | undefined {
  const { application, layers, monitoring, name, system } = resolved;
  const annotation =
    application.metadata.annotations?.['waystone.dev/dashboards'];
  const dashboards = layers.pick<string[]>('dashboards')?.value ?? [];
  const wanted =
    layers.isOwn('dashboards') || annotation === undefined
      ? dashboards.includes('standard')
      : annotation === 'standard';
  if (!monitoring || !wanted) {
    return undefined;
  }
  const metadata = metadataOf(resolved, { grafana_folder: system });
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      ...metadata,
      name: `${name}-dashboard`,
      labels: { ...metadata.labels, grafana_dashboard: '1' },
    },
    data: {
      [`${name}.json`]: `${JSON.stringify(
        createDashboard(resolved, monitoring),
        undefined,
        2,
      )}\n`,
    },
  };
}
