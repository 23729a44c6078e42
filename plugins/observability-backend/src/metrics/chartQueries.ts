import {
  promql,
  Promql,
  promqlDuration,
  promqlSelector,
} from '@waystone/integrations';
import type { LabelConditions } from '@waystone/integrations';
import type { ServiceMetricsPlace } from '../model/HealthModel';
import {
  conditionsOf,
  countExpression,
  quantileExpression,
  unite,
} from '../recipes/expressions';

/** What the queries of one service are made of. */
export interface ChartScope {
  readonly place: ServiceMetricsPlace;
  /** Over how long rates are taken, in seconds. */
  readonly window: number;
}

const NOTHING = Promql.trusted('');

/** The conditions that select the series of a service, by its recipe. */
export function ownConditions(
  place: ServiceMetricsPlace,
): LabelConditions | undefined {
  const { fleet, recipe, workload } = place;
  return (
    recipe &&
    conditionsOf(recipe, {
      ...(workload.labelled && {
        cluster: { label: fleet.clusterLabel, value: workload.cluster! },
      }),
      namespace: workload.namespace,
      service: workload.service,
    })
  );
}

/** Parts `requests` and `errors`, a second. */
export function requestsQuery(
  { place, window }: ChartScope,
  offset?: number,
): Promql | undefined {
  const { recipe } = place;
  const conditions = ownConditions(place);
  if (!recipe || !conditions) {
    return undefined;
  }
  return unite(
    (['requests', 'errors'] as const).flatMap(counted => {
      const expression = countExpression(recipe, {
        counted,
        by: NOTHING,
        seconds: window,
        conditions,
        offset,
      });
      return expression ? [[counted, expression] as const] : [];
    }),
  );
}

/** Parts `p50`, `p95` and `p99`, in seconds. */
export function durationsQuery(
  { place, window }: ChartScope,
  offset?: number,
  quantiles: readonly number[] = [0.5, 0.95, 0.99],
): Promql | undefined {
  const { recipe } = place;
  const conditions = ownConditions(place);
  if (!recipe || !conditions) {
    return undefined;
  }
  return unite(
    quantiles.flatMap(quantile => {
      const expression = quantileExpression(recipe, {
        quantile,
        by: undefined,
        seconds: window,
        conditions,
        offset,
      });
      return expression
        ? [[`p${Math.round(quantile * 100)}`, expression] as const]
        : [];
    }),
  );
}

/** The parts of {@link requestsQuery} and `p95`, of a while before. */
export function yesterdayQuery(
  scope: ChartScope,
  offset: number,
): Promql | undefined {
  const parts = [
    requestsQuery(scope, offset),
    durationsQuery(scope, offset, [0.95]),
  ].filter(part => part !== undefined);
  return parts.reduce<Promql | undefined>(
    (all, part) => (all ? promql`${all} or ${part}` : part),
    undefined,
  );
}

/**
 * What is around the requests: parts `cpu` and `memory` with their limits, of the container that uses the most of it, and
 * the alerts that fired, by name.
 */
export function contextQuery({ place, window }: ChartScope): Promql {
  const { fleet, workload } = place;
  const cluster: LabelConditions = workload.labelled
    ? { [fleet.clusterLabel]: workload.cluster }
    : {};
  const pods: LabelConditions = {
    ...cluster,
    namespace: workload.namespace,
    pod: { operator: '=~', value: podPattern(workload.service) },
  };
  const containers: LabelConditions = {
    ...pods,
    // The pod as a whole and the container that only holds its network are counted in the others.
    container: { operator: '!~', value: 'POD|' },
  };
  const limit = (resource: string) =>
    promql`max(${promqlSelector('kube_pod_container_resource_limits', {
      ...pods,
      resource,
    })})`;
  return unite([
    [
      'cpu',
      promql`max(rate(${promqlSelector(
        'container_cpu_usage_seconds_total',
        containers,
      )}[${promqlDuration(window)}]))`,
    ],
    [
      'memory',
      promql`max(${promqlSelector(
        'container_memory_working_set_bytes',
        containers,
      )})`,
    ],
    ['cpu-limit', limit('cpu')],
    ['memory-limit', limit('memory')],
    [
      'alerts',
      promql`max by (alertname) (${promqlSelector('ALERTS', {
        ...cluster,
        alertstate: 'firing',
        namespace: workload.namespace,
        service: workload.service,
      })})`,
    ],
  ])!;
}

/** The pods of a Deployment, a StatefulSet or a DaemonSet of this name. */
function podPattern(name: string): string {
  const literal = name.replaceAll(/[\\.+*?()|[\]{}^$]/g, '\\$&');
  return `${literal}(-[a-z0-9]{1,10})?-[a-z0-9]{5}|${literal}-[0-9]{1,4}`;
}
