import type {
  Alert,
  AlertsQuery,
  AlertsResponse,
} from '@waystone/plugin-observability-common';
import { count } from '../model/listServices';

/** Filters and counts the alerts that the caller may see. */
export function listAlerts(
  alerts: readonly Alert[],
  query: AlertsQuery,
): Omit<AlertsResponse, 'freshness'> {
  const { environment, owner, q, severity, state } = query;
  const items = alerts.filter(
    alert =>
      (!owner || owner.includes(alert.owner ?? '')) &&
      (!environment || environment.includes(alert.environment ?? '')) &&
      (!severity || severity.includes(alert.severity)) &&
      (!state || state.includes(alert.state)) &&
      (!q || textOf(alert).includes(q.toLocaleLowerCase('en-US'))),
  );
  return {
    items,
    totalItems: items.length,
    facets: {
      owners: count(alerts, alert => alert.owner),
      environments: count(alerts, alert => alert.environment),
    },
  };
}

function textOf({ name, summary, title }: Alert): string {
  return [name, title, summary].join('\n').toLocaleLowerCase('en-US');
}
